#include "pipeline/picture/picture_io.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <utility>

#include "base/ascii.h"
#include "base/error.h"
#include "base/fd.h"
#include "pipeline/picture/codecs.h"
#include "pipeline/picture/flir.h"

namespace lynceus::picture {
namespace {

/// A compressed picture within the limits is never larger than this.
constexpr std::uintmax_t kLargestFile = std::uintmax_t{512} << 20;

struct Format {
  std::string_view signature;
  cv::Mat (*decode)(Bytes, const Limits&);
};

constexpr std::array kFormats{
    Format{"\xff\xd8\xff", decode_jpeg},
    Format{"\x89PNG\r\n\x1a\n", decode_png},
    Format{std::string_view("II*\0", 4), decode_tiff},
    Format{std::string_view("MM\0*", 4), decode_tiff},
    Format{"BM", decode_bmp},
};

bool starts_with(Bytes bytes, std::string_view signature) {
  return bytes.size() >= signature.size() && std::memcmp(bytes.data(), signature.data(), signature.size()) == 0;
}

cv::Mat decode_any(Bytes bytes, const Limits& limits) {
  if (bytes.empty()) throw BadPicture("it is empty");
  for (const Format& format : kFormats) {
    if (starts_with(bytes, format.signature)) return format.decode(bytes, limits);
  }
  throw BadPicture("not a JPEG, PNG, TIFF or BMP");
}

Decoded decode_with_temperatures(Bytes bytes, const Limits& limits) {
  Decoded out;
  out.pixels = decode_any(bytes, limits);
  if (starts_with(bytes, "\xff\xd8\xff")) out.radiometric = flir_radiometric(bytes, limits);
  return out;
}

std::string suffix(const std::string& path) {
  const auto slash = path.find_last_of('/');
  const auto dot = path.find_last_of('.');
  if (dot == std::string::npos || (slash != std::string::npos && dot < slash)) return {};
  return ascii::lower(path.substr(dot));
}

std::string last_error() { return std::strerror(errno); }

std::vector<std::byte> read_whole(const std::string& path) {
  // Non-blocking, so that a pipe of the same name cannot hold us; it has no effect on a file.
  const Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat about {};
  if (file.get() < 0 || ::fstat(file.get(), &about) != 0) throw BadPicture(last_error());
  if (!S_ISREG(about.st_mode)) throw BadPicture("not a regular file");
  if (static_cast<std::uintmax_t>(about.st_size) > kLargestFile) throw BadPicture("larger than 512 MiB");
  std::vector<std::byte> bytes(static_cast<std::size_t>(about.st_size));
  std::size_t have = 0;
  while (have < bytes.size()) {
    const ssize_t got = ::read(file.get(), bytes.data() + have, bytes.size() - have);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw BadPicture(last_error());
    if (got == 0) break;
    have += static_cast<std::size_t>(got);
  }
  bytes.resize(have);
  return bytes;
}

bool write_all(int fd, Bytes bytes) {
  while (!bytes.empty()) {
    const ssize_t put = ::write(fd, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return false;
    bytes = bytes.subspan(static_cast<std::size_t>(put));
  }
  return true;
}

[[noreturn]] void cannot_write(const std::string& path, const std::string& why) {
  throw Error(Exit::fatal, "cannot write picture", path, why);
}

/// A reader sees the old file or the new one, never a part: written beside it, then renamed over it.
void replace_file(const std::string& path, Bytes bytes) {
  std::string beside = path + ".XXXXXX";
  Fd file(::mkostemp(beside.data(), O_CLOEXEC));
  if (file.get() < 0) cannot_write(path, last_error());
  constexpr mode_t kReadableByOthers = 0644;
  const bool done = write_all(file.get(), bytes) && ::fchmod(file.get(), kReadableByOthers) == 0 && file.close() &&
                    std::rename(beside.c_str(), path.c_str()) == 0;
  if (done) return;
  const std::string why = last_error();
  ::unlink(beside.c_str());
  cannot_write(path, why);
}

}  // namespace

void check_size(std::uint64_t width, std::uint64_t height, const Limits& limits) {
  if (width == 0 || height == 0) throw BadPicture("it has no pixels");
  const auto longest = static_cast<std::uint64_t>(std::max(limits.longest_side_px, 0));
  if (width > longest || height > longest || width * height > limits.pixels) {
    throw BadPicture(std::to_string(width) + "x" + std::to_string(height) + " pixels are too many");
  }
}

Decoded decode(Bytes bytes, const std::string& where, const Limits& limits) {
  try {
    return decode_with_temperatures(bytes, limits);
  } catch (const BadPicture& bad) {
    throw Error(Exit::unreadable, "cannot read picture", where, bad.what());
  }
}

Decoded read(const std::string& path, const Limits& limits) {
  try {
    return decode_with_temperatures(read_whole(path), limits);
  } catch (const BadPicture& bad) {
    throw Error(Exit::unreadable, "cannot read picture", path, bad.what());
  }
}

bool has_picture_suffix(const std::string& path) {
  const std::string ending = suffix(path);
  constexpr std::array<std::string_view, 6> kSuffixes{".jpg", ".jpeg", ".png", ".tif", ".tiff", ".bmp"};
  return std::find(kSuffixes.begin(), kSuffixes.end(), ending) != kSuffixes.end();
}

void write(const std::string& path, const cv::Mat& picture) {
  const std::string ending = suffix(path);
  if (ending == ".png") return replace_file(path, encode_png(picture));
  if (ending == ".jpg" || ending == ".jpeg") return replace_file(path, encode_jpeg(picture));
  cannot_write(path, "the name must end in .jpg, .jpeg or .png");
}

}  // namespace lynceus::picture
