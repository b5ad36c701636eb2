#include "tools/simulate/elementary.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>
#include <utility>
#include <vector>

#include "base/ascii.h"
#include "base/error.h"

namespace lynceus::tools {
namespace {

using Bytes = std::span<const std::byte>;

int at(Bytes bytes, std::size_t i) { return i < bytes.size() ? std::to_integer<int>(bytes[i]) : 0; }

/// What a NAL unit is to the cutting.
struct Nal {
  Bytes bytes;  ///< with its start code
  enum class Role { slice, first_slice, before, other } role = Role::other;
  bool parameters = false;  ///< sequence parameter set
};

Nal judge_h264(Bytes bytes, std::size_t header) {
  const int type = at(bytes, header) & 0x1f;
  Nal nal{bytes, Nal::Role::other, type == 7};
  // first_mb_in_slice is the first Exp-Golomb number: zero is a single 1 bit.
  if (type == 1 || type == 2 || type == 5)
    nal.role = (at(bytes, header + 1) & 0x80) ? Nal::Role::first_slice : Nal::Role::slice;
  if ((type >= 6 && type <= 9) || (type >= 14 && type <= 18)) nal.role = Nal::Role::before;
  return nal;
}

Nal judge_h265(Bytes bytes, std::size_t header) {
  const int type = (at(bytes, header) >> 1) & 0x3f;
  Nal nal{bytes, Nal::Role::other, type == 33};
  if (type < 32) nal.role = (at(bytes, header + 2) & 0x80) ? Nal::Role::first_slice : Nal::Role::slice;
  if ((type >= 32 && type <= 35) || type == 39) nal.role = Nal::Role::before;
  return nal;
}

/// Offsets of the start codes 00 00 01, with the zero byte before them.
std::vector<std::pair<std::size_t, std::size_t>> start_codes(Bytes stream) {
  std::vector<std::pair<std::size_t, std::size_t>> found;  // begin of the code, begin of the NAL's header
  for (std::size_t i = 0; i + 3 < stream.size(); ++i) {
    if (at(stream, i) || at(stream, i + 1) || at(stream, i + 2) != 1) continue;
    found.emplace_back(i > 0 && at(stream, i - 1) == 0 ? i - 1 : i, i + 3);
    i += 2;
  }
  return found;
}

Clip cut_nals(Bytes stream, Codec codec) {
  Clip clip;
  std::size_t begin = 0, end = 0;
  bool has_slice = false, has_parameters = false;
  const auto close = [&] {
    if (has_slice) clip.append(stream.subspan(begin, end - begin), has_parameters);
    if (has_slice) begin = end, has_slice = has_parameters = false;
  };
  const auto codes = start_codes(stream);
  if (!codes.empty()) begin = codes.front().first;
  for (std::size_t i = 0; i < codes.size(); ++i) {
    const auto [first, header] = codes[i];
    const auto bytes = stream.subspan(first, (i + 1 < codes.size() ? codes[i + 1].first : stream.size()) - first);
    const Nal nal = codec == Codec::h264 ? judge_h264(bytes, header - first) : judge_h265(bytes, header - first);
    end = first;
    if (nal.role == Nal::Role::first_slice || nal.role == Nal::Role::before) close();
    has_slice = has_slice || nal.role == Nal::Role::first_slice || nal.role == Nal::Role::slice;
    has_parameters = has_parameters || nal.parameters;
  }
  end = stream.size();
  close();
  return clip;
}

Clip cut_jpegs(Bytes stream) {
  Clip clip;
  std::size_t begin = 0;
  for (std::size_t i = 0; i + 1 < stream.size(); ++i)
    if (at(stream, i) == 0xff && at(stream, i + 1) == 0xd9)
      clip.append(stream.subspan(begin, i + 2 - begin), true), begin = i + 2;
  if (clip.units.empty() && !stream.empty()) clip.append(stream, true);
  return clip;
}

/// Width and height stand in the frame header of the first picture; the RTP format wants them told.
void find_jpeg_size(Clip& clip) {
  const auto bytes = clip.unit(0);
  for (std::size_t i = 0; i + 8 < bytes.size(); ++i) {
    const int marker = at(bytes, i + 1);
    if (at(bytes, i) != 0xff || marker < 0xc0 || marker > 0xc2) continue;
    clip.height = at(bytes, i + 5) << 8 | at(bytes, i + 6);
    clip.width = at(bytes, i + 7) << 8 | at(bytes, i + 8);
    return;
  }
}

}  // namespace

std::optional<Codec> elementary_codec(const std::string& path) {
  static constexpr std::array<std::pair<std::string_view, Codec>, 13> table{{{".264", Codec::h264},
                                                                             {".h264", Codec::h264},
                                                                             {".avc", Codec::h264},
                                                                             {".26l", Codec::h264},
                                                                             {".jsv", Codec::h264},
                                                                             {".jvt", Codec::h264},
                                                                             {".265", Codec::h265},
                                                                             {".h265", Codec::h265},
                                                                             {".hevc", Codec::h265},
                                                                             {".mjpeg", Codec::mjpeg},
                                                                             {".mjpg", Codec::mjpeg},
                                                                             {".jpg", Codec::mjpeg},
                                                                             {".jpeg", Codec::mjpeg}}};
  const std::string suffix = ascii::lower(std::filesystem::path(path).extension().string());
  for (const auto& [name, codec] : table)
    if (suffix == name) return codec;
  return std::nullopt;
}

Clip cut_elementary(Bytes stream, Codec codec, const std::string& where) {
  Clip clip = codec == Codec::mjpeg ? cut_jpegs(stream) : cut_nals(stream, codec);
  if (clip.units.empty()) throw Error(Exit::unreadable, "simulate", where, "no coded picture in it");
  clip.codec = codec;
  if (codec == Codec::mjpeg) find_jpeg_size(clip);
  return clip;
}

}  // namespace lynceus::tools
