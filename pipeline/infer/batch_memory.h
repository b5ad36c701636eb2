// The memory in which batches lie: made once, page-locked where the device wants that, and used again.
//
// A caller fills a slot; slots given one after the other lie side by side, so that those who wait together are a batch
// where they lie, without a copy. Where others lie between them, or are being filled, the batch is copied into memory
// of its own. A slot is somebody's as long as somebody holds it. Owner: an executor. Thread: any.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <opencv2/core.hpp>
#include <utility>
#include <vector>

#include "pipeline/infer/batch.h"

namespace lynceus::infer {

/// One row of so many floats; empty: ordinary memory.
using MakeMemory = std::function<cv::Mat(int count)>;

class BatchMemory {
 public:
  /// From now on memory is made so, for batches of at most so many; what there was goes with its last user.
  void use(MakeMemory make, int largest);
  /// Larger batches have come.
  void grow(int largest);
  /// For one input, 1×C×H×W; its numbers are undefined.
  cv::Mat slot(const std::vector<int>& dims);

  struct Batch {
    Tensors inputs;
    std::vector<int> rows;  ///< where each part is
  };
  /// A batch of `size` from at most so many requests of equal shapes; rows that are nobody's are zero. There until the
  /// next call.
  Batch gather(const std::vector<const Tensors*>& parts, int size);

  int blocks() const;
  int copies() const;  ///< batches that had to be copied

 private:
  struct Block {
    cv::Mat all;              // one row
    std::vector<int> dims;    // of a slot
    int given = 0, room = 0;  // slots
    bool open = false;
  };
  Block& open_block(const std::vector<int>& dims, int count);
  bool in_place(const std::vector<const Tensors*>& parts, int size, Batch& batch);
  cv::Mat make(int count) const;

  mutable std::mutex mutex_;
  MakeMemory make_;                                        // guarded by mutex_
  int largest_ = 1;                                        // guarded by mutex_
  std::vector<Block> blocks_;                              // guarded by mutex_; the oldest first
  std::map<std::pair<int, std::size_t>, cv::Mat> copies_;  // guarded by mutex_; by batch size and input
  int copied_ = 0;                                         // guarded by mutex_
};

}  // namespace lynceus::infer
