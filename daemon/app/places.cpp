#include "daemon/app/places.h"

#include <filesystem>
#include <initializer_list>
#include <system_error>

namespace lynceus::daemon {
namespace {

namespace fs = std::filesystem;

fs::path program_directory() {
  std::error_code error;
  return fs::read_symlink("/proc/self/exe", error).parent_path();
}

/// The first that is a directory; the last when none is.
std::string first_there(std::initializer_list<fs::path> candidates) {
  fs::path last;
  for (const fs::path& candidate : candidates) {
    std::error_code error;
    last = candidate.lexically_normal();
    if (fs::is_directory(last, error)) break;
  }
  return last.string();
}

}  // namespace

std::string plugin_directory(const std::string& configured) {
  if (!configured.empty()) return configured;
  return first_there({program_directory() / "../plugins", program_directory() / ".." / LYNCEUS_PLUGIN_DIR});
}

std::vector<std::string> model_directories(const std::string& configured) {
  std::vector<std::string> all;
  if (!configured.empty()) all.push_back(configured);
  all.push_back(first_there({program_directory() / "../models", program_directory() / "../../../models",
                             program_directory() / ".." / LYNCEUS_MODELS_DIR}));
  return all;
}

}  // namespace lynceus::daemon
