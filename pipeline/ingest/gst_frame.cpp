#include "pipeline/ingest/gst_frame.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "pipeline/ingest/colour.h"
#include "pipeline/ingest/stretch.h"

namespace lynceus::ingest {
namespace {

/// A mapped buffer, unmapped when it goes.
class Mapped {
 public:
  static std::optional<Mapped> map(const GstVideoInfo& info, GstBuffer* buffer) {
    Mapped mapped;
    if (!gst_video_frame_map(&mapped.frame_, &info, buffer, GST_MAP_READ)) return std::nullopt;
    mapped.held_ = true;
    return mapped;
  }
  Mapped(Mapped&& other) noexcept : frame_(other.frame_), held_(std::exchange(other.held_, false)) {}
  Mapped& operator=(Mapped&&) = delete;
  ~Mapped() {
    if (held_) gst_video_frame_unmap(&frame_);
  }
  const GstVideoFrame& get() const { return frame_; }

 private:
  Mapped() = default;
  GstVideoFrame frame_{};
  bool held_ = false;
};

/// The visible part: a decoder may hand on more than was coded to be seen.
cv::Rect visible(const GstVideoFrame& frame) {
  const cv::Rect all(0, 0, GST_VIDEO_FRAME_WIDTH(&frame), GST_VIDEO_FRAME_HEIGHT(&frame));
  const GstVideoCropMeta* crop = gst_buffer_get_video_crop_meta(frame.buffer);
  if (!crop) return all;
  const cv::Rect part(static_cast<int>(crop->x), static_cast<int>(crop->y), static_cast<int>(crop->width),
                      static_cast<int>(crop->height));
  const cv::Rect inside = part & all;
  return inside.empty() ? all : inside;
}

Colour colour_of(const GstVideoInfo& info, bool guess_matrix) {
  const auto& told = info.colorimetry;
  const bool full = told.range == GST_VIDEO_COLOR_RANGE_0_255;
  Colour colour = info.height >= 720 ? Colour::bt709(full) : Colour::bt601(full);
  double kr = 0, kb = 0;
  if (!guess_matrix && gst_video_color_matrix_get_Kr_Kb(told.matrix, &kr, &kb)) {
    colour.kr = kr;
    colour.kb = kb;
  }
  return colour;
}

class GstFrame final : public sdk::Frame {
 public:
  GstFrame(const std::string& camera, const Stamp& stamp, Mapped mapped, bool guess_matrix)
      : camera_(camera),
        stamp_(stamp),
        mapped_(std::move(mapped)),
        part_(visible(mapped_.get())),
        colour_(colour_of(mapped_.get().info, guess_matrix)) {
    if (GST_VIDEO_FRAME_FORMAT(&frame()) == GST_VIDEO_FORMAT_GRAY16_LE) radiometric_.emplace().raw = gray16();
    if (luma_in_place()) luma_ = plane_of_luma();
    if (plain() && !rgb() && !gray()) planes_ = {part_.size(), component(0), component(1), component(2), colour_};
  }

  const std::string& camera() const override { return camera_; }
  std::uint64_t sequence() const override { return stamp_.sequence; }
  std::chrono::steady_clock::time_point captured() const override { return stamp_.captured; }
  std::chrono::system_clock::time_point captured_wall() const override { return stamp_.captured_wall; }
  cv::Size size() const override { return part_.size(); }
  const sdk::Radiometric* radiometric() const override { return radiometric_ ? &*radiometric_ : nullptr; }

  const cv::Mat& luma() const override {
    if (luma_in_place()) return luma_;
    std::call_once(luma_once_, [this] { luma_ = make_luma(); });
    return luma_;
  }
  const cv::Mat& bgr() const override {
    std::call_once(bgr_once_, [this] { bgr_ = make_bgr(); });
    return bgr_;
  }
  const sdk::Planes* planes() const override { return planes_ ? &*planes_ : nullptr; }
  bool monochrome() const override {
    std::call_once(mono_once_, [this] { mono_ = chroma_is_flat(); });
    return mono_;
  }

 private:
  const GstVideoFrame& frame() const { return mapped_.get(); }
  const GstVideoFormatInfo& format() const { return *frame().info.finfo; }
  bool rgb() const { return GST_VIDEO_FORMAT_INFO_IS_RGB(&format()); }
  bool gray() const { return GST_VIDEO_FORMAT_INFO_IS_GRAY(&format()); }
  /// Eight bits a sample, laid out plainly: readable in place.
  bool plain() const {
    return GST_VIDEO_FORMAT_INFO_DEPTH(&format(), 0) == 8 && GST_VIDEO_FORMAT_INFO_BITS(&format()) == 8 &&
           !GST_VIDEO_FORMAT_INFO_IS_COMPLEX(&format()) && !GST_VIDEO_FORMAT_INFO_IS_TILED(&format()) &&
           !GST_VIDEO_FORMAT_INFO_HAS_PALETTE(&format());
  }
  bool luma_in_place() const { return plain() && !rgb() && GST_VIDEO_FORMAT_INFO_PSTRIDE(&format(), 0) == 1; }

  Plane component(guint index) const {
    Plane plane;
    plane.shift_x = static_cast<int>(GST_VIDEO_FORMAT_INFO_W_SUB(&format(), index));
    plane.shift_y = static_cast<int>(GST_VIDEO_FORMAT_INFO_H_SUB(&format(), index));
    plane.step = GST_VIDEO_FRAME_COMP_PSTRIDE(&frame(), index);
    plane.stride = GST_VIDEO_FRAME_COMP_STRIDE(&frame(), index);
    plane.data = static_cast<const std::uint8_t*>(GST_VIDEO_FRAME_COMP_DATA(&frame(), index)) +
                 plane.stride * (part_.y >> plane.shift_y) + std::ptrdiff_t{plane.step} * (part_.x >> plane.shift_x);
    return plane;
  }

  cv::Mat plane_of_luma() const {
    const Plane y = component(0);
    // cv::Mat has no const data; a Frame hands it out as const only.
    return cv::Mat(part_.size(), CV_8UC1, const_cast<std::uint8_t*>(y.data), static_cast<std::size_t>(y.stride));
  }
  cv::Mat gray16() const {
    const Plane y = component(0);
    return cv::Mat(part_.size(), CV_16UC1, const_cast<std::uint8_t*>(y.data), static_cast<std::size_t>(y.stride));
  }

  cv::Mat make_luma() const {
    if (radiometric_) return stretched(radiometric_->raw);
    cv::Mat out(part_.size(), CV_8UC1);
    for_each_row([&](int row, const Unpacked& pixels) {
      std::uint8_t* to = out.ptr(row);
      for (int x = 0; x < part_.width; ++x) to[x] = pixels.luma(x);
    });
    return out;
  }

  cv::Mat make_bgr() const {
    if (gray()) return gray_bgr();
    if (planes_) return bgr_of({planes_->size, planes_->y, planes_->u, planes_->v}, planes_->colour);
    const Converter convert(colour_);
    cv::Mat out(part_.size(), CV_8UC3);
    for_each_row([&](int row, const Unpacked& pixels) {
      for (int x = 0; x < part_.width; ++x) pixels.bgr(x, convert, out.ptr(row) + std::ptrdiff_t{3} * x);
    });
    return out;
  }

  /// A grey picture of limited range is stretched as the colours of such a stream would be.
  cv::Mat gray_bgr() const {
    const Converter convert(radiometric_ ? Colour::bt601(true) : colour_);
    const cv::Mat& grey = luma();
    cv::Mat out(part_.size(), CV_8UC3);
    for (int row = 0; row < out.rows; ++row) {
      const std::uint8_t* in = grey.ptr(row);
      std::uint8_t* to = out.ptr(row);
      for (int x = 0; x < out.cols; ++x, to += 3) convert.write(to, in[x], {0, 0, 0});
    }
    return out;
  }

  /// One row in GStreamer's own unpacked form: alpha and three components of 8 or 16 bits.
  struct Unpacked {
    const std::uint8_t* bytes;
    bool wide, is_rgb;
    int at(int x, int part) const {
      const int index = 4 * x + part;
      if (!wide) return bytes[index];
      return std::min(255, (reinterpret_cast<const std::uint16_t*>(bytes)[index] + 128) >> 8);
    }
    std::uint8_t luma(int x) const {
      if (!is_rgb) return static_cast<std::uint8_t>(at(x, 1));
      return static_cast<std::uint8_t>((299 * at(x, 1) + 587 * at(x, 2) + 114 * at(x, 3) + 500) / 1000);
    }
    void bgr(int x, const Converter& convert, std::uint8_t* out) const {
      if (!is_rgb) return convert.write(out, at(x, 1), convert.chroma(at(x, 2), at(x, 3)));
      for (int i = 0; i < 3; ++i) out[i] = static_cast<std::uint8_t>(at(x, 3 - i));
    }
  };

  template <class Use>
  void for_each_row(Use use, int every = 1) const {
    const auto* unpacked = gst_video_format_get_info(format().unpack_format);
    const bool wide = GST_VIDEO_FORMAT_INFO_BITS(unpacked) > 8;
    // Unpacking writes whole groups of pixels; some spare room keeps the last group inside.
    std::vector<std::uint16_t> line(4 * (static_cast<std::size_t>(GST_VIDEO_FRAME_WIDTH(&frame())) + 64));
    GstVideoFrame& mapped = const_cast<GstVideoFrame&>(frame());
    for (int row = 0; row < part_.height; row += every) {
      format().unpack_func(&format(), GST_VIDEO_PACK_FLAG_NONE, line.data(), mapped.data, mapped.info.stride, part_.x,
                           part_.y + row, part_.width);
      use(row,
          Unpacked{reinterpret_cast<const std::uint8_t*>(line.data()), wide, GST_VIDEO_FORMAT_INFO_IS_RGB(unpacked)});
    }
  }

  /// Looks at a raster of about 64 × 36 samples: 99 of 100 within 3 levels of grey.
  bool chroma_is_flat() const {
    if (gray()) return true;
    constexpr int kNear = 3;
    int seen = 0, coloured = 0;
    const int step_x = std::max(1, part_.width / 64), step_y = std::max(1, part_.height / 36);
    for_each_row(
        [&](int, const Unpacked& pixels) {
          for (int x = 0; x < part_.width; x += step_x) {
            const int first = pixels.at(x, 1), second = pixels.at(x, 2), third = pixels.at(x, 3);
            const bool flat = pixels.is_rgb ? std::abs(first - second) <= kNear && std::abs(second - third) <= kNear
                                            : std::abs(second - 128) <= kNear && std::abs(third - 128) <= kNear;
            ++seen;
            coloured += flat ? 0 : 1;
          }
        },
        step_y);
    return coloured * 100 <= seen;
  }

  const std::string camera_;
  const Stamp stamp_;
  const Mapped mapped_;
  const cv::Rect part_;
  const Colour colour_;
  std::optional<sdk::Radiometric> radiometric_;
  std::optional<sdk::Planes> planes_;
  mutable std::once_flag luma_once_, bgr_once_, mono_once_;
  mutable cv::Mat luma_, bgr_;
  mutable bool mono_ = false;
};

}  // namespace

sdk::FramePtr make_gst_frame(const std::string& camera, const Stamp& stamp, const GstVideoInfo& info, GstBuffer* buffer,
                             bool guess_matrix) {
  auto mapped = Mapped::map(info, buffer);
  if (!mapped) return nullptr;
  return std::make_shared<GstFrame>(camera, stamp, std::move(*mapped), guess_matrix);
}

}  // namespace lynceus::ingest
