#include "tools/evaluate/scene_evaluator.h"

#include <cstdio>
#include <filesystem>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "base/error.h"
#include "pipeline/ingest/reader.h"
#include "pipeline/picture/picture_io.h"
#include "plugins/scene/classes.h"
#include "tools/analyze/line.h"
#include "tools/analyze/output.h"
#include "tools/analyze/session.h"
#include "tools/evaluate/scene_figures.h"

namespace lynceus::tools {
namespace {

/// What the seed's tables say of its own method, percent; official training and test pictures, so not comparable.
struct Published {
  int classes;
  const char* name;
  std::optional<double> pixel_acc, mean_acc, mean_iu, fw_iu;
};
const std::vector<Published> kPublished{
    {4, "seed, FCN-32s", 81.1, 80.3, {}, {}},
    {40, "seed, FCN-32s", 62.5, 46.3, 33.6, 49.9},
};

std::string labels_folder(int classes) { return classes == 4 ? "labels" : "labels" + std::to_string(classes); }

/// The class of every pixel, as somebody has drawn it.
cv::Mat read_truth(const std::string& path, cv::Size size, int classes) {
  const cv::Mat truth = picture::read(path).pixels;
  const auto bad = [&](const std::string& why) { throw Error(Exit::unreadable, "labels", path, why); };
  if (truth.type() != CV_8UC1) bad("not a grey picture of 8 bits");
  if (truth.size() != size) bad("not of its picture's size");
  double greatest = 0;
  cv::minMaxLoc(truth, nullptr, &greatest, nullptr, nullptr, truth != kIgnoredLabel);
  if (greatest >= classes) bad("has class " + std::to_string(int(greatest)) + " of " + std::to_string(classes));
  return truth;
}

const cv::Mat& labels_in(const camera::AnalyzerReport& report, const std::string& input) {
  for (const sdk::View& view : report.observations->views) {
    if (view.name == "labels") return view.picture;
  }
  throw Error(Exit::fatal, "evaluate", input, "the plugin made no labels");
}

struct Sums {
  explicit Sums(int classes) : confusion(classes) {}

  LabelConfusion confusion;
  double boundary = 0, ms = 0;
  int with_border = 0, pictures = 0;

  void add(const Sums& other) {
    confusion.add(other.confusion);
    boundary += other.boundary, ms += other.ms;
    with_border += other.with_border, pictures += other.pictures;
  }
  Json json() const;
};

Json Sums::json() const {
  const int n = confusion.classes();
  Json out{{"pictures", pictures},
           {"classes", n},
           {"pixel_acc", confusion.pixel_acc()},
           {"mean_acc", confusion.mean_acc()},
           {"mean_iu", confusion.mean_iu()},
           {"fw_iu", confusion.fw_iu()},
           {"boundary_f1", with_border > 0 ? Json(boundary / with_border) : Json()}};
  for (int i = 0; i < n; ++i) {
    const auto number = [](std::optional<double> value) { return value ? Json(*value) : Json(); };
    out["per_class"][std::string(scene::class_name(n, i))] = {
        {"acc", number(confusion.accuracy(i))}, {"iu", number(confusion.iu(i))}, {"pixels", confusion.pixels(i)}};
  }
  out["ms_per_image"] = pictures > 0 ? ms / pictures : 0;
  return out;
}

std::string percent(const Json& share) {
  if (!share.is_number()) return "-";
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", 100 * share.get<double>());
  return text;
}

std::string percent(const std::optional<double>& published) {
  return published ? percent(Json(*published / 100)) : "-";
}

const Published* published_for(int classes) {
  for (const Published& one : kPublished) {
    if (one.classes == classes) return &one;
  }
  return nullptr;
}

class SceneEvaluator final : public Evaluator {
 public:
  Json evaluate(EvaluateRun& run, const std::string& dataset) override {
    const Setup setup = run.setup();
    const int classes = int(setup.camera.analyzers.at(0).options.integer("classes"));
    Session session(setup, true);
    Sums sums(classes);
    std::error_code ignored;
    for (const std::string& needed : {std::string("images"), labels_folder(classes)}) {
      if (!std::filesystem::is_directory(dataset + "/" + needed, ignored))
        throw Error(Exit::unreadable, "dataset", dataset, "it has no folder " + needed);
    }
    const auto reader = ingest::open_reader(dataset + "/images");
    while (const auto picture = reader->next()) one(run, dataset, *picture, session, sums);
    if (all_ && all_->confusion.classes() == classes) {
      all_->add(sums);
    } else {
      all_ = sums;
    }
    return sums.json();
  }
  Json pooled() const override { return all_ ? all_->json() : Json::object(); }

  void print(const Json& figures, const std::string& title, std::FILE* to) const override {
    const Published* published = published_for(figures["classes"].get<int>());
    std::fprintf(to, "%s: %d pictures, %d classes, %.1f ms each\n\n", title.c_str(), figures["pictures"].get<int>(),
                 figures["classes"].get<int>(), figures["ms_per_image"].get<double>());
    std::fprintf(to, "  %-16s %8s   %s\n", "percent", "ours",
                 published ? "published, official split, not comparable" : "");
    const auto row = [&](const char* key, const std::optional<double>& theirs) {
      std::fprintf(to, "  %-16s %8s   %s\n", key, percent(figures[key]).c_str(),
                   published ? percent(theirs).c_str() : "");
    };
    const Published none{};
    const Published& theirs = published ? *published : none;
    row("pixel_acc", theirs.pixel_acc);
    row("mean_acc", theirs.mean_acc);
    row("mean_iu", theirs.mean_iu);
    row("fw_iu", theirs.fw_iu);
    row("boundary_f1", {});
    if (published) std::fprintf(to, "  (published: %s)\n", published->name);
    std::fprintf(to, "\n  %-16s %8s %8s %12s\n", "class", "acc", "iu", "pixels");
    for (const auto& [name, of_class] : figures["per_class"].items()) {
      std::fprintf(to, "  %-16s %8s %8s %12lld\n", name.c_str(), percent(of_class["acc"]).c_str(),
                   percent(of_class["iu"]).c_str(), static_cast<long long>(of_class["pixels"].get<std::int64_t>()));
    }
    std::fprintf(to, "\n");
  }

 private:
  static void one(EvaluateRun& run, const std::string& dataset, const ingest::Picture& picture, Session& session,
                  Sums& sums) {
    const int classes = sums.confusion.classes();
    const auto report = session.process(picture.picture);
    run.progress.step();
    if (!report) throw Error(Exit::fatal, "evaluate", picture.input, session.why());
    const cv::Mat& labels = labels_in(*report, picture.input);
    const std::string name = name_of(picture.input);
    const cv::Mat truth =
        read_truth(dataset + "/" + labels_folder(classes) + "/" + name + ".png", labels.size(), classes);
    sums.confusion.add(truth, labels);
    if (const auto f1 = boundary_f1(truth, labels, classes)) sums.boundary += *f1, ++sums.with_border;
    sums.ms += report->seconds * 1000;
    ++sums.pictures;
    if (!run.out) return;
    run.out->line(frame_line(picture, 0, *report));
    run.out->picture(name + ".labels.png", labels);
  }

  std::optional<Sums> all_;
};

}  // namespace

std::unique_ptr<Evaluator> make_scene_evaluator() { return std::make_unique<SceneEvaluator>(); }

}  // namespace lynceus::tools
