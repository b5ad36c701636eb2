#include "tools/analyze/restamped.h"

#include <chrono>
#include <memory>
#include <utility>

namespace lynceus::tools {
namespace {

using namespace std::chrono_literals;

constexpr auto kInterval = 40ms;

/// The same picture at another place in time.
class Restamped final : public sdk::Frame {
 public:
  Restamped(sdk::FramePtr inner, std::int64_t frame) : inner_(std::move(inner)), frame_(frame) {}

  const std::string& camera() const override { return inner_->camera(); }
  std::uint64_t sequence() const override { return std::uint64_t(frame_); }
  std::chrono::steady_clock::time_point captured() const override {
    return std::chrono::steady_clock::time_point{1h} + frame_ * kInterval;
  }
  std::chrono::system_clock::time_point captured_wall() const override { return inner_->captured_wall(); }
  cv::Size size() const override { return inner_->size(); }
  const cv::Mat& luma() const override { return inner_->luma(); }
  const cv::Mat& bgr() const override { return inner_->bgr(); }
  const sdk::Planes* planes() const override { return inner_->planes(); }
  const sdk::Radiometric* radiometric() const override { return inner_->radiometric(); }
  bool monochrome() const override { return inner_->monochrome(); }

 private:
  const sdk::FramePtr inner_;
  const std::int64_t frame_;
};

}  // namespace

void restamp(ingest::Picture& picture, std::int64_t frame) {
  picture.frame = frame;
  picture.time_s = std::chrono::duration<double>(frame * kInterval).count();
  picture.picture = std::make_shared<Restamped>(picture.picture, frame);
}

}  // namespace lynceus::tools
