#include "tools/evaluate/people_evaluator.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "pipeline/ingest/picture_frame.h"
#include "pipeline/ingest/still.h"
#include "tools/analyze/line.h"
#include "tools/analyze/session.h"
#include "tools/evaluate/people_distance.h"
#include "tools/evaluate/people_experiments.h"
#include "tools/evaluate/people_sequence.h"
#include "tools/evaluate/people_tracking.h"
#include "tools/evaluate/people_wildtrack.h"

namespace lynceus::tools {
namespace {

namespace fs = std::filesystem;

bool boxes_from_file(const EvaluateRun& run) {
  return std::any_of(run.request.sets.begin(), run.request.sets.end(),
                     [](const std::string& s) { return s == "detector=file" || s == "detector=\"file\""; });
}

std::vector<LabelledBox> boxes_of(const sdk::Observations& said) {
  std::vector<LabelledBox> out;
  for (const sdk::Entity& entity : said.entities) out.push_back({entity.id, entity.box});
  return out;
}

/// The frames of a sequence: its pictures, or blank ones of its size where boxes come out of a file.
class Frames {
 public:
  explicit Frames(const PeopleSequence& sequence)
      : sequence_(sequence), blank_(sequence.size, CV_8UC1, cv::Scalar(0)) {}

  ingest::Picture at(int i) const {
    const double time_s = i / sequence_.fps;
    const auto captured = MonoTime{std::chrono::hours{1}} +
                          std::chrono::duration_cast<MonoTime::duration>(std::chrono::duration<double>(time_s));
    const bool blank = sequence_.pictures.empty();
    const std::string input = blank ? sequence_.folder : sequence_.pictures[std::size_t(i)];
    ingest::Still still = blank ? ingest::Still{blank_, {}} : ingest::read_still(input);
    auto frame = ingest::make_picture_frame(
        {"evaluate", std::uint64_t(i), captured, {}, std::move(still.picture), std::move(still.radiometric)});
    return {input, i, time_s, std::move(frame)};
  }

 private:
  const PeopleSequence& sequence_;
  const cv::Mat blank_;
};

struct Timed {
  TrackingFigures figures;
  double seconds = 0, frames = 0;

  Timed& operator+=(const Timed& o) {
    figures += o.figures;
    seconds += o.seconds, frames += o.frames;
    return *this;
  }
  Json json() const {
    Json out;
    out["mota"] = finite(figures.mota());
    out["motp"] = finite(figures.motp());
    out["idf1"] = finite(figures.idf1());
    out["hota"] = finite(figures.hota());
    out["id_switches"] = std::int64_t(figures.switches);
    out["fps"] = finite(frames / seconds);
    return out;
  }
};

Timed track(EvaluateRun& run, const PeopleSequence& sequence) {
  const bool file = boxes_from_file(run);
  if (sequence.pictures.empty() && !file)
    throw Error(Exit::unreadable, "evaluate", sequence.folder, "no img1/; --set detector=file takes det/det.txt");
  std::vector<std::string> sets;
  if (file) sets.push_back("model=" + Json(fs::absolute(sequence.folder + "/det/det.txt").string()).dump());
  Session session(run.setup(sets), false, false);
  const Frames frames(sequence);
  Timed out;
  Tracks result;
  for (int i = 0; i < sequence.frames; ++i) {
    const ingest::Picture picture = frames.at(i);
    const auto report = session.process(picture.picture);
    run.progress.step();
    if (!report) throw Error(Exit::fatal, "evaluate", picture.input, session.why());
    result[i + 1] = boxes_of(*report->observations);
    out.seconds += file ? report->cpu_seconds : report->seconds;  // one thread, or a network's many
    if (run.out) run.out->line(frame_line(picture, i, *report));
  }
  out.frames = sequence.frames;
  out.figures = tracking_figures(sequence.truth, without_ignored(sequence, result));
  return out;
}

Json json_of(const WildtrackFigures& w) {
  Json distance = w.by_method.at(w.main).json();
  for (const auto& [method, figures] : w.by_method) distance["by_method"][method] = figures.json();
  for (const auto& [camera, methods] : w.by_camera) {
    for (const auto& [method, figures] : methods) distance["by_camera"][camera][method] = figures.json();
  }
  distance["method"] = w.main;
  return distance;
}

std::vector<std::string> pictures_at(const std::string& dataset) {
  if (!fs::is_directory(dataset)) return {dataset};
  return ingest::pictures_of(dataset);
}

double at(const Json& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_number() ? found->get<double>() : 0;
}

void print_distance(const Json& d, std::FILE* to) {
  std::fprintf(to, "  %-16s %9s %9s %10s %10s %8s\n", "method", "median m", "95 % m", "precision", "recall", "F1");
  for (const auto& [method, f] : d["by_method"].items()) {
    std::fprintf(to, "  %-16s", method.c_str());
    f["median_m"].is_null() ? std::fprintf(to, " %9s %9s", "-", "-")
                            : std::fprintf(to, " %9.3f %9.3f", at(f, "median_m"), at(f, "p95_m"));
    std::fprintf(to, " %10.3f %10.3f %8.3f\n", at(f, "violation_precision"), at(f, "violation_recall"),
                 at(f, "violation_f1"));
  }
}

void print_points(const Json& points, const char* what, std::FILE* to) {
  std::fprintf(to, "  %s\n   ", what);
  for (const Json& p : points) std::fprintf(to, " %g:%d", at(p, "value"), int(at(p, "people")));
  std::fprintf(to, "\n");
}

void print_experiments(const Json& e, std::FILE* to) {
  std::fprintf(to, "  people found in %d pictures by %s\n", int(at(e, "pictures")), e.value("detector", "").c_str());
  print_points(e["confidence"], "least confidence", to);
  print_points(e["nms"], "overlap from which the worse of two boxes goes", to);
  print_points(e["noise"], "salt and pepper, at 1280×720 (seed: found at 0.1, lost at 0.5)", to);
  print_points(e["rotation"], "rotation, degrees", to);
  std::fprintf(to, "  %.1f frames/s at 1920×1080 (seed: %.0f)\n", at(e, "fps_1080p"), kSeedFps);
}

class PeopleEvaluator final : public Evaluator {
 public:
  Json evaluate(EvaluateRun& run, const std::string& dataset) override {
    if (is_wildtrack(dataset)) return distances(run, dataset);
    if (is_people_sequence(dataset)) return tracking(run, dataset);
    if (!fs::exists(dataset)) throw Error(Exit::unreadable, "evaluate", dataset, "no such folder");
    return people_experiments(run, pictures_at(dataset));
  }

  Json pooled() const override {
    Json out = tracked_ > 0 ? tracking_.json() : Json::object();
    if (!distance_.main.empty()) out["distance"] = json_of(distance_);
    return out;
  }

  void print(const Json& f, const std::string& title, std::FILE* to) const override {
    std::fprintf(to, "%s\n", title.c_str());
    if (f.contains("idf1")) {
      std::fprintf(to, "  HOTA %.2f   IDF1 %.2f   MOTA %.2f   MOTP %.2f   id switches %d   %.0f frames/s\n",
                   at(f, "hota"), at(f, "idf1"), at(f, "mota"), at(f, "motp"), int(at(f, "id_switches")), at(f, "fps"));
    }
    if (f.contains("distance")) print_distance(f["distance"], to);
    if (f.contains("fps_1080p")) print_experiments(f, to);
    std::fprintf(to, "\n");
  }

 private:
  Json tracking(EvaluateRun& run, const std::string& dataset) {
    const Timed timed = track(run, read_people_sequence(dataset));
    tracking_ += timed;
    ++tracked_;
    return timed.json();
  }

  Json distances(EvaluateRun& run, const std::string& dataset) {
    const WildtrackFigures figures = measure_wildtrack(run, dataset);
    if (distance_.main.empty()) distance_.main = figures.main;
    for (const auto& [method, f] : figures.by_method) distance_.by_method[method] += f;
    for (const auto& [camera, methods] : figures.by_camera) {
      for (const auto& [method, f] : methods) distance_.by_camera[camera][method] += f;
    }
    return Json{{"distance", json_of(figures)}};
  }

  Timed tracking_;
  int tracked_ = 0;
  WildtrackFigures distance_;
};

}  // namespace

std::unique_ptr<Evaluator> make_people_evaluator() { return std::make_unique<PeopleEvaluator>(); }

}  // namespace lynceus::tools
