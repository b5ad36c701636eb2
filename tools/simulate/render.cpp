#include "tools/simulate/render.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>
#include <opencv2/imgproc.hpp>
#include <sstream>

#include "base/error.h"
#include "pipeline/scenes/scene.h"
#include "tools/simulate/encoder.h"

namespace lynceus::tools {
namespace {

constexpr double kShortLoop_s = 4;  // black and cover have nothing more to tell
constexpr int kBlackLevel = 0, kCoverLevel = 18, kCoverNoise = 2;

using Picture = std::function<cv::Mat(double time_s)>;

Picture scene_picture(const CameraSpec& spec, cv::Size size) {
  scenes::SceneSettings settings;
  settings.scene = spec.scene.empty() ? "still" : spec.scene;
  settings.size = size;
  settings.seed = spec.seed;
  settings.night = spec.night;
  settings.fault_at_s = spec.fault_at_s;
  std::shared_ptr<scenes::Scene> scene = scenes::make_scene(settings);
  return [scene](double t) { return scene->render(t); };
}

cv::Mat black(cv::Size size) { return cv::Mat(size, CV_8UC3, cv::Scalar::all(kBlackLevel)); }

/// A cloth over the lens: dark, without structure, with the sensor's noise still alive.
cv::Mat covered(cv::Size size, std::uint64_t seed, double time_s) {
  cv::RNG random(seed + static_cast<std::uint64_t>(std::lround(time_s * 1000)) + 1);
  cv::Mat grey(size, CV_8UC1), picture;
  random.fill(grey, cv::RNG::NORMAL, kCoverLevel, kCoverNoise);
  cv::cvtColor(grey, picture, cv::COLOR_GRAY2BGR);
  return picture;
}

/// Somebody pushed the camera: most of the view is still there, elsewhere.
cv::Mat moved(const cv::Mat& picture) {
  const cv::Matx23d shift(1, 0, 0.2 * picture.cols, 0, 1, 0.12 * picture.rows);
  cv::Mat result;
  cv::warpAffine(picture, result, shift, picture.size(), cv::INTER_LINEAR, cv::BORDER_REFLECT_101);
  return result;
}

int eighths(int pixels) { return std::max(64, pixels / 8 * 8); }

cv::Size size_of(const CameraSpec& spec, Variant variant) {
  if (variant != Variant::resolution) return {spec.width, spec.height};
  const bool large = spec.width >= 640;
  return {eighths(large ? spec.width / 2 : spec.width * 2), eighths(large ? spec.height / 2 : spec.height * 2)};
}

Picture picture_of(const CameraSpec& spec, Variant variant) {
  const cv::Size size = size_of(spec, variant);
  if (variant == Variant::black) return [size](double) { return black(size); };
  if (variant == Variant::cover) return [size, seed = spec.seed](double t) { return covered(size, seed, t); };
  const Picture plain = scene_picture(spec, size);
  if (variant == Variant::move) return [plain](double t) { return moved(plain(t)); };
  return plain;
}

double loop_of(const CameraSpec& spec, Variant variant) {
  const bool dull = variant == Variant::black || variant == Variant::cover;
  return dull ? std::min(kShortLoop_s, spec.loop_s) : spec.loop_s;
}

EncoderSettings encoder_settings(const CameraSpec& spec, Variant variant) {
  const cv::Size size = size_of(spec, variant);
  return {.codec = variant == Variant::codec ? other_codec(spec.codec) : spec.codec,
          .width = size.width,
          .height = size.height,
          .fps = spec.fps,
          .gop_s = spec.gop_s,
          .bframes = spec.bframes,
          .quantizer = spec.quantizer,
          .matrix = spec.matrix,
          .full_range = spec.full_range};
}

}  // namespace

Codec other_codec(Codec codec) {
  if (codec != Codec::h264) return Codec::h264;
  return Encoder::available(Codec::h265) ? Codec::h265 : Codec::mjpeg;
}

std::string recipe(const CameraSpec& spec, Variant variant) {
  std::ostringstream text;
  text << spec.scene << '|' << spec.width << 'x' << spec.height << '|' << spec.fps << '|' << codec_name(spec.codec)
       << '|' << spec.gop_s << '|' << spec.loop_s << '|' << spec.fault_at_s << '|' << spec.night << '|' << spec.seed
       << '|' << spec.bframes << '|' << spec.quantizer << '|' << spec.matrix << '|' << spec.full_range << '|'
       << static_cast<int>(variant);
  return text.str();
}

Clip render(const CameraSpec& spec, Variant variant) {
  if (variant == Variant::move && spec.scene.empty())
    throw Error(Exit::usage, "simulate", "camera " + spec.id, "fault move needs a scene, a file cannot be shifted");
  const Picture picture = picture_of(spec, variant);
  Encoder encoder(encoder_settings(spec, variant));
  const auto count = std::max<long>(1, std::lround(loop_of(spec, variant) * spec.fps));
  for (long i = 0; i < count; ++i) encoder.push(picture(static_cast<double>(i) / spec.fps));
  return encoder.finish();
}

}  // namespace lynceus::tools
