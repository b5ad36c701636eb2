#include "config/state_directory.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <system_error>

#include "config/config.h"
#include "config/substitute.h"
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
  Problems problems;
  std::string text;
  try {
    text = read_bounded(file, kMaxFileBytes);
  } catch (const std::runtime_error& error) {
    throw ConfigError(file, error.what());
  }
  const auto root = parse_yaml(text, file, problems);
  problems.raise();
  Problems quiet;  // the daemon finds them when it loads
  std::error_code error;
  Walker walker(quiet, std::filesystem::absolute(file, error).parent_path().string(), file, nullptr);
  Config config;
  Target target{.config = &config};
  if (const Node* node = root->find("storage")) walker.section(storage_rows(), *node, target, "storage");
  if (!config.storage.directory.empty()) return config.storage.directory;
  const char* given = std::getenv("STATE_DIRECTORY");
  const std::string all = given != nullptr ? given : "";
  return all.empty() ? "lynceus-state" : all.substr(0, all.find(':'));
}

}  // namespace lynceus::config
