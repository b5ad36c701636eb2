#include "plugins/context/seed_video.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "plugins/context/importance.h"

namespace lynceus::context {

SeedVideo::SeedVideo(const SeedVideoSettings& settings)
    : settings_(settings), stages_(static_cast<std::size_t>(settings.passes)) {}

std::optional<SeedFrame> SeedVideo::push(const cv::Mat& night) {
  std::optional<cv::Mat> frame(std::in_place);
  night.convertTo(*frame, CV_32F);
  for (SusanStage& stage : stages_) {
    frame = stage.push(*frame);
    if (!frame) return std::nullopt;
  }
  take(*frame);
  return next(false);
}

/// What the filters still hold back.
bool SeedVideo::drain() {
  for (std::size_t i = 0; i < stages_.size(); ++i) {
    while (auto frame = stages_[i].finish()) {
      std::optional<cv::Mat> through = std::move(frame);
      for (std::size_t j = i + 1; j < stages_.size() && through; ++j) through = stages_[j].push(*through);
      if (through) take(*through);
    }
  }
  return true;
}

std::optional<SeedFrame> SeedVideo::finish() {
  if (!drained_) drained_ = drain();
  return next(true);
}

void SeedVideo::take(const cv::Mat& denoised) {
  cv::Mat mask = cv::Mat::zeros(denoised.size(), CV_32FC1);
  if (!masked_.empty()) {
    const cv::Mat moved = greatest_difference(denoised, masked_.back().frame) > settings_.threshold;
    cv::Mat where = moved & bright_or_edged(denoised);
    cv::dilate(where, where, cv::Mat());
    where.convertTo(mask, CV_32F, 1.0 / 255);
  }
  masked_.push_back({denoised, mask});
}

std::optional<SeedFrame> SeedVideo::next(bool at_end) {
  const auto reach = static_cast<std::size_t>(settings_.reach);
  const bool ready = at_end ? due_ < masked_.size() : due_ + reach < masked_.size();
  if (!ready) return std::nullopt;
  SeedFrame out{number_++, masked_[due_].frame, cv::Mat::zeros(masked_[due_].mask.size(), CV_32FC1)};
  const std::size_t begin = due_ > reach ? due_ - reach : 0, end = std::min(masked_.size(), due_ + reach + 1);
  for (std::size_t i = begin; i < end; ++i) out.importance += masked_[i].mask;
  out.importance /= double(end - begin);
  if (settings_.smooth) cv::blur(out.importance, out.importance, {3, 3}, {-1, -1}, cv::BORDER_REPLICATE);
  if (due_ == reach) {
    masked_.pop_front();
  } else {
    ++due_;
  }
  return out;
}

}  // namespace lynceus::context
