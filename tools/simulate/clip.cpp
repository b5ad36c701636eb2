#include "tools/simulate/clip.h"

#include <algorithm>
#include <cmath>

namespace lynceus::tools {

const char* codec_name(Codec codec) {
  switch (codec) {
    case Codec::h264:
      return "h264";
    case Codec::h265:
      return "h265";
    case Codec::mjpeg:
      return "mjpeg";
  }
  return "h264";
}

std::size_t Clip::key_at_or_before(std::size_t i) const {
  for (i = std::min(i, units.size() - 1); i > 0; --i)
    if (units[i].key) return i;
  return 0;
}

void Clip::append(std::span<const std::byte> unit_bytes, bool key, std::int64_t shown_after_ns) {
  units.push_back({bytes.size(), unit_bytes.size(), shown_after_ns, key});
  bytes.insert(bytes.end(), unit_bytes.begin(), unit_bytes.end());
}

std::string caps_of(const Clip& clip) {
  const auto rate = ",framerate=(fraction)" + std::to_string(std::lround(clip.fps * 1000)) + "/1000";
  if (clip.codec == Codec::h264) return "video/x-h264,stream-format=byte-stream,alignment=au" + rate;
  if (clip.codec == Codec::h265) return "video/x-h265,stream-format=byte-stream,alignment=au" + rate;
  return "image/jpeg,parsed=true,width=" + std::to_string(clip.width) + ",height=" + std::to_string(clip.height) + rate;
}

}  // namespace lynceus::tools
