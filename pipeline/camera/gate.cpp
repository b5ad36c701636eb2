#include "pipeline/camera/gate.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <opencv2/imgproc.hpp>
#include <optional>
#include <utility>

#include "pipeline/camera/exposure.h"
#include "pipeline/camera/gate_kernels.h"
#include "pipeline/camera/light_state.h"
#include "pipeline/camera/regions.h"

namespace lynceus::camera {

using namespace std::chrono_literals;
using kernels::kOne;

namespace {

constexpr auto kLearnEvery = 90ms;
constexpr auto kColourEvery = 1s;  // monochrome() may have to look at the chroma planes
constexpr auto kColourEveryAdapting = 200ms;
constexpr auto kSuddenWithin = 600ms;
constexpr auto kCrowdedFor = 10s;  // a thing before most of the picture must not pass for its exposure so long
constexpr int kSuddenFrames = 3;   // or so many frames, for slow cameras
constexpr double kCalm = 0.2, kUpset = 0.5;  // share of cells that differ
constexpr double kRestless = 0.15;           // still adapting above
constexpr double kJump = 30;                 // grey levels of a middle grey within a second: a jump, not a drift
constexpr double kAbsorbPerSecond = 1.25;    // grey levels by which the background creeps towards what moves

double seconds(MonoTime::duration d) { return std::chrono::duration<double>(d).count(); }

int factor_for(cv::Size size, int width) {
  const int wide = std::max(16, width);
  return std::max({1, size.width / wide, size.height / (2 * wide)});
}

}  // namespace

struct Gate::Impl {
  Impl(const GateSettings& s, std::vector<sdk::Polygon> m, Kind k)
      : settings(s), masks(std::move(m)), thermal(k == Kind::thermal) {}

  const GateSettings settings;
  const std::vector<sdk::Polygon> masks;
  const bool thermal;
  GateResult result;

  cv::Size size;  // of the frames the background was learnt from
  int factor = 1;
  cv::Mat mean, deviation, keep, moving;
  int kept = 0;  // cells outside the masks
  double noise = 1;
  MonoTime learnt{}, last{}, calm_at{}, colour_at{};
  int frames_since_calm = 0;
  double drift = 0;  // exposure change of the last second or so
  bool monochrome = false;
  LightState light;

  kernels::Model model() { return {mean.ptr<std::int16_t>(), deviation.ptr<std::int16_t>()}; }
  std::size_t count() const { return mean.total(); }

  void start(const sdk::Frame& frame, const cv::Mat& luma);
  void make_keep();
  LightSigns signs() const;
  void look(const sdk::Frame& frame, MonoTime now);
  double compensate(MonoTime now);
  bool colour_changed(const sdk::Frame& frame, MonoTime now, bool at_once);
  bool is_crowded(MonoTime now) const;
  bool is_sudden(MonoTime now, double share);
  void learn(MonoTime now);
  void learn_fast();
  void publish_motion();
  void measure_noise();
};

/// First frame, new size: the frame is the background.
void Gate::Impl::start(const sdk::Frame& frame, const cv::Mat& luma) {
  size = luma.size();
  factor = factor_for(size, settings.width_px);
  const cv::Size small = size / factor;
  result.shrunk = cv::Mat(small, CV_8UC1);
  result.motion = cv::Mat::zeros(small, CV_8UC1);
  moving = cv::Mat::zeros(small, CV_8UC1);
  kernels::shrink(luma, factor, result.shrunk);
  result.shrunk.convertTo(mean, CV_16S, kOne);
  deviation = cv::Mat(small, CV_16SC1, cv::Scalar(kOne));
  make_keep();
  noise = 1;
  drift = 0;
  frames_since_calm = 0;
  monochrome = !thermal && frame.monochrome();
  last = learnt = calm_at = colour_at = frame.captured();
  light.reset();
  light.update(last, signs());
}

/// Neither grey nor dark means night where no light is seen.
LightSigns Gate::Impl::signs() const {
  LightSigns signs;
  if (thermal) return signs;
  signs.monochrome = monochrome;
  signs.brightness = cv::mean(result.shrunk)[0];
  return signs;
}

void Gate::Impl::make_keep() {
  keep = cv::Mat(mean.size(), CV_8UC1, cv::Scalar(255));
  for (const sdk::Polygon& polygon : masks) {
    std::vector<cv::Point> corners;
    for (const cv::Point2d& p : polygon) {
      corners.emplace_back(int(std::lround(std::clamp(p.x, 0.0, 1.0) * keep.cols)),
                           int(std::lround(std::clamp(p.y, 0.0, 1.0) * keep.rows)));
    }
    if (corners.size() >= 3) cv::fillPoly(keep, std::vector<std::vector<cv::Point>>{corners}, cv::Scalar(0));
  }
  kept = std::max(1, cv::countNonZero(keep));
}

/// Much has been different for a while, and it did not come at once: something large is before the camera.
bool Gate::Impl::is_crowded(MonoTime now) const {
  const auto since = now - calm_at;
  return light.light() != sdk::Light::adapting && frames_since_calm >= kSuddenFrames && since > kSuddenWithin &&
         since < kCrowdedFor;
}

/// Follows a changed exposure with the background; returns by how much it changed within a second or so.
double Gate::Impl::compensate(MonoTime now) {
  drift *= std::exp(-std::max(0.0, seconds(now - last)));
  if (is_crowded(now)) return std::abs(drift);
  const Exposure exposure = fit_exposure(result.shrunk, mean, keep, noise);
  if (exposure.changed) {
    kernels::rebase(model(), float(exposure.gain), float(exposure.offset), count());
    drift += exposure.shift;
  }
  return std::abs(drift);
}

bool Gate::Impl::colour_changed(const sdk::Frame& frame, MonoTime now, bool at_once) {
  const auto every = light.light() == sdk::Light::adapting ? MonoTime::duration(kColourEveryAdapting)
                                                           : MonoTime::duration(kColourEvery);
  if (thermal || (!at_once && now - colour_at < every)) return false;
  colour_at = now;
  return std::exchange(monochrome, frame.monochrome()) != monochrome;
}

/// Most of the picture differs, and did not a moment ago. (A lorry that fills the picture grows into it.)
bool Gate::Impl::is_sudden(MonoTime now, double share) {
  const bool was_calm = frames_since_calm < kSuddenFrames || now - calm_at <= kSuddenWithin;
  if (share < kCalm) {
    calm_at = now;
    frames_since_calm = 0;
  } else {
    ++frames_since_calm;
  }
  return share > kUpset && was_calm;
}

void Gate::Impl::measure_noise() {
  constexpr int kStep = 3;
  long sum = 0, n = 0;
  for (int y = 0; y < deviation.rows; y += kStep) {
    const auto* row = deviation.ptr<std::int16_t>(y);
    for (int x = 0; x < deviation.cols; x += kStep) sum += row[x];
    n += (deviation.cols + kStep - 1) / kStep;
  }
  noise = double(sum) / double(std::max(1L, n)) / kOne;
}

/// Some ten times a second whatever the frame rate: a fast camera costs no more and forgets no sooner.
void Gate::Impl::learn(MonoTime now) {
  const auto passed = now - learnt;
  if (passed < kLearnEvery && passed >= 0ms) return;
  learnt = now;
  const int shift = passed < 250ms ? 4 : passed < 600ms ? 3 : 2;
  const auto step = std::int16_t(std::clamp(seconds(passed) * kAbsorbPerSecond * kOne, 1.0, 4.0 * kOne));
  kernels::learn(result.shrunk.ptr(), model(), moving.ptr(), shift, step, count());
  measure_noise();
}

void Gate::Impl::learn_fast() {
  moving.setTo(cv::Scalar(0));
  kernels::learn(result.shrunk.ptr(), model(), moving.ptr(), 2, kOne, count());
  measure_noise();
}

void Gate::Impl::publish_motion() {
  kernels::clean(moving, keep, result.motion);
  const int least = std::max(1, int(std::ceil(settings.least_area * double(count()))));
  for (const cv::Rect& cells : find_regions(result.motion, least)) {
    const cv::Rect box(cells.x * factor, cells.y * factor, cells.width * factor, cells.height * factor);
    result.regions.push_back(box & cv::Rect(cv::Point(), size));
  }
}

void Gate::Impl::look(const sdk::Frame& frame, MonoTime now) {
  const double drifted = compensate(now);
  const auto base = std::int16_t(std::clamp(5 + 4 * noise, 6.0, 30.0) * kOne);
  kernels::difference(result.shrunk.ptr(), model(), keep.ptr(), base, moving.ptr(), count());
  const int differing = cv::countNonZero(moving);
  const double share = double(differing) / kept;

  const bool upset = is_sudden(now, share) || drifted > kJump;
  const bool colour = colour_changed(frame, now, upset);
  LightSigns now_seen = signs();
  now_seen.sudden = upset || (colour && (drifted > kJump / 3 || share > kCalm));
  now_seen.quiet = share < kRestless && drifted < kJump / 3;
  result.light_flip = light.update(now, now_seen);
  if (light.light() == sdk::Light::adapting) {
    drift = upset && drifted > kJump ? std::copysign(kJump / 2, drift) : drift;
    learn_fast();
  } else {
    if (differing > 0) publish_motion();
    learn(now);
  }
}

Gate::Gate(const GateSettings& settings, std::vector<sdk::Polygon> masks, Kind kind)
    : impl_(std::make_unique<Impl>(settings, std::move(masks), kind)) {}

Gate::~Gate() = default;

void Gate::reset() { impl_->size = {}; }

const GateResult& Gate::process(const sdk::Frame& frame) {
  Impl& gate = *impl_;
  GateResult& result = gate.result;
  const cv::Mat& luma = frame.luma();
  const MonoTime now = frame.captured();
  result.regions.clear();
  result.light_flip = false;
  if (luma.size() != gate.size) {
    gate.start(frame, luma);
  } else {
    kernels::shrink(luma, gate.factor, result.shrunk);
    result.motion.setTo(cv::Scalar(0));
    gate.look(frame, now);
  }
  gate.last = now;
  result.light = gate.light.light();
  return result;
}

}  // namespace lynceus::camera
