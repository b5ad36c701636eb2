#include <cstddef>
#include <map>
#include <mutex>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "pipeline/host/analyzer_slot.h"

namespace lynceus::host {
namespace {

constexpr std::size_t kMaxCamera = std::size_t{16} << 20;

/// Self-synchronised; lives as long as the process that made it.
class MemoryState final : public StateStore {
 public:
  std::optional<std::vector<std::byte>> read(const std::string& camera, const std::string& plugin,
                                             const std::string& name) override {
    std::lock_guard lock(mutex_);
    const auto found = blobs_.find({camera, plugin, name});
    if (found == blobs_.end()) return std::nullopt;
    return found->second;
  }

  bool write(const std::string& camera, const std::string& plugin, const std::string& name,
             std::vector<std::byte> blob) override {
    std::lock_guard lock(mutex_);
    const Key key{camera, plugin, name};
    const auto old = blobs_.find(key);
    const std::size_t replaced = old == blobs_.end() ? 0 : old->second.size();
    std::size_t& used = used_[camera];
    if (blob.size() > kMaxCamera - (used - replaced)) return false;
    used = used - replaced + blob.size();
    blobs_[key] = std::move(blob);
    return true;
  }

 private:
  using Key = std::tuple<std::string, std::string, std::string>;
  std::mutex mutex_;
  std::map<Key, std::vector<std::byte>> blobs_;  // guarded by mutex_
  std::map<std::string, std::size_t> used_;      // bytes a camera; guarded by mutex_
};

}  // namespace

std::unique_ptr<StateStore> make_memory_state() { return std::make_unique<MemoryState>(); }

}  // namespace lynceus::host
