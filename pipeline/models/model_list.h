// The networks this project knows: what their files are called, how long they are, their SHA-256, whose they are.
//
// models/manifest.json is built in; another one is read from a file. Nothing of it is trusted: names are plain, sums
// are sums, sizes bounded. Thread: any (immutable).
//
//   const ModelList& list = ModelList::built_in();
//   if (const auto known = list.file("yolox_nano.onnx"); known.file) check(known.file->sha256);
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lynceus::models {

inline constexpr std::uint64_t kLargestFile = std::uint64_t{512} << 20;

struct ModelFile {
  std::string name;  ///< in the folder of models; no path
  std::uint64_t bytes = 0;
  std::string sha256;  ///< 64 small digits
  std::string url;     ///< where it was published, https; empty: shipped with the project
};

/// One network of one file or more.
struct Model {
  std::string name;
  std::string decoder;  ///< the option `detector` that reads its outputs; empty: none does
  int width = 0, height = 0;
  std::vector<int> batch_sizes;
  std::string licence, source, note;
  std::vector<ModelFile> files;
};

class ModelList {
 public:
  static const ModelList& built_in();
  /// Throws std::runtime_error with what is wrong.
  static ModelList parse(std::string_view text);
  /// The same for a file of at most 1 MiB.
  static ModelList read(const std::string& path);

  const std::vector<Model>& models() const { return models_; }
  const Model* find(std::string_view name) const;
  struct Known {
    const Model* model = nullptr;
    const ModelFile* file = nullptr;  ///< null: no such file
  };
  Known file(std::string_view name) const;

 private:
  std::vector<Model> models_;
};

}  // namespace lynceus::models
