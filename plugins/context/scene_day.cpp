#include "plugins/context/scene_day.h"

#include <array>
#include <cmath>
#include <exception>
#include <opencv2/imgproc.hpp>

#include "plugins/context/sources.h"

namespace lynceus::context {
namespace {

constexpr double kLearnEvery_s = 4, kChooseEvery_s = 600;

int hour_of(const sdk::Frame& frame) {
  const auto since = frame.captured_wall().time_since_epoch();
  const auto hours = std::chrono::duration_cast<std::chrono::hours>(since).count() % 24;
  return static_cast<int>(hours < 0 ? hours + 24 : hours);
}

std::array<cv::Point2f, 4> scaled(const sdk::Polygon& points, cv::Size size) {
  std::array<cv::Point2f, 4> out;
  for (std::size_t i = 0; i < 4; ++i) out[i] = {float(points[i].x * size.width), float(points[i].y * size.height)};
  return out;
}

}  // namespace

SceneDay::SceneDay(const Settings& settings, sdk::Services& services) : settings_(settings) {
  if (settings_.day.empty()) {
    bank_.emplace(services.state());
    return;
  }
  try {
    picture_ = read_median(services.pictures(), settings_.day);
  } catch (const std::exception& error) {
    // A missing day picture is a condition, not the end of the analyzer.
    why_ = error.what();
    services.log().write(sdk::LogLevel::warning, why_);
    missing_ = true;
  }
}

bool SceneDay::due(std::optional<std::chrono::steady_clock::time_point>& last, const sdk::Input& input,
                   double seconds) const {
  const auto now = input.frame.captured();
  if (last && std::abs(std::chrono::duration<double>(now - *last).count()) < seconds) return false;
  last = now;
  return true;
}

bool SceneDay::update(const sdk::Input& input) {
  if (!bank_ || input.light == sdk::Light::adapting) return false;
  if (input.light == sdk::Light::day) {
    missing_ = false;
    if (!input.still && due(learned_, input, kLearnEvery_s)) {
      bank_->learn(input.frame.bgr(), hour_of(input.frame));
      bank_->save();
    }
    chosen_.reset();
    const bool had = !picture_.empty();
    picture_ = cv::Mat();
    return had;
  }
  if (!due(chosen_, input, kChooseEvery_s)) return false;
  const cv::Mat best = bank_->choose(input.frame.bgr());
  missing_ = best.empty();
  if (best.data == picture_.data) return false;
  picture_ = best;
  return true;
}

cv::Mat SceneDay::seen_from_camera(cv::Size size, cv::Mat& covered) const {
  cv::Mat out;
  if (!other_view()) {
    cv::resize(picture_, out, size, 0, 0, cv::INTER_CUBIC);
    covered = cv::Mat();
    return out;
  }
  const auto from = scaled(settings_.day_points, picture_.size()), to = scaled(settings_.frame_points, size);
  const cv::Mat homography = cv::getPerspectiveTransform(from.data(), to.data());
  cv::warpPerspective(picture_, out, homography, size, cv::INTER_LINEAR, cv::BORDER_REPLICATE);
  const cv::Mat all(picture_.size(), CV_8UC1, cv::Scalar(255));
  cv::warpPerspective(all, covered, homography, size, cv::INTER_NEAREST);
  return out;
}

}  // namespace lynceus::context
