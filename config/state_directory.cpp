#include "config/state_directory.h"

#include <algorithm>
#include <filesystem>
#include <stdexcept>
#include <system_error>

#include "base/state_directory.h"
#include "config/config.h"
#include "config/tables.h"
#include "config/walker.h"
#include "config/yaml_tree.h"

namespace lynceus::config {
namespace {

const std::vector<Row>& storage_rows() {
  const auto& rows = root_table().rows;
  const auto found = std::find_if(rows.begin(), rows.end(), [](const Row& row) { return row.key == "storage"; });
  if (found == rows.end()) throw std::logic_error("no storage");
  return found->rows;
}

}  // namespace

std::string state_directory(const std::string& file) {
  const Node root = read_yaml(file);
  Problems quiet;  // the daemon finds them when it loads
  std::error_code error;
  Walker walker(quiet, std::filesystem::absolute(file, error).parent_path().string(), file, nullptr);
  Config config;
  Target target{.config = &config};
  if (const Node* node = root.find("storage")) walker.section(storage_rows(), *node, target, "storage");
  return config.storage.directory.empty() ? default_state_directory() : config.storage.directory;
}

}  // namespace lynceus::config
