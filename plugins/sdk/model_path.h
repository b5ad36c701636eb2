// Where a network that a plugin knows by its file name lies: the operator's folder first, then the program's own.
//
//   const std::string file = sdk::model_path(services.camera().model_dirs, "people.onnx");
//
// Any thread.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <system_error>

namespace lynceus::sdk {

/// The first folder that holds it; where none does, in the first, so that a refusal names the place where it belongs.
inline std::string model_path(std::span<const std::string> folders, std::string_view file) {
  if (folders.empty()) return std::string(file);
  for (const std::string& folder : folders) {
    const std::filesystem::path path = std::filesystem::path(folder) / file;
    std::error_code error;
    if (std::filesystem::is_regular_file(path, error)) return path.string();
  }
  return (std::filesystem::path(folders.front()) / file).string();
}

}  // namespace lynceus::sdk
