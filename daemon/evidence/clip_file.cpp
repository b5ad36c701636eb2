#include "daemon/evidence/clip_file.h"

#include <gst/gst.h>

#include <algorithm>
#include <utility>

namespace lynceus::daemon {
namespace {

constexpr std::int64_t kFragment = kTicks;

std::int64_t ticks_of(std::chrono::nanoseconds time) {
  return time.count() / 100'000 * 9 + time.count() % 100'000 * 9 / 100'000;
}

/// A buffer's bytes for as long as it is looked at.
class Mapped {
 public:
  explicit Mapped(std::shared_ptr<GstBuffer> buffer) : buffer_(std::move(buffer)) {
    held_ = gst_buffer_map(buffer_.get(), &map_, GST_MAP_READ);
  }
  ~Mapped() {
    if (held_) gst_buffer_unmap(buffer_.get(), &map_);
  }
  Mapped(const Mapped&) = delete;
  Mapped& operator=(const Mapped&) = delete;
  std::span<const std::uint8_t> bytes() const {
    return held_ ? std::span<const std::uint8_t>(map_.data, map_.size) : std::span<const std::uint8_t>();
  }

 private:
  const std::shared_ptr<GstBuffer> buffer_;
  GstMapInfo map_{};
  bool held_ = false;
};

}  // namespace

ClipFile::ClipFile(std::shared_ptr<const ingest::EncodedFormat> format, Append append)
    : format_(std::move(format)), append_(std::move(append)), mp4_(*format_) {}

bool ClipFile::begin() { return append_(mp4_.header()); }

bool ClipFile::add(const ingest::EncodedUnit& unit) {
  const std::int64_t shown = ticks_of(unit.pts);
  if (pictures_ == 0) {
    if (!unit.key) return true;
    key_shown_ = shown;
  } else if (shown < key_shown_) {
    return true;
  }
  ++pictures_;
  times_.push(shown);
  untimed_.push_back({unit, shown, 0});
  time_what_can_be();
  return write_fragments(false);
}

void ClipFile::time_what_can_be() {
  while (const auto dts = times_.pop()) {
    untimed_.front().dts = *dts;
    timed_.push_back(std::move(untimed_.front()));
    untimed_.pop_front();
  }
}

bool ClipFile::end() {
  times_.end();
  time_what_can_be();
  return write_fragments(true);
}

/// The length of a picture is told by the next one: the newest stays until there is one.
bool ClipFile::write_fragments(bool all) {
  for (;;) {
    const auto full = std::find_if(timed_.begin(), timed_.end(),
                                   [&](const Timed& picture) { return picture.dts >= timed_.front().dts + kFragment; });
    if (full == timed_.end()) break;
    if (!write(static_cast<std::size_t>(full - timed_.begin()))) return false;
  }
  return !all || timed_.empty() || write(timed_.size());
}

bool ClipFile::write(std::size_t count) {
  std::deque<Mapped> maps;
  std::vector<Mp4Sample> samples;
  for (std::size_t i = 0; i < count; ++i) {
    const Timed& picture = timed_[i];
    maps.emplace_back(picture.unit.data);
    if (i + 1 < timed_.size()) lasted_ = timed_[i + 1].dts - picture.dts;
    samples.push_back({maps.back().bytes(), picture.dts, picture.shown - times_.origin() + times_.later() - picture.dts,
                       lasted_, picture.unit.key});
    length_ = std::max(length_, picture.shown - times_.origin() + times_.later() + lasted_);
  }
  const bool good = append_(mp4_.fragment(samples));
  timed_.erase(timed_.begin(), timed_.begin() + static_cast<std::ptrdiff_t>(count));
  return good;
}

}  // namespace lynceus::daemon
