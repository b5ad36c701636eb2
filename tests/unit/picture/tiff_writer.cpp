#include "tests/unit/picture/tiff_writer.h"

#include <zlib.h>

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

namespace lynceus::test {
namespace {

class Writer {
 public:
  Writer(const cv::Mat& picture, const TiffStyle& style) : picture_(picture), style_(style) {}

  std::string run() {
    text("II", "MM");
    number(42, 2);
    number(0, 4);  // where the directory is: patched
    write_blocks();
    write_directory();
    return std::move(out_);
  }

 private:
  void text(const char* little, const char* big) { out_ += style_.big_endian ? big : little; }

  std::string encoded(std::uint64_t value, int size) const {
    std::string bytes;
    for (int i = 0; i < size; ++i) bytes += static_cast<char>(value >> 8 * (style_.big_endian ? size - 1 - i : i));
    return bytes;
  }
  void number(std::uint64_t value, int size) { out_ += encoded(value, size); }

  int samples() const { return picture_.channels() + style_.extra_samples; }
  int sample_bytes() const { return picture_.depth() == CV_16U || style_.sixteen_bit_colours ? 2 : 1; }

  unsigned sample(int x, int y, int s) const {
    if (x >= picture_.cols || y >= picture_.rows) return 0;
    if (s >= picture_.channels()) return sample_bytes() == 2 ? 0xffff : 0xff;
    if (picture_.depth() == CV_16U) return maybe_inverted(picture_.at<std::uint16_t>(y, x), 0xffff);
    const int channel = picture_.channels() == 3 ? 2 - s : 0;
    const unsigned value = maybe_inverted(picture_.ptr(y)[x * picture_.channels() + channel], 0xff);
    return style_.sixteen_bit_colours ? value * 256 + 17 : value;
  }
  unsigned maybe_inverted(unsigned v, unsigned white) const { return style_.white_is_zero ? white - v : v; }

  std::string block(int left, int top, int width, int height) const {
    std::string bytes;
    for (int y = top; y < top + height; ++y) {
      std::vector<unsigned> before(static_cast<std::size_t>(samples()), 0);
      for (int x = left; x < left + width; ++x) {
        for (int s = 0; s < samples(); ++s) {
          const unsigned v = sample(x, y, s);
          auto& last = before[static_cast<std::size_t>(s)];
          bytes += encoded(style_.differences ? v - last : v, sample_bytes());
          last = v;
        }
      }
    }
    return pack(bytes);
  }

  std::string pack(const std::string& bytes) const {
    if (style_.compression == 8) return deflate(bytes);
    if (style_.compression == 5) return lzw(bytes);
    if (style_.compression == 32773) return packbits(bytes);
    return bytes;
  }

  static std::string deflate(const std::string& bytes) {
    uLongf size = compressBound(bytes.size());
    std::string out(size, '\0');
    compress(reinterpret_cast<Bytef*>(out.data()), &size, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size());
    out.resize(size);
    return out;
  }

  static std::string packbits(const std::string& bytes) {
    std::string out;
    for (std::size_t i = 0; i < bytes.size();) {
      std::size_t run = 1;
      while (run < 128 && i + run < bytes.size() && bytes[i + run] == bytes[i]) ++run;
      if (run > 2) {
        out += static_cast<char>(257 - run);
        out += bytes[i];
      } else {
        run = std::min<std::size_t>(5, bytes.size() - i);
        out += static_cast<char>(run - 1);
        out += bytes.substr(i, run);
        out += '\x80';  // says nothing, as some writers pad
      }
      i += run;
    }
    return out;
  }

  /// As the specification of TIFF 6.0 has it, section 13.
  static std::string lzw(const std::string& bytes) {
    std::string out;
    std::uint32_t bits = 0;
    int held = 0, width = 9;
    const auto put = [&](std::uint32_t code) {
      bits = bits << width | code;
      for (held += width; held >= 8; held -= 8) out += static_cast<char>(bits >> (held - 8));
    };
    std::map<std::string, std::uint32_t> table;
    const auto restart = [&] {
      table.clear();
      for (unsigned i = 0; i < 256; ++i) table[std::string(1, static_cast<char>(i))] = i;
      put(256);
      width = 9;
    };
    std::uint32_t next = 258;
    restart();
    std::string word;
    for (const char c : bytes) {
      if (table.count(word + c)) {
        word += c;
        continue;
      }
      put(table[word]);
      table[word + c] = next++;
      if (next == 512 || next == 1024 || next == 2048) ++width;
      if (next == 4095) {
        restart();
        next = 258;
      }
      word = c;
    }
    if (!word.empty()) put(table[word]);
    put(257);
    if (held > 0) out += static_cast<char>(bits << (8 - held));
    return out;
  }

  void write_blocks() {
    const int width = style_.tile ? style_.tile : picture_.cols;
    const int height = style_.tile ? style_.tile : style_.rows_per_strip ? style_.rows_per_strip : picture_.rows;
    for (int top = 0; top < picture_.rows; top += height) {
      for (int left = 0; left < picture_.cols; left += width) {
        const int rows = style_.tile ? height : std::min(height, picture_.rows - top);
        const std::string bytes = block(left, top, width, rows);
        offsets_.push_back(out_.size());
        sizes_.push_back(bytes.size());
        out_ += bytes;
      }
    }
    block_height_ = height;
  }

  void entry(int tag, int type, const std::vector<std::size_t>& values) {
    const int size = type == 3 ? 2 : 4;
    std::string bytes;
    for (const std::size_t v : values) bytes += encoded(v, size);
    std::string here =
        encoded(static_cast<unsigned>(tag), 2) + encoded(static_cast<unsigned>(type), 2) + encoded(values.size(), 4);
    if (bytes.size() <= 4) {
      bytes.resize(4, '\0');
      here += bytes;
    } else {
      here += encoded(out_.size(), 4);
      out_ += bytes;
    }
    entries_ += here;
    ++count_;
  }

  void write_directory() {
    const auto n = static_cast<std::size_t>(samples());
    entry(256, 3, {static_cast<std::size_t>(picture_.cols)});
    entry(257, 4, {static_cast<std::size_t>(picture_.rows)});
    entry(258, 3, std::vector<std::size_t>(n, static_cast<std::size_t>(sample_bytes() * 8)));
    entry(259, 3, {style_.compression});
    entry(262, 3, {picture_.channels() == 3 ? 2U : style_.white_is_zero ? 0U : 1U});
    if (!style_.tile) entry(273, 4, offsets_);
    entry(277, 3, {n});
    if (!style_.tile) entry(278, 3, {static_cast<std::size_t>(block_height_)});
    if (!style_.tile) entry(279, 4, sizes_);
    if (style_.differences) entry(317, 3, {2});
    if (style_.tile) {
      entry(322, 3, {static_cast<std::size_t>(style_.tile)});
      entry(323, 3, {static_cast<std::size_t>(style_.tile)});
      entry(324, 4, offsets_);
      entry(325, 4, sizes_);
    }
    out_.replace(4, 4, encoded(out_.size(), 4));
    out_ += encoded(static_cast<unsigned>(count_), 2) + entries_ + std::string(4, '\0');
  }

  const cv::Mat& picture_;
  const TiffStyle& style_;
  std::string out_, entries_;
  std::vector<std::size_t> offsets_, sizes_;
  int block_height_ = 0, count_ = 0;
};

}  // namespace

std::string write_tiff(const cv::Mat& picture, const TiffStyle& style) { return Writer(picture, style).run(); }

}  // namespace lynceus::test
