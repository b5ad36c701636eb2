#include "tools/evaluate/pipes_evaluator.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "tools/analyze/line.h"
#include "tools/analyze/session.h"
#include "tools/evaluate/pipes_dataset.h"
#include "tools/evaluate/pipes_metrics.h"

namespace lynceus::tools {
namespace {

/// A picture's own set-up; kept while the next picture has the same.
class Setups {
 public:
  explicit Setups(const EvaluateRun& run) : run_(run) {}
  const Setup& with(const std::vector<std::string>& sets) {
    if (!setup_ || sets != sets_) {
      setup_.reset();
      setup_ = std::make_unique<Setup>(run_.setup(sets));
      sets_ = sets;
    }
    return *setup_;
  }

 private:
  const EvaluateRun& run_;
  std::unique_ptr<Setup> setup_;
  std::vector<std::string> sets_;
};

std::string diagnosis_of(const Json& line) {
  const auto found = line.find("diagnosis");
  return found != line.end() && found->is_string() ? found->get<std::string>() : "unreadable";
}

struct Timed {
  PipesConfusion confusion;
  double ms = 0;

  Json json() const {
    Json out = confusion.json();
    out["ms_per_image"] = confusion.total() > 0 ? ms / confusion.total() : 0;
    return out;
  }
};

void print_confusion(const PipesConfusion& c, std::FILE* to) {
  std::fprintf(to, "  %-22s", "truth \\ diagnosis");
  for (const std::string& kind : c.diagnosed_kinds()) std::fprintf(to, " %18s", kind.c_str());
  for (const std::string& kind : c.kinds()) {
    std::fprintf(to, "\n  %-22s", kind.c_str());
    for (const std::string& said : c.diagnosed_kinds()) std::fprintf(to, " %18d", c.count(kind, said));
  }
  std::fprintf(to, "\n");
}

/// The patent's field has no pipe that lost its insulation.
bool is_field(const PipesConfusion& c) {
  const auto kinds = c.kinds();
  return std::find(kinds.begin(), kinds.end(), "insulation_missing") == kinds.end();
}

void print_row(const std::string& name, const ClassFigures& ours, const ClassFigures* theirs, std::FILE* to) {
  std::fprintf(to, "  %-22s %8.2f %8.2f %8.2f %8.2f", name.c_str(), 100 * ours.accuracy, 100 * ours.precision,
               100 * ours.recall, 100 * ours.f1);
  if (theirs) {
    std::fprintf(to, "   %8.2f %8.2f %8.2f %8.2f", 100 * theirs->accuracy, 100 * theirs->precision,
                 100 * theirs->recall, 100 * theirs->f1);
  }
  std::fprintf(to, "\n");
}

void print_table(const PipesConfusion& ours, const PipesConfusion& theirs, std::FILE* to) {
  std::fprintf(to, "  %-22s %8s %8s %8s %8s   %8s %8s %8s %8s  (patent)\n", "percent", "accuracy", "precis.", "recall",
               "F1", "accuracy", "precis.", "recall", "F1");
  const auto known = theirs.kinds();
  for (const std::string& kind : ours.kinds()) {
    const ClassFigures patent = theirs.of(kind);
    const bool published = std::find(known.begin(), known.end(), kind) != known.end();
    print_row(kind, ours.of(kind), published ? &patent : nullptr, to);
  }
  const ClassFigures patent = theirs.macro();
  print_row("mean", ours.macro(), &patent, to);
}

class PipesEvaluator final : public Evaluator {
 public:
  Json evaluate(EvaluateRun& run, const std::string& name) override {
    const auto dataset = open_pipes_dataset(name);
    Setups setups(run);
    Timed timed;
    for (std::size_t i = 0; i < dataset->size(); ++i) picture(run, *dataset, i, setups, timed);
    all_.confusion.add(timed.confusion);
    all_.ms += timed.ms;
    return timed.json();
  }
  Json pooled() const override { return all_.json(); }

  void print(const Json& figures, const std::string& title, std::FILE* to) const override {
    const PipesConfusion c = confusion_of(figures);
    std::fprintf(to, "%s: %d pictures, %.2f ms each\n\n", title.c_str(), c.total(), figures.value("ms_per_image", 0.0));
    print_confusion(c, to);
    std::fprintf(to, "\n");
    print_table(c, is_field(c) ? patent_field() : patent_laboratory(), to);
    const auto [low, high] = c.interval();
    std::fprintf(to, "\n  macro F1 %.4f   right %.2f %% of all (95 %%: %.1f to %.1f)\n\n", c.macro().f1,
                 100 * c.accuracy(), 100 * low, 100 * high);
  }

 private:
  static PipesConfusion confusion_of(const Json& figures) {
    PipesConfusion c;
    for (const auto& [actual, row] : figures["confusion"].items()) {
      for (const auto& [said, n] : row.items()) c.add(actual, said, n.get<int>());
    }
    return c;
  }

  static void picture(EvaluateRun& run, PipesDataset& dataset, std::size_t i, Setups& setups, Timed& timed) {
    const PipesTruth truth = dataset.truth(i);
    const ingest::Picture picture = dataset.picture(i);
    Session session(setups.with(truth.sets), true);
    const auto report = session.process(picture.picture);
    run.progress.step();
    if (!report) throw Error(Exit::fatal, "evaluate", picture.input, session.why());
    const Json line = frame_line(picture, 0, *report);
    timed.confusion.add(truth.kind, diagnosis_of(line));
    timed.ms += report->seconds * 1000;
    if (run.out) run.out->line(line);
  }

  Timed all_;
};

}  // namespace

std::unique_ptr<Evaluator> make_pipes_evaluator() { return std::make_unique<PipesEvaluator>(); }

}  // namespace lynceus::tools
