// Thermal pictures of pipes with their truth: a folder with truth.jsonl, or generated ones under a name,
// `scene:laboratory`, `scene:wide,seed=1000,count=300`, `scene:hard` (pipeline/scenes/thermal.h). Thread: bound to its owner.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/ingest/reader.h"

namespace lynceus::tools {

/// What truth.jsonl says of a picture: what it shows, and how the camera is set up.
struct PipesTruth {
  std::string file, kind;
  std::vector<std::string> sets;  ///< roi, scale.… as --set takes them
};

class PipesDataset {
 public:
  virtual ~PipesDataset() = default;
  virtual std::size_t size() const = 0;
  virtual const PipesTruth& truth(std::size_t i) = 0;
  /// Throws Error (Exit::unreadable).
  virtual ingest::Picture picture(std::size_t i) = 0;
};

/// Throws Error: Exit::unreadable for a folder without truth.jsonl, Exit::usage for a wrong scene.
std::unique_ptr<PipesDataset> open_pipes_dataset(const std::string& name);

}  // namespace lynceus::tools
