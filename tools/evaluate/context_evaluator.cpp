#include "tools/evaluate/context_evaluator.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <limits>
#include <opencv2/imgproc.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "pipeline/ingest/reader.h"
#include "tools/analyze/line.h"
#include "tools/analyze/session.h"
#include "tools/evaluate/context_clip.h"
#include "tools/evaluate/context_figures.h"
#include "tools/evaluate/context_recall.h"

namespace lynceus::tools {
namespace {

/// What other ways to put two pictures together would give, beside ours.
enum Way : std::size_t { ours, average, maximum, substitution, blend, way_count };
constexpr std::array<const char*, way_count> kWays{"ours", "average", "maximum", "substitution", "blend"};

/// The same with what is important shrunk and grown: how much hangs on its being found well.
constexpr int kOtherGrowth_px = 3;
constexpr std::size_t kRecallEvery = 10;  // frames

std::string text_option(const std::string& key, const std::string& value) { return key + "=" + Json(value).dump(); }

std::vector<std::string> options_of(const ContextClip& clip) {
  std::vector<std::string> sets{text_option("mode", "video"), text_option("day", clip.day)};
  if (!clip.reference.empty()) sets.push_back(text_option("reference", clip.reference));
  return sets;
}

const cv::Mat* view_of(const camera::AnalyzerReport& report, const std::string& name) {
  for (const sdk::View& view : report.observations->views) {
    if (view.name == name) return &view.picture;
  }
  return nullptr;
}

/// What is summed up over the frames of one or more datasets.
struct Sums {
  std::array<QualityFigures, way_count> ways;
  std::array<QualityFigures, 2> other;  // importance shrunk, grown
  std::array<Mean, 2> other_change;
  Recall recall_before, recall_after;
  std::string detector;
  Mean flicker_input, ms, residual, importance;
  double solver_error = 0;
  int frames = 0;
  std::string profile;

  void add(const Sums& o) {
    for (std::size_t i = 0; i < way_count; ++i) ways[i].add(o.ways[i]);
    for (std::size_t i = 0; i < 2; ++i) other[i].add(o.other[i]), other_change[i].add(o.other_change[i]);
    recall_before.add(o.recall_before);
    recall_after.add(o.recall_after);
    detector = o.detector;
    flicker_input.add(o.flicker_input);
    ms.add(o.ms);
    residual.add(o.residual);
    importance.add(o.importance);
    solver_error = std::max(solver_error, o.solver_error);
    frames += o.frames;
    profile = o.profile;
  }
};

double detail(const sdk::Observations& said, const std::string& name) {
  const auto* object = said.details.get_if<sdk::Value::Object>();
  if (!object) return std::numeric_limits<double>::quiet_NaN();
  for (const auto& [key, value] : *object) {
    if (key != name) continue;
    if (const double* number = value.get_if<double>()) return *number;
    if (const auto* whole = value.get_if<std::int64_t>()) return double(*whole);
  }
  return std::numeric_limits<double>::quiet_NaN();
}

std::array<cv::Mat, way_count> all_ways(const cv::Mat& result, const cv::Mat& importance, const cv::Mat& night,
                                        const cv::Mat& day) {
  std::array<cv::Mat, way_count> ways;
  ways[ours] = result;
  cv::addWeighted(night, 0.5, day, 0.5, 0, ways[average]);
  ways[maximum] = cv::max(night, day);
  ways[substitution] = day.clone();
  night.copyTo(ways[substitution], importance > 127);
  cv::Mat weight, wide_night, wide_day, sum;
  cv::merge(std::vector<cv::Mat>(3, importance), weight);
  weight.convertTo(weight, CV_32F, 1.0 / 255);
  night.convertTo(wide_night, CV_32F);
  day.convertTo(wide_day, CV_32F);
  sum = wide_day + weight.mul(wide_night - wide_day);
  sum.convertTo(ways[blend], CV_8U);
  return ways;
}

cv::Mat fitted(const cv::Mat& picture, cv::Size size, int how) {
  if (picture.empty() || picture.size() == size) return picture;
  cv::Mat out;
  cv::resize(picture, out, size, 0, 0, how);
  return out;
}

/// One clip, frame by frame. Truth (the masks) stays on this side of the session.
class ClipRun {
 public:
  ClipRun(EvaluateRun& run, const ContextClip& clip)
      : run_(run),
        clip_(clip),
        setup_(run.setup(options_of(clip))),
        session_(setup_, false),
        finder_(make_people_finder(run)) {
    sums_.detector = finder_->name();
    for (const int growth : {-kOtherGrowth_px, kOtherGrowth_px}) {
      auto sets = options_of(clip);
      sets.push_back("importance_grow=" + std::to_string(growth));
      other_setups_.push_back(std::make_unique<Setup>(run.setup(sets)));
      others_.push_back(std::make_unique<Session>(*other_setups_.back(), false));
    }
  }

  Sums evaluate(const std::string& folder) {
    const auto reader = ingest::open_reader(folder + "/night");
    while (auto picture = reader->next()) frame(*picture);
    return std::move(sums_);
  }

 private:
  void frame(const ingest::Picture& picture) {
    const auto report = session_.process(picture.picture);
    if (!report) throw Error(Exit::fatal, "evaluate", picture.input, session_.why());
    const auto number = std::size_t(sums_.frames++);
    const sdk::Observations& said = *report->observations;
    sums_.ms.add(report->seconds * 1000, 1);
    sums_.residual.add(detail(said, "residual"), 1);
    sums_.importance.add(detail(said, "importance_mean"), 1);
    if (const double error = detail(said, "solver_error"); std::isfinite(error))
      sums_.solver_error = std::max(sums_.solver_error, error);
    if (run_.out) run_.out->line(frame_line(picture, std::int64_t(number), *report));
    run_.progress.step();
    // A profile that looks ahead gives the picture of an earlier frame, or none yet.
    const double shown = detail(said, "enhanced_frame");
    const cv::Mat* result = view_of(*report, "enhanced");
    other_reports_.clear();
    if (!clip_.masks.empty()) {
      for (const auto& session : others_) other_reports_.push_back(session->process(picture.picture));
    }
    if (result) judge(std::isfinite(shown) ? std::size_t(shown) : number, *result, view_of(*report, "importance"));
  }

  void judge(std::size_t number, const cv::Mat& result, const cv::Mat* importance) {
    const cv::Mat night = fitted(read_colour(clip_.frames.at(number)), result.size(), cv::INTER_CUBIC);
    const cv::Mat day = day_picture(result.size());
    write_pictures(number, result, importance, night, day);
    if (clip_.masks.empty() || !importance) return;
    const Regions regions(fitted(read_mask(clip_.masks.at(number)), result.size(), cv::INTER_NEAREST));
    const Seen seen_night(night);
    const auto ways = all_ways(result, fitted(*importance, result.size(), cv::INTER_LINEAR), night, day);
    std::array<cv::Mat, way_count> now;
    for (std::size_t way = 0; way < way_count; ++way) {
      const Seen seen(ways[way]);
      now[way] = seen.y;
      sums_.ways[way].add(seen, seen_night, seen_day_, regions);
      if (!before_[way].empty()) sums_.ways[way].add_flicker(seen.y, before_[way], regions.far, far_before_);
    }
    judge_others(now[ours], seen_night, regions);
    if (number % kRecallEvery == 0) {
      const cv::Mat mask = fitted(read_mask(clip_.masks.at(number)), result.size(), cv::INTER_NEAREST);
      sums_.recall_before.add(recall_of(finder_->find(night), mask));
      sums_.recall_after.add(recall_of(finder_->find(result), mask));
    }
    if (!night_before_.empty()) {
      QualityFigures input;
      input.add_flicker(seen_night.y, night_before_, regions.far, far_before_);
      sums_.flicker_input.add(input.flicker);
    }
    before_ = now;
    night_before_ = seen_night.y;
    far_before_ = regions.far;
  }

  void judge_others(const cv::Mat& y, const Seen& night, const Regions& regions) {
    for (std::size_t i = 0; i < other_reports_.size(); ++i) {
      const cv::Mat* picture = other_reports_[i] ? view_of(*other_reports_[i], "enhanced") : nullptr;
      if (!picture || picture->size() != y.size()) continue;
      const Seen seen(*picture);
      sums_.other[i].add(seen, night, seen_day_, regions);
      cv::Mat change;
      cv::absdiff(seen.y, y, change);
      sums_.other_change[i].add(cv::sum(change)[0], double(change.total()));
    }
  }

  const cv::Mat& day_picture(cv::Size size) {
    if (day_.size() == size) return day_;
    day_ = fitted(read_day(), size, cv::INTER_CUBIC);
    seen_day_ = Seen(day_);
    return day_;
  }

  /// The first picture of what may be a folder or a video.
  cv::Mat read_day() const {
    const auto picture = ingest::open_reader(clip_.day)->next();
    if (!picture) throw Error(Exit::unreadable, "evaluate", clip_.day, "holds no picture");
    return picture->picture->bgr().clone();
  }

  void write_pictures(std::size_t number, const cv::Mat& result, const cv::Mat* importance, const cv::Mat& night,
                      const cv::Mat& day) {
    if (!run_.out) return;
    char name[48];
    std::snprintf(name, sizeof name, "%03zu.enhanced.png", number);
    run_.out->picture(name, result);
    if (number != clip_.frames.size() / 2 || !importance) return;
    const auto ways = all_ways(result, fitted(*importance, result.size(), cv::INTER_LINEAR), night, day);
    cv::Mat weight, strip;
    cv::cvtColor(fitted(*importance, result.size(), cv::INTER_LINEAR), weight, cv::COLOR_GRAY2BGR);
    cv::hconcat(std::vector<cv::Mat>{night, weight, ways[average], ways[blend], result}, strip);
    run_.out->picture("strip.png", strip);
  }

  EvaluateRun& run_;
  const ContextClip& clip_;
  const Setup setup_;
  Session session_;
  std::unique_ptr<PeopleFinder> finder_;
  std::vector<std::unique_ptr<Setup>> other_setups_;
  std::vector<std::unique_ptr<Session>> others_;
  std::vector<std::unique_ptr<camera::AnalyzerReport>> other_reports_;
  Sums sums_;
  cv::Mat day_, night_before_, far_before_;
  Seen seen_day_;
  std::array<cv::Mat, way_count> before_;
};

Json quality(const QualityFigures& figures) {
  return {{"foreground_gradient_correlation", finite(figures.foreground.value())},
          {"background_gradient_correlation", finite(figures.background.value())},
          {"halo", finite(figures.halo())},
          {"flicker", finite(figures.flicker.value())}};
}

Json to_json(const Sums& sums) {
  Json out{{"frames", sums.frames},
           {"fps", finite(1000 / sums.ms.value())},
           {"ms", finite(sums.ms.value())},
           {"residual", finite(sums.residual.value())},
           {"solver_error", finite(sums.solver_error)},
           {"importance_mean", finite(sums.importance.value())}};
  out.update(quality(sums.ways[ours]));
  out["flicker_input"] = finite(sums.flicker_input.value());
  out["recall_before"] = finite(sums.recall_before.value());
  out["recall_after"] = finite(sums.recall_after.value());
  out["recall_of"] = sums.recall_before.all;
  out["detector"] = sums.detector;
  for (std::size_t way = average; way < way_count; ++way) out["baselines"][kWays[way]] = quality(sums.ways[way]);
  for (std::size_t i = 0; i < 2; ++i) {
    Json other = quality(sums.other[i]);
    other.erase("flicker");
    other["change"] = finite(sums.other_change[i].value());
    out["importance"][i == 0 ? "shrunk_3px" : "grown_3px"] = std::move(other);
  }
  return out;
}

std::string number(const Json& value, int digits) {
  if (!value.is_number()) return "-";
  char text[32];
  std::snprintf(text, sizeof text, "%.*f", digits, value.get<double>());
  return text;
}

void print_way(const char* name, const Json& figures, std::FILE* to) {
  std::fprintf(to, "  %-14s %10s %10s %8s %8s\n", name,
               number(figures.value("foreground_gradient_correlation", Json()), 4).c_str(),
               number(figures.value("background_gradient_correlation", Json()), 4).c_str(),
               number(figures.value("halo", Json()), 2).c_str(), number(figures.value("flicker", Json()), 3).c_str());
}

class ContextEvaluator final : public Evaluator {
 public:
  Json evaluate(EvaluateRun& run, const std::string& dataset) override {
    const ContextClip clip = find_context_clip(dataset);
    const Sums sums = ClipRun(run, clip).evaluate(dataset);
    all_.add(sums);
    return to_json(sums);
  }
  Json pooled() const override { return to_json(all_); }

  void print(const Json& figures, const std::string& title, std::FILE* to) const override {
    std::fprintf(to,
                 "%s: %d frames, %s frames/s (published: about 1 at 320x240), residual %s, solver error %s levels\n",
                 title.c_str(), figures["frames"].get<int>(), number(figures["fps"], 1).c_str(),
                 number(figures["residual"], 4).c_str(), number(figures["solver_error"], 5).c_str());
    std::fprintf(to, "  %-14s %10s %10s %8s %8s\n", "", "foreground", "background", "halo", "flicker");
    print_way("wanted",
              {{"foreground_gradient_correlation", 0.95},
               {"background_gradient_correlation", 0.95},
               {"halo", 3.0},
               {"flicker", figures["flicker_input"]}},
              to);
    print_way("ours", figures, to);
    for (const auto& [way, of_way] : figures["baselines"].items()) print_way(way.c_str(), of_way, to);
    for (const auto& [way, of_way] : figures["importance"].items()) {
      print_way(way.c_str(), of_way, to);
      std::fprintf(to, "  %-14s changes the result by %s levels\n", "", number(of_way["change"], 3).c_str());
    }
    std::fprintf(to, "  people found (%s, %d to find): %s before, %s after\n",
                 figures["detector"].get<std::string>().c_str(), figures["recall_of"].get<int>(),
                 number(figures["recall_before"], 2).c_str(), number(figures["recall_after"], 2).c_str());
  }

 private:
  Sums all_;
};

}  // namespace

std::unique_ptr<Evaluator> make_context_evaluator() { return std::make_unique<ContextEvaluator>(); }

}  // namespace lynceus::tools
