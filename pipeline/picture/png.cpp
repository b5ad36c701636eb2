// PNG through libpng. Errors come by longjmp: between setjmp and the library's calls nothing with a destructor is created.
#include <png.h>

#include <csetjmp>
#include <cstdio>
#include <cstring>
#include <exception>
#include <utility>

#include "base/error.h"
#include "pipeline/picture/codecs.h"

namespace lynceus::picture {
namespace {

struct Trouble {
  char message[128] = "";
};

[[noreturn]] void on_error(png_structp png, png_const_charp text) {
  auto* trouble = static_cast<Trouble*>(png_get_error_ptr(png));
  std::snprintf(trouble->message, sizeof trouble->message, "%s", text);
  png_longjmp(png, 1);
}

void be_quiet(png_structp, png_const_charp) {}

class Reader {
 public:
  explicit Reader(Bytes bytes)
      : left_(bytes), png_(png_create_read_struct(PNG_LIBPNG_VER_STRING, &trouble_, on_error, be_quiet)) {
    info_ = png_ ? png_create_info_struct(png_) : nullptr;
    if (!info_) throw BadPicture("out of memory");
  }
  ~Reader() { png_destroy_read_struct(&png_, &info_, nullptr); }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  cv::Mat decode(const Limits& limits) {
    if (!read_header(limits)) throw BadPicture(trouble_.message);
    check_size(png_get_image_width(png_, info_), png_get_image_height(png_, info_), limits);
    if (!choose_pixels()) throw BadPicture(trouble_.message);
    cv::Mat picture(static_cast<int>(png_get_image_height(png_, info_)),
                    static_cast<int>(png_get_image_width(png_, info_)), type_, cv::Scalar(0));
    if (!read_rows(picture)) throw BadPicture(trouble_.message);
    return picture;
  }

 private:
  static void on_read(png_structp png, png_bytep out, std::size_t count) {
    auto& self = *static_cast<Reader*>(png_get_io_ptr(png));
    if (count > self.left_.size()) png_error(png, "it ends too early");
    std::memcpy(out, self.left_.data(), count);
    self.left_ = self.left_.subspan(count);
  }

  bool read_header(const Limits& limits) {
    if (setjmp(png_jmpbuf(png_)) != 0) return false;
    png_set_read_fn(png_, this, on_read);
    // A cut checksum in a text chunk is no reason to refuse a picture; one of the pixels is.
    png_set_crc_action(png_, PNG_CRC_ERROR_QUIT, PNG_CRC_WARN_DISCARD);
    png_set_user_limits(png_, static_cast<png_uint_32>(limits.longest_side_px),
                        static_cast<png_uint_32>(limits.longest_side_px));
    png_set_chunk_cache_max(png_, 64);
    png_set_chunk_malloc_max(png_, 8U << 20);
    png_set_keep_unknown_chunks(png_, PNG_HANDLE_CHUNK_NEVER, nullptr, 0);
    png_read_info(png_, info_);
    return true;
  }

  /// Asks for 8-bit grey, 8-bit BGR or 16-bit grey. 16-bit colours lose their low byte; alpha is dropped.
  bool choose_pixels() {
    if (setjmp(png_jmpbuf(png_)) != 0) return false;
    const auto colour = png_get_color_type(png_, info_);
    const bool grey = (colour & PNG_COLOR_MASK_COLOR) == 0;
    const bool deep = png_get_bit_depth(png_, info_) == 16;
    if (colour == PNG_COLOR_TYPE_PALETTE) png_set_palette_to_rgb(png_);
    if (grey && !deep) png_set_expand_gray_1_2_4_to_8(png_);
    if (deep && !grey) png_set_strip_16(png_);
    if (deep && grey) png_set_swap(png_);
    if (!grey) png_set_bgr(png_);
    png_set_strip_alpha(png_);
    png_set_interlace_handling(png_);
    png_read_update_info(png_, info_);
    type_ = !grey ? CV_8UC3 : deep ? CV_16UC1 : CV_8UC1;
    return true;
  }

  bool read_rows(cv::Mat& picture) {
    if (setjmp(png_jmpbuf(png_)) != 0) return false;
    if (png_get_rowbytes(png_, info_) != picture.step[0]) png_error(png_, "its rows have another length");
    const int passes = png_get_interlace_type(png_, info_) == PNG_INTERLACE_ADAM7 ? 7 : 1;
    for (int pass = 0; pass < passes; ++pass) {
      for (int y = 0; y < picture.rows; ++y) png_read_row(png_, picture.ptr(y), nullptr);
    }
    return true;
  }

  Trouble trouble_;
  Bytes left_;
  int type_ = CV_8UC1;
  png_structp png_;
  png_infop info_ = nullptr;
};

class Writer {
 public:
  Writer() : png_(png_create_write_struct(PNG_LIBPNG_VER_STRING, &trouble_, on_error, be_quiet)) {
    info_ = png_ ? png_create_info_struct(png_) : nullptr;
    if (!info_) throw Error(Exit::fatal, "cannot write picture", "PNG", "out of memory");
  }
  ~Writer() { png_destroy_write_struct(&png_, &info_); }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  std::vector<std::byte> encode(const cv::Mat& picture) {
    if (!compress(picture)) throw Error(Exit::fatal, "cannot write picture", "PNG", trouble_.message);
    return std::move(out_);
  }

 private:
  /// Called by C code: an exception must not pass through it.
  static void on_write(png_structp png, png_bytep bytes, std::size_t count) {
    auto& out = static_cast<Writer*>(png_get_io_ptr(png))->out_;
    bool full = false;
    try {
      const auto* first = reinterpret_cast<const std::byte*>(bytes);
      out.insert(out.end(), first, first + count);
    } catch (const std::exception&) {
      full = true;
    }
    if (full) png_error(png, "out of memory");
  }
  static void on_flush(png_structp) {}

  bool compress(const cv::Mat& picture) {
    if (setjmp(png_jmpbuf(png_)) != 0) return false;
    const bool deep = picture.depth() == CV_16U;
    png_set_write_fn(png_, this, on_write, on_flush);
    png_set_IHDR(png_, info_, static_cast<png_uint_32>(picture.cols), static_cast<png_uint_32>(picture.rows),
                 deep ? 16 : 8, picture.channels() == 1 ? PNG_COLOR_TYPE_GRAY : PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_set_compression_level(png_, 3);
    png_write_info(png_, info_);
    if (picture.channels() == 3) png_set_bgr(png_);
    if (deep) png_set_swap(png_);
    for (int y = 0; y < picture.rows; ++y) png_write_row(png_, picture.ptr(y));
    png_write_end(png_, info_);
    return true;
  }

  Trouble trouble_;
  std::vector<std::byte> out_;
  png_structp png_;
  png_infop info_ = nullptr;
};

}  // namespace

cv::Mat decode_png(Bytes bytes, const Limits& limits) { return Reader(bytes).decode(limits); }

std::vector<std::byte> encode_png(const cv::Mat& picture) {
  const int type = picture.type();
  if (picture.empty() || (type != CV_8UC1 && type != CV_8UC3 && type != CV_16UC1)) {
    throw Error(Exit::fatal, "cannot write picture", "PNG", "it must have 8-bit grey or BGR, or 16-bit grey pixels");
  }
  return Writer().encode(picture);
}

}  // namespace lynceus::picture
