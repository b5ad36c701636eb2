// JPEG through libjpeg-turbo's classic interface. It reports errors by calling back, and the callback must not return:
// it longjmps. Between setjmp and the library's calls nothing with a destructor is created, so nothing is skipped.
// jpeglib.h needs size_t and FILE before it.
// clang-format off
#include <cstdio>
#include <jpeglib.h>
// clang-format on

#include <csetjmp>
#include <cstdlib>
#include <memory>
#include <string>

#include "base/error.h"
#include "pipeline/picture/codecs.h"

namespace lynceus::picture {
namespace {

/// jpeg_error_mgr first: the library hands back a pointer to it.
struct ErrorTrap {
  jpeg_error_mgr base;
  std::jmp_buf escape;
  char message[JMSG_LENGTH_MAX];
  long warnings_left;
};

ErrorTrap& trap_of(j_common_ptr info) { return *reinterpret_cast<ErrorTrap*>(info->err); }

[[noreturn]] void on_error(j_common_ptr info) {
  ErrorTrap& trap = trap_of(info);
  info->err->format_message(info, trap.message);
  std::longjmp(trap.escape, 1);
}

/// Warnings are tolerated (cameras cut corners), but not without end: a small file may ask for minutes of work by
/// being nothing but damage.
void on_message(j_common_ptr info, int level) {
  if (level >= 0) return;
  ErrorTrap& trap = trap_of(info);
  ++info->err->num_warnings;
  if (--trap.warnings_left < 0) on_error(info);
}

void be_quiet(j_common_ptr) {}

void set_trap(ErrorTrap& trap) {
  jpeg_std_error(&trap.base);
  trap.base.error_exit = on_error;
  trap.base.emit_message = on_message;
  trap.base.output_message = be_quiet;
  trap.message[0] = '\0';
  trap.warnings_left = 100'000;
}

/// More scans than any camera writes, and each costs a pass over the whole picture.
constexpr int kMostScans = 200;

void on_progress(j_common_ptr info) {
  if (!info->is_decompressor) return;
  auto* decoder = reinterpret_cast<j_decompress_ptr>(info);
  if (decoder->input_scan_number <= kMostScans) return;
  ErrorTrap& trap = trap_of(info);
  std::snprintf(trap.message, sizeof trap.message, "too many scans");
  std::longjmp(trap.escape, 1);
}

/// The library's decoder and what must outlive a longjmp.
class Decoder {
 public:
  Decoder() {
    set_trap(trap_);
    info_.err = &trap_.base;
    progress_.progress_monitor = on_progress;
  }
  ~Decoder() { jpeg_destroy_decompress(&info_); }
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  cv::Mat decode(Bytes bytes, const Limits& limits) {
    if (!read_header(bytes)) throw BadPicture(trap_.message);
    check_size(info_.image_width, info_.image_height, limits);
    cv::Mat raw = make_picture();
    // An error in the middle leaves a torn picture, which is refused; a file cut short is only a warning to the library.
    if (!read_rows(raw)) throw BadPicture(trap_.message);
    return info_.out_color_space == JCS_CMYK ? from_cmyk(raw) : raw;
  }

 private:
  bool read_header(Bytes bytes) {
    if (setjmp(trap_.escape) != 0) return false;
    jpeg_create_decompress(&info_);
    info_.progress = &progress_;
    info_.mem->max_memory_to_use = 512L << 20;
    jpeg_mem_src(&info_, reinterpret_cast<const unsigned char*>(bytes.data()),
                 static_cast<unsigned long>(bytes.size()));
    jpeg_read_header(&info_, TRUE);
    return true;
  }

  cv::Mat make_picture() {
    switch (info_.jpeg_color_space) {
      case JCS_GRAYSCALE:
        info_.out_color_space = JCS_GRAYSCALE;
        return cv::Mat(cv::Size(static_cast<int>(info_.image_width), static_cast<int>(info_.image_height)), CV_8UC1,
                       cv::Scalar(0));
      case JCS_CMYK:
      case JCS_YCCK:
        info_.out_color_space = JCS_CMYK;
        return cv::Mat(cv::Size(static_cast<int>(info_.image_width), static_cast<int>(info_.image_height)), CV_8UC4,
                       cv::Scalar(0));
      default:
        info_.out_color_space = JCS_EXT_BGR;
        return cv::Mat(cv::Size(static_cast<int>(info_.image_width), static_cast<int>(info_.image_height)), CV_8UC3,
                       cv::Scalar(0));
    }
  }

  bool read_rows(cv::Mat& picture) {
    if (setjmp(trap_.escape) != 0) return false;
    jpeg_start_decompress(&info_);
    if (static_cast<int>(info_.output_width) != picture.cols || static_cast<int>(info_.output_height) != picture.rows ||
        info_.output_components != picture.channels()) {
      std::snprintf(trap_.message, sizeof trap_.message, "its size changes");
      return false;
    }
    while (info_.output_scanline < info_.output_height) {
      JSAMPROW row = picture.ptr(static_cast<int>(info_.output_scanline));
      jpeg_read_scanlines(&info_, &row, 1);
    }
    return true;  // not jpeg_finish_decompress: damage behind the last row is nobody's concern
  }

  /// Adobe writes CMYK inverted (0 is full ink), and nobody else writes CMYK.
  static cv::Mat from_cmyk(const cv::Mat& cmyk) {
    cv::Mat bgr(cmyk.size(), CV_8UC3);
    for (int y = 0; y < cmyk.rows; ++y) {
      const auto* in = cmyk.ptr<cv::Vec4b>(y);
      auto* out = bgr.ptr<cv::Vec3b>(y);
      for (int x = 0; x < cmyk.cols; ++x) {
        const int k = in[x][3];
        for (int c = 0; c < 3; ++c) out[x][c] = static_cast<uchar>(in[x][2 - c] * k / 255);
      }
    }
    return bgr;
  }

  ErrorTrap trap_{};
  jpeg_progress_mgr progress_{};
  jpeg_decompress_struct info_{};
};

class Encoder {
 public:
  Encoder() {
    set_trap(trap_);
    info_.err = &trap_.base;
  }
  ~Encoder() {
    jpeg_destroy_compress(&info_);
    std::free(buffer_);
  }
  Encoder(const Encoder&) = delete;
  Encoder& operator=(const Encoder&) = delete;

  std::vector<std::byte> encode(const cv::Mat& picture, int quality) {
    if (!compress(picture, quality)) throw Error(Exit::fatal, "cannot write picture", "JPEG", trap_.message);
    const auto* first = reinterpret_cast<const std::byte*>(buffer_);
    return {first, first + size_};
  }

 private:
  bool compress(const cv::Mat& picture, int quality) {
    if (setjmp(trap_.escape) != 0) return false;
    jpeg_create_compress(&info_);
    jpeg_mem_dest(&info_, &buffer_, &size_);
    info_.image_width = static_cast<JDIMENSION>(picture.cols);
    info_.image_height = static_cast<JDIMENSION>(picture.rows);
    info_.input_components = picture.channels();
    info_.in_color_space = picture.channels() == 1 ? JCS_GRAYSCALE : JCS_EXT_BGR;
    jpeg_set_defaults(&info_);
    jpeg_set_quality(&info_, quality, TRUE);
    jpeg_start_compress(&info_, TRUE);
    while (info_.next_scanline < info_.image_height) {
      auto* row = const_cast<JSAMPLE*>(picture.ptr(static_cast<int>(info_.next_scanline)));
      jpeg_write_scanlines(&info_, &row, 1);
    }
    jpeg_finish_compress(&info_);
    return true;
  }

  ErrorTrap trap_{};
  jpeg_compress_struct info_{};
  unsigned char* buffer_ = nullptr;
  unsigned long size_ = 0;
};

}  // namespace

cv::Mat decode_jpeg(Bytes bytes, const Limits& limits) { return Decoder().decode(bytes, limits); }

std::vector<std::byte> encode_jpeg(const cv::Mat& picture, int quality) {
  if (picture.empty() || (picture.type() != CV_8UC1 && picture.type() != CV_8UC3)) {
    throw Error(Exit::fatal, "cannot write picture", "JPEG", "it must have 8-bit grey or BGR pixels");
  }
  return Encoder().encode(picture, quality);
}

}  // namespace lynceus::picture
