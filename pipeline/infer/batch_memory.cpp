#include "pipeline/infer/batch_memory.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <set>

namespace lynceus::infer {
namespace {

constexpr int kMostBlocks = 6;
constexpr int kMostInBlock = 16 << 20;  // floats: 64 MiB
constexpr std::size_t kMostDims = 8;

/// 0: no sensible input, or a very large one.
int count_of(const std::vector<int>& dims) {
  if (dims.size() < 2 || dims.size() > kMostDims || dims[0] != 1) return 0;
  std::int64_t count = 1;
  for (const int d : dims) {
    if (d < 1) return 0;
    count *= d;
    if (count > kMostInBlock) return 0;
  }
  return static_cast<int>(count);
}

/// Nobody but its keeper holds it. The counter is others' to change.
bool is_free(const cv::Mat& memory) { return memory.u != nullptr && CV_XADD(&memory.u->refcount, 0) == 1; }

/// Rows of a block, as a tensor of the given dimensions.
cv::Mat tensor_of(const cv::Mat& all, int first, int count, const std::vector<int>& dims) {
  return all.colRange(first, first + count).reshape(1, static_cast<int>(dims.size()), dims.data());
}

std::vector<int> with_first(std::vector<int> dims, int first) {
  dims[0] = first;
  return dims;
}

std::vector<int> dims_of(const cv::Mat& tensor) { return {tensor.size.p, tensor.size.p + tensor.dims}; }

}  // namespace

void BatchMemory::use(MakeMemory make, int largest) {
  std::vector<Block> blocks;  // they go without the lock: a device that is lost takes its time
  std::map<std::pair<int, std::size_t>, cv::Mat> copies;
  std::lock_guard lock(mutex_);
  make_ = std::move(make);
  largest_ = std::max(1, largest);
  blocks_.swap(blocks);
  copies_.swap(copies);
}

void BatchMemory::grow(int largest) {
  std::lock_guard lock(mutex_);
  largest_ = std::max(largest_, largest);
}

cv::Mat BatchMemory::slot(const std::vector<int>& dims) {
  const int count = count_of(dims);
  if (count == 0) return cv::Mat(dims, CV_32F);
  std::lock_guard lock(mutex_);
  Block& block = open_block(dims, count);
  return tensor_of(block.all, count * block.given++, count, dims);
}

/// With the mutex held: one with room for a slot of these dimensions. Only the last can be open.
BatchMemory::Block& BatchMemory::open_block(const std::vector<int>& dims, int count) {
  if (!blocks_.empty() && blocks_.back().open) {
    if (blocks_.back().dims == dims && blocks_.back().given < blocks_.back().room) return blocks_.back();
    blocks_.back().open = false;
  }
  const int room = std::clamp(kMostInBlock / count, 1, largest_);
  const auto unused = std::find_if(blocks_.begin(), blocks_.end(), [&](const Block& block) {
    const int there = block.all.cols;
    return is_free(block.all) && there >= count * room && there / 4 <= count * room;
  });
  Block block{{}, dims, 0, room, true};
  if (unused != blocks_.end()) {
    block.all = unused->all;
    blocks_.erase(unused);
  } else {
    if (blocks_.size() >= kMostBlocks) blocks_.erase(blocks_.begin());
    block.all = make(count * room);
  }
  blocks_.push_back(std::move(block));
  return blocks_.back();
}

cv::Mat BatchMemory::make(int count) const {
  cv::Mat made = make_ ? make_(count) : cv::Mat();
  return made.empty() ? cv::Mat(1, count, CV_32F) : made;
}

/// With the mutex held. The rows of the batch must be its own parts and such as were never given to anybody.
bool BatchMemory::in_place(const std::vector<const Tensors*>& parts, int size, Batch& batch) {
  const cv::Mat& one = parts.front()->front();
  const auto block = std::find_if(blocks_.begin(), blocks_.end(), [&](const Block& b) { return b.all.u == one.u; });
  if (block == blocks_.end() || one.u == nullptr) return false;
  block->open = false;
  if (parts.front()->size() != 1) return false;
  const auto count = static_cast<int>(one.total());
  for (const Tensors* part : parts) {
    if (part->front().u != one.u) return false;
    batch.rows.push_back(static_cast<int>((part->front().ptr<float>() - block->all.ptr<float>()) / count));
  }
  const std::set<int> mine(batch.rows.begin(), batch.rows.end());
  const int first = *mine.begin(), end = first + size;
  const int given = std::min(end, block->given) - first;
  if (given != static_cast<int>(mine.size()) || *mine.rbegin() >= end || end > block->room) return false;
  for (int& row : batch.rows) row -= first;
  if (end > block->given) block->all.colRange(count * block->given, count * end).setTo(0);
  batch.inputs = {tensor_of(block->all, count * first, count * size, with_first(dims_of(one), size))};
  return true;
}

BatchMemory::Batch BatchMemory::gather(const std::vector<const Tensors*>& parts, int size) {
  Batch batch;
  std::lock_guard lock(mutex_);
  if (in_place(parts, size, batch)) return batch;
  if (size == 1) return {*parts.front(), {0}};
  ++copied_;
  batch.rows.resize(parts.size());
  std::iota(batch.rows.begin(), batch.rows.end(), 0);
  for (std::size_t i = 0; i < parts.front()->size(); ++i) {
    const cv::Mat& one = (*parts.front())[i];
    const auto count = static_cast<int>(one.total());
    cv::Mat& all = copies_[{size, i}];
    if (all.cols < count * size) all = make(count * size);
    auto* to = all.ptr<float>();
    for (const Tensors* part : parts) to = std::copy_n((*part)[i].ptr<float>(), count, to);
    std::fill(to, all.ptr<float>() + std::ptrdiff_t{count} * size, 0.0F);
    batch.inputs.push_back(tensor_of(all, 0, count * size, with_first(dims_of(one), size)));
  }
  return batch;
}

int BatchMemory::blocks() const {
  std::lock_guard lock(mutex_);
  return static_cast<int>(blocks_.size());
}

int BatchMemory::copies() const {
  std::lock_guard lock(mutex_);
  return copied_;
}

}  // namespace lynceus::infer
