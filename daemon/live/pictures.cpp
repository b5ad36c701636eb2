#include "daemon/live/pictures.h"

#include <chrono>
#include <exception>
#include <utility>

#include "base/cpu_time.h"
#include "base/log.h"
#include "daemon/live/draw.h"
#include "pipeline/picture/picture_io.h"

namespace lynceus::daemon {
namespace {

constexpr int kQuality = 80;

struct ViewOfPlugin {
  const PluginWord* word = nullptr;
  const sdk::View* view = nullptr;
};

ViewOfPlugin find_view(const CameraSnapshot& live, const std::string& view) {
  for (const PluginWord& word : live.plugins) {
    for (const auto& made : word.observations->views) {
      if (made.name == view && !made.picture.empty()) return {&word, &made};
    }
  }
  return {};
}

}  // namespace

Pictures::Pictures(LiveBoard& board, Clock& clock, Observer observer)
    : board_(board), clock_(clock), observer_(std::move(observer)) {}

void Pictures::add(const std::string& camera, Veil veil) {
  std::lock_guard lock(mutex_);
  albums_[camera] = Album{std::move(veil), {}};
}

void Pictures::remove(const std::string& camera) {
  std::lock_guard lock(mutex_);
  albums_.erase(camera);
}

Pictures::Wanted Pictures::slot_of(const std::string& camera, const std::string& view) {
  std::lock_guard lock(mutex_);
  const auto album = albums_.find(camera);
  if (album == albums_.end()) return {};
  auto& slot = album->second.slots[view];
  if (!slot) slot = std::make_shared<Slot>();
  return {slot, album->second.veil};
}

JpegPtr Pictures::newest(const std::string& camera, const std::string& view) {
  const bool of_plugin = view != "raw" && view != "overlay";
  if (of_plugin) board_.want(camera, view);
  const SnapshotPtr live = board_.newest(camera);
  if (!live) return nullptr;
  const ViewOfPlugin made = of_plugin ? find_view(*live, view) : ViewOfPlugin{};
  if (of_plugin && made.view == nullptr) return nullptr;
  const std::uint64_t version = of_plugin ? made.word->version : live->version;

  const Wanted wanted = slot_of(camera, view);
  if (!wanted.slot) return nullptr;
  std::lock_guard lock(wanted.slot->mutex);
  if (wanted.slot->jpeg && wanted.slot->jpeg->version >= version) return wanted.slot->jpeg;
  const cv::Mat picture = of_plugin           ? picture_view(*live, *made.word, *made.view, wanted.veil)
                          : view == "overlay" ? picture_overlay(*live, wanted.veil)
                                              : picture_raw(*live, wanted.veil);
  const WallTime captured = of_plugin ? made.word->at : live->frame->captured_wall();
  if (JpegPtr jpeg = encode(camera, picture, version, captured)) wanted.slot->jpeg = std::move(jpeg);
  return wanted.slot->jpeg;
}

JpegPtr Pictures::encode(const std::string& camera, const cv::Mat& picture, std::uint64_t version, WallTime captured) {
  const MonoTime begin = clock_.now();
  const double cpu_begin = thread_cpu_seconds();
  try {
    auto jpeg = std::make_shared<Jpeg>();
    jpeg->bytes = picture::encode_jpeg(picture, kQuality);
    jpeg->version = version;
    jpeg->captured = captured;
    ++encodes_;
    if (observer_) {
      const double seconds = std::chrono::duration<double>(clock_.now() - begin).count();
      observer_(camera, seconds, thread_cpu_seconds() - cpu_begin);
    }
    return jpeg;
  } catch (const std::exception& e) {
    log::debug("pictures", "cannot be encoded", {{"camera", camera}, {"why", e.what()}});
    return nullptr;
  }
}

}  // namespace lynceus::daemon
