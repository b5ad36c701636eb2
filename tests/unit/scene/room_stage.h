// The plugin scene under the eyes of a test: a network that the test paints, services of its own, time that passes by
// showing frames. Nothing of the daemon is in it.
//
//   RoomStage stage({{"exit.after", 60.0}}, {zone});
//   stage.network.answer(labels);                    // what a perfect network would say of what is shown next
//   stage.show(picture, 30);                         // for 30 seconds, a frame a second
//   stage.active("exit_blocked:door")
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "plugins/scene/room_watch.h"
#include "plugins/scene/settings.h"
#include "tests/support/test_frame.h"

namespace lynceus::test {

/// Answers what it is told; `errors` of its pixels are wrong, most of them always the same ones, some by chance.
class PaintedNetwork : public sdk::Inference {
 public:
  double errors = 0;
  int classes = 4;
  int looks = 0;
  std::vector<std::vector<int>> shapes{{3, 240, 320}};
  std::function<cv::Mat(cv::Mat)> tamper;  ///< changes the tensor that is answered

  void answer(const cv::Mat& labels) { labels_ = labels.clone(); }

  Model load(const sdk::ModelFile&) override { return 0; }
  std::vector<std::vector<int>> input_shapes(Model) const override { return shapes; }
  std::vector<cv::Mat> infer(Model, const std::vector<cv::Mat>& inputs) override {
    ++looks;
    last_input = inputs.at(0).clone();
    cv::Mat logits({1, classes, kSize.height, kSize.width}, CV_32F, cv::Scalar(0));
    cv::Mat small = cv::Mat::zeros(kSize, CV_8U);
    if (!labels_.empty()) cv::resize(labels_, small, kSize, 0, 0, cv::INTER_NEAREST);
    const cv::Mat wrong = mistaken(small);
    for (int i = 0; i < classes; ++i) {
      cv::Mat plane(kSize, CV_32F, logits.ptr<float>(0, i)), noise(kSize, CV_32F);
      random_.fill(noise, cv::RNG::NORMAL, 0, 0.5);
      noise.copyTo(plane);
      plane.setTo(cv::Scalar(2.5), wrong == i);
    }
    return {tamper ? tamper(logits) : logits};
  }

  cv::Mat last_input;
  static inline const cv::Size kSize{80, 60};

 private:
  /// Patches of the picture in which it always takes one class for another, and specks that come and go.
  cv::Mat mistaken(const cv::Mat& labels) {
    cv::Mat out = labels.clone(), patches(kSize.height / 6, kSize.width / 6, CV_32F), fine, specks(kSize, CV_32F);
    cv::RNG fixed(5);
    fixed.fill(patches, cv::RNG::UNIFORM, 0, 1);
    cv::resize(patches, fine, kSize, 0, 0, cv::INTER_NEAREST);
    random_.fill(specks, cv::RNG::UNIFORM, 0, 1);
    cv::Mat table = cv::Mat::zeros(1, 256, CV_8U), other;
    for (int i = 0; i < 4; ++i)
      table.at<uchar>(i) = static_cast<uchar>(i == 3 ? 2 : i + 1);  // props are furniture to it
    cv::LUT(labels, table, other);
    other.copyTo(out, fine < 0.8 * errors);
    other.copyTo(out, specks < 0.2 * errors);
    return out;
  }

  cv::Mat labels_;
  cv::RNG random_{77};
};

class RoomStage final : public sdk::Services {
 public:
  using Values = std::map<std::string, sdk::OptionValue>;

  explicit RoomStage(Values options = {}, std::vector<sdk::Zone> zones = {}) {
    auto values = sdk::defaults_of(scene::option_table()).values();
    for (auto& [key, value] : options) values.insert_or_assign(key, value);
    options_ = sdk::Options(values);
    for (sdk::Zone& zone : zones) {
      auto own = values;
      for (const auto& [key, value] : zone.options.values()) own.insert_or_assign(key, value);
      zone.options = sdk::Options(own);
    }
    camera_.id = "cam";
    camera_.zones = std::move(zones);
  }

  PaintedNetwork painted;
  sdk::Inference* network = &painted;  ///< or another one
  sdk::Facts facts;
  sdk::Light light = sdk::Light::day;
  std::vector<std::string> wanted;
  sdk::Observations said;
  std::map<std::string, std::vector<std::byte>, std::less<>> blobs;
  std::vector<std::string> log_lines;

  /// A restart of the daemon.
  void restart() { analyzer_ = std::make_unique<scene::RoomWatch>(*this); }
  double now_s() const { return now_s_; }

  /// Frames of a living camera: with noise that is never the same twice.
  void show(const cv::Mat& picture, double for_s, bool take_reference = false, double step_s = 1) {
    for (const double end = now_s_ + for_s; now_s_ < end; take_reference = false) {
      now_s_ += step_s;
      frame(grained(picture), take_reference, false);
    }
  }
  /// With a picture that depends on time.
  void play(const std::function<cv::Mat(double)>& picture, double for_s, double step_s = 1) {
    const double began = now_s_;
    while (now_s_ < began + for_s) {
      now_s_ += step_s;
      frame(grained(picture(now_s_ - began)), false, false);
    }
  }
  void show_still(const cv::Mat& picture) { frame(picture, false, true); }

  bool active(const std::string& key) const { return condition(key).active; }
  const sdk::Condition& condition(const std::string& key) const {
    for (const sdk::Condition& c : said.conditions) {
      if (c.key() == key) return c;
    }
    throw std::runtime_error("no condition " + key);
  }
  double measured(const std::string& name, const std::string& label = "") const {
    for (const sdk::Measurement& m : said.measurements) {
      if (m.name == name && (label.empty() || (!m.labels.empty() && m.labels.front().value == label))) return m.value;
    }
    throw std::runtime_error("not measured: " + name);
  }
  const cv::Mat* view(const std::string& name) const {
    for (const sdk::View& v : said.views) {
      if (v.name == name) return &v.picture;
    }
    return nullptr;
  }

 private:
  cv::Mat grained(const cv::Mat& picture) {
    if (grains_.empty() || grains_.front().size() != picture.size()) {
      grains_.assign(5, cv::Mat());
      for (cv::Mat& grain : grains_) {
        grain = cv::Mat(picture.size(), CV_16SC3);
        random_.fill(grain, cv::RNG::NORMAL, 0, 2);
      }
    }
    cv::Mat out;
    cv::add(picture, grains_[std::size_t(random_.uniform(0, 5))], out, cv::noArray(), CV_8U);
    return out;
  }
  void frame(const cv::Mat& picture, bool take_reference, bool still) {
    if (!analyzer_) restart();
    TestFrame frame;
    frame.captured_at = MonoTime{} + std::chrono::microseconds(std::int64_t(1e6 * now_s_));
    frame.colour = picture;
    cv::cvtColor(picture, frame.picture, cv::COLOR_BGR2GRAY);
    cv::Mat shrunk;
    cv::resize(frame.picture, shrunk, {160, 160 * picture.rows / picture.cols}, 0, 0, cv::INTER_AREA);
    const cv::Mat motion = cv::Mat::zeros(shrunk.size(), CV_8U);
    said = {};
    analyzer_->process({frame, shrunk, motion, {}, light, false, facts, wanted, still, take_reference}, said);
  }

  class Lines final : public sdk::Log {
   public:
    explicit Lines(std::vector<std::string>& lines) : lines_(lines) {}
    void write(sdk::LogLevel, std::string_view message) override { lines_.emplace_back(message); }

   private:
    std::vector<std::string>& lines_;
  };
  class Blobs final : public sdk::State {
   public:
    explicit Blobs(RoomStage& stage) : stage_(stage) {}
    std::optional<std::vector<std::byte>> read(std::string_view name) override {
      const auto found = stage_.blobs.find(name);
      return found == stage_.blobs.end() ? std::nullopt : std::optional(found->second);
    }
    bool write(std::string_view name, std::span<const std::byte> blob) override {
      stage_.blobs[std::string(name)] = {blob.begin(), blob.end()};
      return true;
    }

   private:
    RoomStage& stage_;
  };
  class NoPictures final : public sdk::Pictures {
    void read(const std::string&, const Take&) override { throw std::runtime_error("none here"); }
  };
  class NoFiles final : public sdk::Files {
    std::string read(const std::string&) override { throw std::runtime_error("none here"); }
  };
  class Clock final : public sdk::Clock {
    std::chrono::steady_clock::time_point now() const override { return {}; }
    std::chrono::system_clock::time_point wall() const override { return {}; }
  };

  sdk::Log& log() override { return lines_; }
  const sdk::Clock& clock() const override { return clock_; }
  const sdk::Options& options() const override { return options_; }
  const sdk::CameraInfo& camera() const override { return camera_; }
  sdk::Inference& inference() override { return *network; }
  sdk::State& state() override { return state_; }
  sdk::Pictures& pictures() override { return pictures_; }
  sdk::Files& files() override { return files_; }

  sdk::Options options_;
  sdk::CameraInfo camera_;
  Lines lines_{log_lines};
  Blobs state_{*this};
  NoPictures pictures_;
  NoFiles files_;
  Clock clock_;
  std::unique_ptr<scene::RoomWatch> analyzer_;
  double now_s_ = 1000;
  cv::RNG random_{99};
  std::vector<cv::Mat> grains_;
};

}  // namespace lynceus::test
