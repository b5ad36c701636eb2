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

bool names(const nlohmann::json& model, const std::string& file) {
  const auto files = model.is_object() ? model.find("files") : model.end();
  if (files == model.end() || !files->is_array()) return false;
  return std::any_of(files->begin(), files->end(), [&](const auto& one) {
    const auto name = one.is_object() ? one.find("file") : one.end();
    return name != one.end() && name->is_string() && *name == file;
  });
}

/// The model's own words: its manifest, or its entry in the folder's list; null: there are none.
nlohmann::json words_of(const std::filesystem::path& manifest, const std::filesystem::path& list,
                        const std::string& file) {
  std::error_code failed;
  if (std::filesystem::is_regular_file(manifest, failed)) {
    auto own = nlohmann::json::parse(read_text(manifest), nullptr, false);
    if (!own.is_object()) wrong(manifest, "not a JSON object");
    return own;
  }
  if (!std::filesystem::is_regular_file(list, failed) || std::filesystem::file_size(list, failed) > kLargestManifest) {
    return nullptr;  // whatever it is, it is not about this model
  }
  const auto all = nlohmann::json::parse(read_text(list), nullptr, false);
  const auto models = all.is_object() ? all.find("models") : all.end();
  if (models == all.end() || !models->is_array()) return nullptr;
  const auto entry =
      std::find_if(models->begin(), models->end(), [&](const auto& model) { return names(model, file); });
  return entry == models->end() ? nlohmann::json(nullptr) : *entry;
}

}  // namespace

std::vector<int> manifest_batch_sizes(const std::string& model_path, bool accelerator) {
  const std::filesystem::path model(model_path);
  const auto own = std::filesystem::path(model).replace_extension(".json");
  const auto list = accelerator ? model.parent_path() / "manifest.json" : std::filesystem::path();
  const auto manifest = words_of(own, list, model.filename().string());
  std::error_code failed;
  const auto& path = std::filesystem::exists(own, failed) ? own : list;
  std::vector<int> sizes{1};
  if (!manifest.is_object()) return sizes;
  if (const auto found = manifest.find("batch_sizes"); found != manifest.end()) {
    if (!found->is_array() || found->size() > kMostSizes)
      wrong(path, "batch_sizes must be a list of at most 8 numbers");
    for (const auto& value : *found) sizes.push_back(batch_size(value, path));
  }
  std::sort(sizes.begin(), sizes.end());
  sizes.erase(std::unique(sizes.begin(), sizes.end()), sizes.end());
  return sizes;
}

}  // namespace lynceus::infer
