#include "pipeline/infer/manifest.h"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace lynceus::infer {
namespace {

constexpr std::size_t kLargestManifest = 64 << 10;
constexpr std::size_t kMostSizes = 8;
constexpr int kLargestBatch = 64;

[[noreturn]] void wrong(const std::filesystem::path& path, const std::string& why) {
  throw std::runtime_error("cannot read model manifest: " + path.string() + ": " + why);
}

std::string read_text(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(kLargestManifest + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.size() > kLargestManifest) wrong(path, "larger than 64 KiB");
  return text;
}

int batch_size(const nlohmann::json& value, const std::filesystem::path& path) {
  if (!value.is_number_integer() || value < 1 || value > kLargestBatch) {
    wrong(path, "batch_sizes must be whole numbers from 1 to 64");
  }
  return value.get<int>();
}

}  // namespace

std::vector<int> manifest_batch_sizes(const std::string& model_path) {
  const auto path = std::filesystem::path(model_path).replace_extension(".json");
  std::error_code failed;
  if (!std::filesystem::is_regular_file(path, failed)) return {1};
  const auto manifest = nlohmann::json::parse(read_text(path), nullptr, false);
  if (!manifest.is_object()) wrong(path, "not a JSON object");
  std::vector<int> sizes{1};
  if (const auto found = manifest.find("batch_sizes"); found != manifest.end()) {
    if (!found->is_array() || found->size() > kMostSizes) wrong(path, "batch_sizes must be a list of at most 8 numbers");
    for (const auto& value : *found) sizes.push_back(batch_size(value, path));
  }
  std::sort(sizes.begin(), sizes.end());
  sizes.erase(std::unique(sizes.begin(), sizes.end()), sizes.end());
  return sizes;
}

}  // namespace lynceus::infer
