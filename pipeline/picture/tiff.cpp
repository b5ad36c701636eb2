// Baseline TIFF, the first picture of a file: 8 or 16 bit, grey or RGB, strips or tiles (docs/decisions/0001). Every offset
// and count comes from the file and is checked where it is used.
#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "pipeline/picture/codecs.h"
#include "pipeline/picture/tiff_codecs.h"

namespace lynceus::picture {
namespace {

enum Tag : std::uint16_t {
  kWidth = 256,
  kHeight = 257,
  kBits = 258,
  kCompression = 259,
  kPhotometric = 262,
  kFillOrder = 266,
  kStripOffsets = 273,
  kSamples = 277,
  kRowsPerStrip = 278,
  kStripSizes = 279,
  kPlanar = 284,
  kPredictor = 317,
  kTileWidth = 322,
  kTileHeight = 323,
  kTileOffsets = 324,
  kTileSizes = 325,
  kSampleFormat = 339,
};

/// Numbers of the file in its own byte order.
class Numbers {
 public:
  explicit Numbers(Bytes bytes) : bytes_(bytes), little_(bytes[0] == std::byte{'I'}) {}
  bool little() const { return little_; }

  std::uint32_t at(std::uint64_t offset, unsigned size) const {
    if (offset > bytes_.size() || bytes_.size() - offset < size) throw BadPicture("it ends too early");
    std::uint32_t value = 0;
    for (unsigned i = 0; i < size; ++i) {
      const auto byte = static_cast<std::uint32_t>(bytes_[offset + (little_ ? size - 1 - i : i)]);
      value = value << 8 | byte;
    }
    return value;
  }

  Bytes part(std::uint64_t offset, std::uint64_t size) const {
    if (offset > bytes_.size() || bytes_.size() - offset < size) throw BadPicture("it ends too early");
    return bytes_.subspan(offset, size);
  }

 private:
  Bytes bytes_;
  bool little_;
};

/// The tags of the first picture.
class Directory {
 public:
  explicit Directory(const Numbers& file) : file_(file) {
    const std::uint64_t start = file.at(4, 4);
    const unsigned count = file.at(start, 2);
    for (unsigned i = 0; i < count; ++i) {
      const std::uint64_t entry = start + 2 + std::uint64_t{i} * 12;
      entries_.try_emplace(static_cast<std::uint16_t>(file.at(entry, 2)), entry);
    }
  }

  bool has(Tag tag) const { return entries_.count(tag) != 0; }

  std::uint32_t number(Tag tag, std::uint32_t fallback) const { return has(tag) ? value(tag, 0) : fallback; }

  std::uint32_t number(Tag tag) const {
    if (!has(tag)) throw BadPicture("its tag " + std::to_string(tag) + " is missing");
    return value(tag, 0);
  }

  std::uint32_t count(Tag tag) const { return has(tag) ? file_.at(entries_.at(tag) + 4, 4) : 0; }

  std::uint32_t value(Tag tag, std::uint32_t index) const {
    const auto found = entries_.find(tag);
    if (found == entries_.end() || index >= count(tag))
      throw BadPicture("its tag " + std::to_string(tag) + " is short");
    const std::uint64_t entry = found->second;
    const unsigned size = element_size(file_.at(entry + 2, 2), tag);
    const bool inside = std::uint64_t{count(tag)} * size <= 4;
    const std::uint64_t first = inside ? entry + 8 : file_.at(entry + 8, 4);
    return file_.at(first + std::uint64_t{index} * size, size);
  }

 private:
  static unsigned element_size(std::uint32_t type, Tag tag) {
    if (type == 1) return 1;
    if (type == 3) return 2;
    if (type == 4) return 4;
    throw BadPicture("its tag " + std::to_string(tag) + " has a wrong type");
  }

  const Numbers& file_;
  std::map<std::uint16_t, std::uint64_t> entries_;
};

/// What the tags say, checked against what is supported.
struct Layout {
  std::uint32_t width, height, bits, samples, photometric;
  std::uint32_t block_width, block_height, across, down;
  Tag offsets, sizes;
  tiff::Packing packing;
  bool differences;

  std::size_t sample_bytes() const { return bits / 8; }
  std::size_t row_bytes() const { return std::size_t{block_width} * samples * sample_bytes(); }
  bool grey() const { return photometric != 2; }
};

void require(bool right, const char* why) {
  if (!right) throw BadPicture(why);
}

void read_blocks(const Directory& tags, Layout& layout, const Limits& limits) {
  const bool tiled = tags.has(kTileOffsets);
  layout.offsets = tiled ? kTileOffsets : kStripOffsets;
  layout.sizes = tiled ? kTileSizes : kStripSizes;
  layout.block_width = tiled ? tags.number(kTileWidth) : layout.width;
  layout.block_height =
      tiled ? tags.number(kTileHeight) : std::min(tags.number(kRowsPerStrip, layout.height), layout.height);
  check_size(layout.block_width, layout.block_height, limits);
  layout.across = (layout.width + layout.block_width - 1) / layout.block_width;
  layout.down = (layout.height + layout.block_height - 1) / layout.block_height;
  // Tiles reach beyond the picture's edge; a picture that is mostly edge is an attack.
  const std::uint64_t padded = std::uint64_t{layout.across} * layout.block_width * layout.down * layout.block_height;
  require(padded <= std::uint64_t{limits.pixels} * 2, "its tiles are too large");
  require(tags.count(layout.offsets) >= std::uint64_t{layout.across} * layout.down, "it lacks strips or tiles");
}

Layout read_layout(const Directory& tags, const Limits& limits) {
  Layout layout{};
  layout.width = tags.number(kWidth);
  layout.height = tags.number(kHeight);
  check_size(layout.width, layout.height, limits);
  layout.samples = tags.number(kSamples, 1);
  layout.photometric = tags.number(kPhotometric, 1);
  require(layout.photometric <= 2, "only grey and RGB TIFFs are supported");
  const std::uint32_t colours = layout.grey() ? 1 : 3;
  require(layout.samples >= colours && layout.samples <= 4, "its samples per pixel are not supported");
  layout.bits = tags.number(kBits, 1);
  for (std::uint32_t i = 0; i < tags.count(kBits); ++i) {
    require(i < 4 && tags.value(kBits, i) == layout.bits, "its bits per sample differ");
  }
  require(layout.bits == 8 || layout.bits == 16, "only 8 and 16 bits per sample are supported");
  require(tags.number(kSampleFormat, 1) == 1, "only unsigned samples are supported");
  require(tags.number(kFillOrder, 1) == 1, "its bit order is not supported");
  require(tags.number(kPlanar, 1) == 1 || layout.samples == 1, "separate colour planes are not supported");
  layout.packing = static_cast<tiff::Packing>(tags.number(kCompression, 1));
  const std::uint32_t predictor = tags.number(kPredictor, 1);
  require(predictor == 1 || predictor == 2, "its predictor is not supported");
  layout.differences = predictor == 2;
  read_blocks(tags, layout, limits);
  return layout;
}

/// Samples of one block as numbers, whatever their size in the file.
class Block {
 public:
  explicit Block(const Layout& layout, bool little)
      : layout_(layout), little_(little), packed_(layout.row_bytes() * layout.block_height) {
    if (layout.bits == 16) row_.resize(layout.row_bytes() / 2);
  }

  void load(Bytes bytes, std::uint32_t rows) {
    tiff::unpack(layout_.packing, bytes, std::span(packed_).first(layout_.row_bytes() * rows));
  }

  void copy_row(std::uint32_t y, cv::Mat& picture, std::uint32_t to_x, std::uint32_t to_y) {
    const std::uint32_t width = std::min(layout_.block_width, layout_.width - to_x);
    std::uint8_t* bytes = packed_.data() + layout_.row_bytes() * y;
    auto* out = picture.ptr(static_cast<int>(to_y)) + to_x * picture.elemSize();
    if (layout_.bits == 8) {
      if (layout_.differences) tiff::undo_differences(std::span(bytes, layout_.row_bytes()), layout_.samples);
      return put(bytes, width, out);
    }
    for (std::size_t i = 0; i < row_.size(); ++i) {
      const unsigned a = bytes[2 * i], b = bytes[2 * i + 1];
      row_[i] = static_cast<std::uint16_t>(little_ ? a | b << 8 : a << 8 | b);
    }
    if (layout_.differences) tiff::undo_differences(std::span(row_), layout_.samples);
    if (layout_.grey()) return put(row_.data(), width, reinterpret_cast<std::uint16_t*>(out));
    put(row_.data(), width, out);
  }

 private:
  template <class In, class Out>
  void put(const In* in, std::uint32_t width, Out* out) const {
    constexpr unsigned kDrop = (sizeof(In) - sizeof(Out)) * 8;
    const bool inverted = layout_.photometric == 0;
    const std::uint32_t step = layout_.samples;
    for (std::uint32_t x = 0; x < width; ++x) {
      const In* pixel = in + std::size_t{x} * step;
      if (layout_.grey()) {
        const auto value = static_cast<Out>(pixel[0] >> kDrop);
        out[x] = inverted ? static_cast<Out>(~value) : value;
      } else {
        for (unsigned c = 0; c < 3; ++c) out[3 * std::size_t{x} + c] = static_cast<Out>(pixel[2 - c] >> kDrop);
      }
    }
  }

  const Layout& layout_;
  const bool little_;
  std::vector<std::uint8_t> packed_;
  std::vector<std::uint16_t> row_;
};

/// Old writers leave the sizes of uncompressed strips out.
std::uint64_t block_size(const Directory& tags, const Layout& layout, std::uint32_t index, std::uint32_t rows) {
  if (tags.has(layout.sizes)) return tags.value(layout.sizes, index);
  require(layout.packing == tiff::Packing::none, "the sizes of its strips are missing");
  return layout.row_bytes() * rows;
}

}  // namespace

cv::Mat decode_tiff(Bytes bytes, const Limits& limits) {
  const Numbers file(bytes);
  const Directory tags(file);
  const Layout layout = read_layout(tags, limits);
  const int type = !layout.grey() ? CV_8UC3 : layout.bits == 16 ? CV_16UC1 : CV_8UC1;
  cv::Mat picture(static_cast<int>(layout.height), static_cast<int>(layout.width), type);
  Block block(layout, file.little());
  for (std::uint32_t i = 0; i < layout.across * layout.down; ++i) {
    const std::uint32_t left = i % layout.across * layout.block_width;
    const std::uint32_t top = i / layout.across * layout.block_height;
    const std::uint32_t rows = std::min(layout.block_height, layout.height - top);
    // The last strip holds the rows that are left; a tile is always whole, but we need no more of it.
    block.load(file.part(tags.value(layout.offsets, i), block_size(tags, layout, i, rows)), rows);
    for (std::uint32_t y = 0; y < rows; ++y) block.copy_row(y, picture, left, top + y);
  }
  return picture;
}

}  // namespace lynceus::picture
