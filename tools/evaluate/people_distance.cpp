#include "tools/evaluate/people_distance.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <memory>
#include <opencv2/core.hpp>
#include <optional>
#include <sstream>
#include <utility>

#include "base/clock.h"
#include "base/error.h"
#include "pipeline/ingest/picture_frame.h"
#include "plugins/people/camera_file.h"
#include "plugins/people/ground.h"
#include "tools/analyze/line.h"
#include "tools/analyze/session.h"
#include "tools/evaluate/people_wildtrack.h"
#include "tools/process/workspace.h"

namespace lynceus::tools {
namespace {

namespace fs = std::filesystem;

constexpr double kPairsUpTo_m = 5, kTolerance = 1e-6;
const cv::Size kPicture{1920, 1080};

struct MethodSets {
  std::string name;
  std::vector<std::string> sets;
};

std::string text_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw Error(Exit::unreadable, "evaluate", path, "cannot be opened");
  std::ostringstream out;
  out << file.rdbuf();
  return out.str();
}

std::string set(const std::string& key, const Json& value) { return key + "=" + value.dump(); }

/// Corners of the largest rectangle of whole metres that is all seen, in metres and rounded pixels.
std::pair<Json, Json> largest_rectangle(const people::Ground& ground) {
  const cv::Rect2d frame(0, 0, kPicture.width, kPicture.height);
  const auto pixel = [&](int x, int y) -> std::optional<cv::Point2d> {
    const auto p = ground.pixel({double(x), double(y)});
    return p && frame.contains(*p) ? p : std::nullopt;
  };
  double most = 0;
  cv::Rect best;
  for (int x0 = -3; x0 < 9; ++x0) {
    for (int y0 = -9; y0 < 27; ++y0) {
      if (!pixel(x0, y0)) continue;
      for (int x1 = x0 + 1; x1 <= 9; ++x1) {
        for (int y1 = y0 + 1; y1 <= 27; ++y1) {
          const double area = double(x1 - x0) * (y1 - y0);
          if (area > most && pixel(x1, y0) && pixel(x1, y1) && pixel(x0, y1))
            most = area, best = {x0, y0, x1 - x0, y1 - y0};
        }
      }
    }
  }
  if (most == 0) throw Error(Exit::unreadable, "evaluate", "calibration", "no square metre of the floor is seen");
  Json image = Json::array(), metres = Json::array();
  for (const cv::Point corner :
       {best.tl(), cv::Point(best.br().x, best.y), best.br(), cv::Point(best.x, best.br().y)}) {
    const cv::Point2d p = *pixel(corner.x, corner.y);
    image.push_back({std::round(p.x), std::round(p.y)});
    metres.push_back({corner.x, corner.y});
  }
  return {image, metres};
}

std::optional<std::string> told(const std::vector<std::string>& sets, const std::string& key) {
  std::optional<std::string> out;
  for (const std::string& one : sets) {
    if (!one.starts_with(key + "=")) continue;
    out = one.substr(key.size() + 1);
    std::erase(*out, '"');
  }
  return out;
}

std::vector<MethodSets> methods_for(const EvaluateRun& run, const std::string& folder, const std::string& camera) {
  const std::string inner = folder + "/calibrations/intrinsic_zero/intr_" + camera + ".xml";
  const std::string outer = folder + "/calibrations/extrinsic/extr_" + camera + ".xml";
  const auto calibration = people::read_camera(text_of(inner), text_of(outer));
  const auto ground = people::Ground::of({{}, calibration}, kPicture);
  const auto [image, metres] = largest_rectangle(ground);
  const std::string calibrated = set("calibration", fs::absolute(inner).string()),
                    outside = set("extrinsic", fs::absolute(outer).string());
  const std::vector<MethodSets> all{
      {"calibration", {set("method", "calibration"), calibrated, outside}},
      {"homography", {set("method", "homography"), set("homography.image", image), set("homography.metres", metres)}},
      {"perspective", {set("method", "perspective"), set("focal_px", calibration.k(0, 0))}},
      {"pixels", {set("method", "pixels"), set("point", "foot")}},
      {"pixels_centre", {set("method", "pixels"), set("point", "centre")}}};
  const auto one = told(run.request.sets, "method");
  if (!one) return all;
  std::vector<MethodSets> out;
  for (const MethodSets& m : all) {
    if (m.name == *one) out.push_back(m);
  }
  if (out.empty())
    throw Error(Exit::usage, "--set", "method", "accepted: calibration, homography, perspective, pixels");
  return out;
}

/// The boxes of one camera as a file of boxes; whose they are, a list a moment.
std::vector<std::vector<const WildtrackPerson*>> write_boxes(const std::vector<WildtrackMoment>& moments,
                                                             std::size_t camera, const std::string& path) {
  std::ofstream file(path);
  std::vector<std::vector<const WildtrackPerson*>> out(moments.size());
  for (std::size_t m = 0; m < moments.size(); ++m) {
    for (const WildtrackPerson& person : moments[m].people) {
      const auto& box = person.boxes[camera];
      if (!box || !(box->width > 0) || !(box->height > 0)) continue;
      file << m + 1 << ",-1," << box->x << ',' << box->y << ',' << box->width << ',' << box->height << ",1\n";
      out[m].push_back(&person);
    }
  }
  return out;
}

bool cut(const cv::Rect2d& box) {
  return box.y + box.height >= kPicture.height - 5 || box.x <= 2 || box.x + box.width >= kPicture.width - 3;
}

/// Whom the analyzer's ids mean: boxes come back as they were given.
class Whose {
 public:
  Whose(const Json& people, const std::vector<const WildtrackPerson*>& truth, std::size_t camera) {
    std::vector<char> used(truth.size());
    for (const Json& person : people) {
      const Json& b = person["box"];
      const cv::Rect2d box(b[0].get<double>(), b[1].get<double>(), b[2].get<double>(), b[3].get<double>());
      for (std::size_t i = 0; i < truth.size(); ++i) {
        if (used[i] || *truth[i]->boxes[camera] != box) continue;
        used[i] = 1;
        by_id_[person["id"].get<std::int64_t>()] = truth[i];
        break;
      }
    }
  }
  const WildtrackPerson& operator[](const Json& id) const { return *by_id_.at(id.get<std::int64_t>()); }

 private:
  std::map<std::int64_t, const WildtrackPerson*> by_id_;
};

/// Adds the figures of all pairs of a line.
void count(const Json& line, const Whose& whose, std::size_t camera, bool metric, double limit_m,
           DistanceFigures& out) {
  std::map<std::pair<std::int64_t, std::int64_t>, bool> close;
  for (const Json& pair : line["pairs"]) {
    const std::int64_t a = pair["a"], b = pair["b"];
    close[std::minmax(a, b)] = pair["violation"];
  }
  const Json& people = line["people"];
  const auto person = [&](const Json& p) { return &whose[p["id"]]; };
  for (std::size_t i = 0; i < people.size(); ++i) {
    if (cut(*person(people[i])->boxes[camera])) continue;
    for (std::size_t j = i + 1; j < people.size(); ++j) {
      if (cut(*person(people[j])->boxes[camera])) continue;
      const double real = cv::norm(person(people[i])->metres - person(people[j])->metres);
      const std::int64_t a = people[i]["id"], b = people[j]["id"];
      const auto found = close.find(std::minmax(a, b));
      const bool violation = limit_m - real > kTolerance, said = found != close.end() && found->second;
      out.violations += violation, out.alarms += said, out.hits += violation && said;
      const Json &ga = people[i]["ground"], &gb = people[j]["ground"];
      if (!metric || ga.is_null() || gb.is_null() || real >= kPairsUpTo_m) continue;
      const double ours =
          std::hypot(ga[0].get<double>() - gb[0].get<double>(), ga[1].get<double>() - gb[1].get<double>());
      out.errors_m.push_back(std::abs(ours - real));
    }
  }
}

double percentile(std::vector<double> values, double share) {
  if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
  const auto at = values.begin() + std::ptrdiff_t(share * double(values.size() - 1) + 0.5);
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

/// One camera by one method over all moments.
class Pass {
 public:
  Pass(EvaluateRun& run, const std::vector<WildtrackMoment>& moments, std::size_t camera, bool write)
      : run_(run), moments_(moments), camera_(camera), write_(write) {}

  DistanceFigures run(const Setup& setup, const std::vector<std::vector<const WildtrackPerson*>>& truth, bool metric) {
    const double limit_m = setup.camera.analyzers[0].options.number("limit_m");
    Session session(setup, true, false);
    static const cv::Mat blank(kPicture, CV_8UC1, cv::Scalar(0));
    DistanceFigures out;
    for (std::size_t m = 0; m < moments_.size(); ++m) {
      const auto frame = ingest::make_picture_frame(
          {kWildtrackCameras[camera_], m, MonoTime{} + std::chrono::milliseconds(500 * m), {}, blank, {}});
      const auto report = session.process(frame);
      run_.progress.step();
      if (!report) throw Error(Exit::usage, "evaluate", moments_[m].file, session.why());
      Json line = frame_line({moments_[m].file, std::int64_t(m), 0.5 * double(m), frame}, std::int64_t(m), *report);
      const Whose whose(line["people"], truth[m], camera_);
      count(line, whose, camera_, metric, limit_m, out);
      if (write_ && run_.out) run_.out->line(named(std::move(line), whose));
    }
    return out;
  }

 private:
  Json named(Json line, const Whose& whose) const {
    const auto id = [&](const Json& ours) { return whose[ours].id; };
    line["camera"] = kWildtrackCameras[camera_];
    for (Json& person : line["people"]) person["id"] = id(person["id"]);
    for (Json& pair : line["pairs"]) pair["a"] = id(pair["a"]), pair["b"] = id(pair["b"]);
    return line;
  }

  EvaluateRun& run_;
  const std::vector<WildtrackMoment>& moments_;
  const std::size_t camera_;
  const bool write_;
};

}  // namespace

DistanceFigures& DistanceFigures::operator+=(const DistanceFigures& o) {
  errors_m.insert(errors_m.end(), o.errors_m.begin(), o.errors_m.end());
  hits += o.hits, alarms += o.alarms, violations += o.violations;
  return *this;
}
double DistanceFigures::precision() const { return hits / alarms; }
double DistanceFigures::recall() const { return hits / violations; }
double DistanceFigures::f1() const { return 2 * hits / (alarms + violations); }

Json DistanceFigures::json() const {
  Json out;
  out["median_m"] = finite(percentile(errors_m, 0.5));
  out["p95_m"] = finite(percentile(errors_m, 0.95));
  out["violation_precision"] = finite(precision());
  out["violation_recall"] = finite(recall());
  out["violation_f1"] = finite(f1());
  return out;
}

WildtrackFigures measure_wildtrack(EvaluateRun& run, const std::string& folder) {
  const std::vector<WildtrackMoment> moments = read_wildtrack(folder);
  const Workspace scratch("evaluate");  // the boxes that the analyzer reads
  WildtrackFigures out;
  for (std::size_t camera = 0; camera < kWildtrackCameras.size(); ++camera) {
    const std::string name = kWildtrackCameras[camera], boxes = scratch.file(name + ".txt");
    const auto truth = write_boxes(moments, camera, boxes);
    for (const MethodSets& method : methods_for(run, folder, name)) {
      std::vector<std::string> sets = method.sets;
      for (const std::string& one : {set("detector", "file"), set("model", boxes), set("foot_fraction", 1.0)})
        sets.push_back(one);
      if (out.main.empty()) out.main = method.name;
      const bool metric = !method.name.starts_with("pixels");
      const Setup setup = run.setup(sets);
      const DistanceFigures figures = Pass(run, moments, camera, method.name == out.main).run(setup, truth, metric);
      out.by_method[method.name] += figures;
      out.by_camera[name][method.name] += figures;
    }
  }
  return out;
}

}  // namespace lynceus::tools
