// One clip as it grows: coded pictures in, fragments of about a second out to a file, each by one write.
//
// Begins with a keyframe; pictures that are shown before it belong to a group that is not there and are left out. After
// a crash the file holds all but the last seconds. Owner: Evidence. Thread: bound to its owner.
//
//   ClipFile clip(format, [&](auto bytes) { return file.append(bytes); });
//   if (!clip.begin() || !clip.add(unit)) give_up();   …   clip.end();
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "daemon/evidence/decode_times.h"
#include "daemon/evidence/mp4.h"
#include "pipeline/ingest/encoded.h"

namespace lynceus::daemon {

class ClipFile {
 public:
  /// Appends to the file; false when it cannot.
  using Append = std::function<bool(std::span<const std::uint8_t> bytes)>;
  ClipFile(std::shared_ptr<const ingest::EncodedFormat> format, Append append);

  // False: the file cannot be written any more.
  bool begin();
  bool add(const ingest::EncodedUnit& unit);
  bool end();  ///< the rest; no more after it

  /// What belongs at `duration_at()` of the file now that it has ended.
  std::vector<std::uint8_t> duration() const { return Mp4::duration(length_); }
  std::size_t duration_at() const { return mp4_.duration_at(); }
  std::int64_t length_ticks() const { return length_; }
  bool empty() const { return pictures_ == 0; }

 private:
  struct Timed {
    ingest::EncodedUnit unit;
    std::int64_t shown = 0, dts = 0;
  };
  void time_what_can_be();
  bool write_fragments(bool all);
  bool write(std::size_t count);

  const std::shared_ptr<const ingest::EncodedFormat> format_;
  const Append append_;
  Mp4 mp4_;
  DecodeTimes times_;
  std::deque<Timed> untimed_, timed_;
  std::int64_t key_shown_ = 0;
  std::int64_t lasted_ = kTicks / 25;  // the last picture's own length is not known: as long as the one before
  std::int64_t length_ = 0;
  std::uint64_t pictures_ = 0;
};

}  // namespace lynceus::daemon
