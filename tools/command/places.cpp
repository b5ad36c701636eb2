#include "tools/command/places.h"

#include <filesystem>
#include <system_error>
#include <vector>

#include "base/error.h"

namespace lynceus::tools {
namespace {

namespace fs = std::filesystem;

fs::path beside_program(const std::string& below) {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  return error ? fs::path() : (program.parent_path() / below).lexically_normal();
}

bool is_folder(const fs::path& path) {
  std::error_code error;
  return !path.empty() && fs::is_directory(path, error);
}

std::string first_folder(const std::vector<fs::path>& candidates) {
  for (const fs::path& path : candidates) {
    if (is_folder(path)) return path.string();
  }
  return {};
}

}  // namespace

std::string plugins_at(const std::string& given) {
  if (!given.empty()) {
    if (is_folder(given)) return given;
    throw Error(Exit::usage, "plugins", given, "no such folder");
  }
  const std::string found = first_folder({beside_program("../plugins"), beside_program(LYNCEUS_INSTALLED_PLUGINS)});
  if (found.empty())
    throw Error(Exit::usage, "plugins", beside_program(LYNCEUS_INSTALLED_PLUGINS).string(),
                "no such folder; say --plugins DIR");
  return found;
}

std::string models_at(const std::string& given) {
  if (!given.empty()) return given;
  return first_folder(
      {beside_program("../models"), beside_program("../../../models"), beside_program(LYNCEUS_INSTALLED_MODELS)});
}

std::vector<std::string> model_folders(const std::string& given) {
  std::vector<std::string> all;
  if (!given.empty()) all.push_back(given);
  if (const std::string own = models_at(""); !own.empty()) all.push_back(own);
  return all;
}

}  // namespace lynceus::tools
