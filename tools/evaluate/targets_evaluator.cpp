#include "tools/evaluate/targets_evaluator.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <opencv2/imgproc.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "pipeline/ingest/picture_frame.h"
#include "pipeline/ingest/reader.h"
#include "pipeline/picture/picture_io.h"
#include "plugins/targets/ratios.h"
#include "tools/analyze/line.h"
#include "tools/analyze/session.h"
#include "tools/evaluate/targets_dataset.h"
#include "tools/evaluate/targets_figures.h"

namespace lynceus::tools {
namespace {

/// A listed target, as the line of the frame has it.
struct Listed {
  std::int64_t id = 0;
  cv::Rect2d box;
  double score = 0;
  bool lost = false;
};

std::vector<Listed> listed_in(const Json& line) {
  std::vector<Listed> out;
  for (const Json& one : line.value("targets", Json::array())) {
    const Json& box = one.at("box");
    out.push_back({one.at("id").get<std::int64_t>(),
                   {box[0].get<double>(), box[1].get<double>(), box[2].get<double>(), box[3].get<double>()},
                   one.at("score").get<double>(),
                   one.at("state") == "lost"});
  }
  return out;
}

const cv::Mat& view_of(const camera::AnalyzerReport& report, const std::string& name) {
  for (const sdk::View& view : report.observations->views) {
    if (view.name == name) return view.picture;
  }
  throw Error(Exit::fatal, "evaluate", "targets", "the plugin gave no view " + name);
}

/// What the filter worked on: temperatures where there are any.
const cv::Mat& input_of(const sdk::Frame& frame) {
  const sdk::Radiometric* temperatures = frame.radiometric();
  return temperatures && temperatures->raw.size() == frame.size() ? temperatures->raw : frame.luma();
}

/// Signal to noise at a truth box, before and after the filter.
void add_ratios(const cv::Mat& picture, const cv::Mat& filtered, const cv::Rect2d& box, RatioFigures& to) {
  const auto in = targets::ratios_at(picture, box, targets::sigma_floor(picture));
  const auto out = targets::ratios_at(filtered, box, picture.depth() == CV_8U ? 0.5 : targets::sigma_floor(picture));
  if (!in || !out) return;
  to.in_db.push_back(in->snr_db);
  to.out_db.push_back(out->snr_db);
  if (in->scr > 0) to.scr_gain.push_back(out->scr / in->scr);
  to.bsf.push_back(in->sigma / out->sigma);
  to.on_floor += out->on_floor;
}

struct Sums {
  TrackFigures tracks;
  RatioFigures ratios;
  MaskFigures masks;
  std::vector<double> ms;
  std::int64_t frames = 0;

  void add(const Sums& o) {
    tracks.add(o.tracks);
    ratios.add(o.ratios);
    masks.add(o.masks);
    ms.insert(ms.end(), o.ms.begin(), o.ms.end());
    frames += o.frames;
  }
};

/// The target of a frame: the one reported first, or the best where it is to be found.
class Chosen {
 public:
  explicit Chosen(bool best) : best_(best) {}
  std::optional<cv::Rect2d> of(const std::vector<Listed>& listed) {
    const Listed* chosen = nullptr;
    for (const Listed& one : listed) {
      if (one.lost) continue;
      if (best_ ? !chosen || one.score > chosen->score : first(one.id)) chosen = &one;
    }
    if (!chosen) return std::nullopt;
    return chosen->box;
  }

 private:
  bool first(std::int64_t id) {
    if (!any_) id_ = id;
    any_ = true;
    return id_ == id;
  }
  const bool best_;
  bool any_ = false;
  std::int64_t id_ = 0;  ///< of the one reported first, once there was any
};

std::string init_option(const cv::Rect2d& box) { return "init=" + Json{box.x, box.y, box.width, box.height}.dump(); }

void run_sequence(EvaluateRun& run, const TargetSequence& sequence, Sums& sums) {
  const auto files = ingest::pictures_of(sequence.pictures);
  const std::size_t frames = std::min(files.size(), sequence.boxes.size());
  std::size_t first = 0;
  while (first < frames && !sequence.boxes[first]) ++first;
  if (first == frames) throw Error(Exit::unreadable, "evaluate", sequence.pictures, "has no picture with a box");
  if (run.find_targets) first = 0;
  const Setup setup =
      run.setup(run.find_targets ? std::vector<std::string>{} : std::vector{init_option(*sequence.boxes[first])});
  Session session(setup, false);
  Chosen chosen(run.find_targets);
  for (std::size_t i = first; i < frames; ++i) {
    ingest::Picture picture = *ingest::open_reader(files[i])->next();
    const auto report = session.process(picture.picture);
    if (!report) throw Error(Exit::fatal, "evaluate", picture.input, session.why());
    const Json line = frame_line(picture, std::int64_t(i), *report);
    if (run.out) run.out->line(line);
    run.progress.step();
    sums.ms.push_back(report->seconds * 1000);
    ++sums.frames;
    const auto box = chosen.of(listed_in(line));
    const auto& truth = sequence.boxes[i];
    if (!truth) continue;
    add_ratios(input_of(*picture.picture), view_of(*report, "filtered"), *truth, sums.ratios);
    if (i > first || run.find_targets) sums.tracks.add_frame(*truth, box);
  }
  sums.tracks.end_sequence();
}

cv::Mat read_mask(const std::string& path) {
  cv::Mat pixels = picture::read(path).pixels;
  if (pixels.channels() == 3) cv::cvtColor(pixels, pixels, cv::COLOR_BGR2GRAY);
  return cv::Mat(pixels > 0);
}

std::vector<cv::Rect2d> boxes_of(const cv::Mat& mask) {
  cv::Mat labels, stats, centres;
  const int count = cv::connectedComponentsWithStats(mask, labels, stats, centres, 8, CV_32S);
  std::vector<cv::Rect2d> boxes;
  for (int i = 1; i < count; ++i) {
    boxes.emplace_back(stats.at<int>(i, cv::CC_STAT_LEFT), stats.at<int>(i, cv::CC_STAT_TOP),
                       stats.at<int>(i, cv::CC_STAT_WIDTH), stats.at<int>(i, cv::CC_STAT_HEIGHT));
  }
  return boxes;
}

void run_picture(EvaluateRun& run, const Setup& setup, const MaskedPicture& one, Sums& sums) {
  Session session(setup, true);
  const ingest::Picture picture = *ingest::open_reader(one.picture)->next();
  const auto report = session.process(picture.picture);
  if (!report) throw Error(Exit::fatal, "evaluate", picture.input, session.why());
  const Json line = frame_line(picture, 0, *report);
  if (run.out) run.out->line(line);
  run.progress.step();
  sums.ms.push_back(report->seconds * 1000);
  ++sums.frames;
  const cv::Size size = picture.picture->size();
  const cv::Mat mask = one.mask.empty() ? cv::Mat() : read_mask(one.mask);
  if (!mask.empty() && mask.size() != size)
    throw Error(Exit::unreadable, "evaluate", one.mask, "is not as large as its picture");
  std::vector<Hit> hits;
  for (const Listed& target : listed_in(line)) {
    if (!target.lost) hits.push_back({target.box, target.score});
  }
  sums.masks.add_picture(size, mask, hits, view_of(*report, "response"), view_of(*report, "filtered"));
  if (mask.empty()) return;
  for (const cv::Rect2d& box : boxes_of(mask))
    add_ratios(input_of(*picture.picture), view_of(*report, "filtered"), box, sums.ratios);
}

std::optional<double> quantile(std::vector<double> values, double share) {
  if (values.empty()) return std::nullopt;
  const auto place = values.begin() + std::ptrdiff_t(share * double(values.size() - 1) + 0.5);
  std::nth_element(values.begin(), place, values.end());
  return *place;
}

Json maybe(const std::optional<double>& value) { return value ? finite(*value) : Json(); }

Json to_json(const Sums& sums) {
  const auto track = sums.tracks.mean();
  const auto of = [&](double TrackFigures::Values::*member) { return track ? finite((*track).*member) : Json(); };
  double total_ms = 0;
  for (const double ms : sums.ms) total_ms += ms;
  const RatioFigures& ratios = sums.ratios;
  Json out{
      {"frames", sums.frames},
      {"aor", of(&TrackFigures::Values::aor)},
      {"precision_5px", of(&TrackFigures::Values::precision_5px)},
      {"precision_20px", of(&TrackFigures::Values::precision_20px)},
      {"success_auc", of(&TrackFigures::Values::success_auc)},
      {"precision_norm", of(&TrackFigures::Values::precision_norm)},
      {"fps", total_ms > 0 ? finite(1000.0 * double(sums.frames) / total_ms) : Json()},
      {"ms_p50", maybe(quantile(sums.ms, 0.5))},
      {"ms_p99", maybe(quantile(sums.ms, 0.99))},
      {"snr_in_db", maybe(quantile(ratios.in_db, 0.5))},
      {"snr_out_db", maybe(quantile(ratios.out_db, 0.5))},
      {"snr_out_db_max", maybe(quantile(ratios.out_db, 1))},
      {"snr_on_floor", ratios.out_db.empty() ? Json() : finite(double(ratios.on_floor) / double(ratios.out_db.size()))},
      {"scr_gain", maybe(quantile(ratios.scr_gain, 0.5))},
      {"bsf", maybe(quantile(ratios.bsf, 0.5))}};
  if (sums.masks.parts() > 0) {
    out["detection"] = {{"pd", finite(sums.masks.pd())},
                        {"fa_per_mpx", finite(sums.masks.fa_per_mpx())},
                        {"iou", finite(sums.masks.iou())},
                        {"pd_at_1e5", finite(sums.masks.pd_at(1e-5))},
                        {"greatest_on_target", finite(sums.masks.greatest_on_target())}};
  }
  return out;
}

std::string number(const Json& value, int digits) {
  if (!value.is_number()) return "-";
  char text[32];
  std::snprintf(text, sizeof text, "%.*f", digits, value.get<double>());
  return text;
}

void print_row(const char* what, const std::string& ours, const char* published, std::FILE* to) {
  std::fprintf(to, "  %-34s %10s   %s\n", what, ours.c_str(), published);
}

class TargetsEvaluator final : public Evaluator {
 public:
  Json evaluate(EvaluateRun& run, const std::string& folder) override {
    const TargetsDataset dataset = open_targets_dataset(folder);
    Sums sums;
    if (dataset.sequence) run_sequence(run, *dataset.sequence, sums);
    if (!dataset.pictures.empty()) {
      const Setup setup = run.setup();
      for (const MaskedPicture& picture : dataset.pictures) run_picture(run, setup, picture, sums);
    }
    all_.add(sums);
    return to_json(sums);
  }
  Json pooled() const override { return to_json(all_); }

  void print(const Json& f, const std::string& title, std::FILE* to) const override {
    std::fprintf(to, "%s: %d frames\n", title.c_str(), f["frames"].get<int>());
    print_row("", "ours", "published (on data it does not name)", to);
    print_row("signal to noise, in, dB", number(f["snr_in_db"], 1), "", to);
    print_row("signal to noise, out, median, dB", number(f["snr_out_db"], 1), "", to);
    print_row("signal to noise, out, greatest, dB", number(f["snr_out_db_max"], 1), "35", to);
    print_row("  of them on the floor of sigma", number(f["snr_on_floor"], 3), "", to);
    print_row("SCR gain", number(f["scr_gain"], 2), "", to);
    print_row("background suppression", number(f["bsf"], 2), "", to);
    print_row("overlap (AOR)", number(f["aor"], 3), "0.9", to);
    print_row("precision, 20 px", number(f["precision_20px"], 3), "about 0.90 (undefined)", to);
    print_row("precision, 5 px", number(f["precision_5px"], 3), "", to);
    print_row("precision, a fifth of the box", number(f["precision_norm"], 3), "", to);
    print_row("success AUC", number(f["success_auc"], 3), "", to);
    print_row("frames/s", number(f["fps"], 1), "201 to 205 (GTX 980M)", to);
    print_row("ms a frame, median / 99 %", number(f["ms_p50"], 2) + " / " + number(f["ms_p99"], 2), "", to);
    if (!f.contains("detection")) return;
    const Json& d = f["detection"];
    print_row("targets found (Pd)", number(d["pd"], 3), "", to);
    print_row("false targets a million pixels", number(d["fa_per_mpx"], 2), "", to);
    print_row("overlap of those found (IoU)", number(d["iou"], 3), "", to);
    print_row("Pd at 1e-5 false pixels", number(d["pd_at_1e5"], 3), "", to);
    print_row("greatest M on a target", number(d["greatest_on_target"], 3), "", to);
  }

 private:
  Sums all_;
};

}  // namespace

std::unique_ptr<Evaluator> make_targets_evaluator() { return std::make_unique<TargetsEvaluator>(); }

}  // namespace lynceus::tools
