#include "tools/evaluate/people_experiments.h"

#include <algorithm>
#include <functional>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "base/clock.h"
#include "base/error.h"
#include "pipeline/ingest/picture_frame.h"
#include "pipeline/ingest/reader.h"
#include "tools/analyze/session.h"

namespace lynceus::tools {
namespace {

constexpr std::size_t kMostPictures = 200;
const cv::Size kNoiseSize{1280, 720}, kFastSize{1920, 1080};

/// What one set-up finds in pictures.
class Look {
 public:
  Look(EvaluateRun& run, const std::vector<std::string>& sets) : run_(run), setup_(run.setup(sets)) {}

  std::vector<double> confidences(const cv::Mat& bgr) {
    Session session(setup_, true, false);
    const auto report = session.process(ingest::make_picture_frame({"evaluate", 0, {}, {}, bgr, {}}));
    run_.progress.step();
    if (!report) throw Error(Exit::fatal, "evaluate", "people", session.why());
    std::vector<double> out;
    for (const sdk::Entity& entity : report->observations->entities) out.push_back(entity.confidence);
    detector_ = to_json(report->observations->details).value("detector", "");
    return out;
  }
  /// Who looked last.
  const std::string& detector() const { return detector_; }
  /// A session of its own for all pictures, so that a network is loaded once and warm.
  double seconds_each(const std::vector<cv::Mat>& pictures) {
    Session session(setup_, true, false);
    double seconds = 0;
    for (std::size_t i = 0; i <= pictures.size(); ++i) {
      const cv::Mat& picture = pictures[i == 0 ? 0 : i - 1];
      const auto report = session.process(ingest::make_picture_frame({"evaluate", i, {}, {}, picture, {}}));
      if (!report) throw Error(Exit::fatal, "evaluate", "people", session.why());
      if (i > 0) seconds += report->seconds;
    }
    return seconds / double(pictures.size());
  }

 private:
  EvaluateRun& run_;
  const Setup setup_;
  std::string detector_;
};

using Change = std::function<cv::Mat(const cv::Mat&)>;

std::int64_t found(EvaluateRun& run, const std::vector<cv::Mat>& pictures, const std::vector<std::string>& sets,
                   const Change& change) {
  Look look(run, sets);
  std::int64_t n = 0;
  for (const cv::Mat& picture : pictures) n += std::int64_t(look.confidences(change(picture)).size());
  return n;
}

cv::Mat as_it_is(const cv::Mat& picture) { return picture; }

/// So many of a hundred pixels black or white, the same ones every time.
cv::Mat noisy(const cv::Mat& picture, int percent) {
  cv::Mat out;
  cv::resize(picture, out, kNoiseSize, 0, 0, cv::INTER_AREA);
  out = out.clone();
  cv::RNG random(12345);
  for (int y = 0; y < out.rows; ++y) {
    for (int x = 0; x < out.cols; ++x) {
      if (random.uniform(0, 100) < percent)
        out.at<cv::Vec3b>(y, x) = cv::Vec3b::all(random.uniform(0, 2) == 0 ? 0 : 255);
    }
  }
  return out;
}

/// All of it stays in view.
cv::Mat rotated(const cv::Mat& picture, double degrees) {
  const cv::Size2d size = cv::RotatedRect({}, cv::Size2f(picture.size()), float(degrees)).boundingRect2f().size();
  cv::Mat turn = cv::getRotationMatrix2D({picture.cols / 2.0F, picture.rows / 2.0F}, degrees, 1), out;
  turn.at<double>(0, 2) += (size.width - picture.cols) / 2;
  turn.at<double>(1, 2) += (size.height - picture.rows) / 2;
  cv::warpAffine(picture, out, turn, cv::Size(int(size.width), int(size.height)));
  return out;
}

Json point(double value, std::int64_t people) { return Json{{"value", value}, {"people", people}}; }

/// One run at no confidence at all serves all steps: whom a surer box suppresses does not depend on where it is cut.
Json sweep_confidence(Look& look, const std::vector<cv::Mat>& pictures) {
  std::vector<double> all;
  for (const cv::Mat& picture : pictures) {
    for (const double c : look.confidences(picture)) all.push_back(c);
  }
  Json out = Json::array();
  for (int percent = 0; percent <= 100; percent += 2) {
    out.push_back(
        point(percent / 100.0, std::count_if(all.begin(), all.end(), [&](double c) { return c >= percent / 100.0; })));
  }
  return out;
}

}  // namespace

Json people_experiments(EvaluateRun& run, const std::vector<std::string>& paths) {
  std::vector<cv::Mat> pictures;
  for (const std::string& path : paths) {
    const auto picture = ingest::open_reader(path)->next();
    if (picture && pictures.size() < kMostPictures) pictures.push_back(picture->picture->bgr().clone());
  }
  if (pictures.empty()) throw Error(Exit::unreadable, "evaluate", "people", "no picture to look at");
  Json out;
  out["pictures"] = pictures.size();
  Look everybody(run, {"confidence=0.001"});
  Json confidence = sweep_confidence(everybody, pictures);
  out["detector"] = everybody.detector();
  out["confidence"] = std::move(confidence);
  Json nms = Json::array(), noise = Json::array(), rotation = Json::array();
  for (int tenth = 1; tenth <= 9; ++tenth) {
    nms.push_back(point(tenth / 10.0, found(run, pictures, {"nms=" + std::to_string(tenth / 10.0)}, as_it_is)));
  }
  for (const int percent : {0, 10, 40, 50}) {
    noise.push_back(
        point(percent / 100.0, found(run, pictures, {}, [&](const cv::Mat& p) { return noisy(p, percent); })));
  }
  for (const int degrees : {-90, -45, -30, -15, 0, 15, 30, 45, 90, 180}) {
    rotation.push_back(point(degrees, found(run, pictures, {}, [&](const cv::Mat& p) { return rotated(p, degrees); })));
  }
  std::vector<cv::Mat> large(pictures.size());
  for (std::size_t i = 0; i < pictures.size(); ++i)
    cv::resize(pictures[i], large[i], kFastSize, 0, 0, cv::INTER_LINEAR);
  out["nms"] = std::move(nms);
  out["noise"] = std::move(noise);
  out["rotation"] = std::move(rotation);
  out["fps_1080p"] = finite(1 / Look(run, {}).seconds_each(large));
  out["seed_fps"] = kSeedFps;
  return out;
}

}  // namespace lynceus::tools
