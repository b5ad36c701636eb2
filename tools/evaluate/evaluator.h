// What `lynceus evaluate` needs of one plugin's evaluation: how a dataset becomes figures, how figures are pooled and
// printed. One class a plugin, in a file of its own (context_evaluator.cpp …), named in the table of evaluator.cpp.
//
// An evaluator runs what `lynceus analyze` runs (Session, made of run.setup()) and never shows truth to it. Figures are one JSON object; what
// pooling needs beyond them (counts, sums) is the evaluator's own. Thread: bound to its owner.
//
//   auto evaluator = make_evaluator("context");
//   Json figures = evaluator->evaluate(run, "clips/yard");    // once a dataset
//   Json all = evaluator->pooled();                           // over all of them
//   evaluator->print(all, "all", stdout);
#pragma once

#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tools/analyze/setup.h"
#include "tools/command/json_lines.h"
#include "tools/command/progress.h"
#include "tools/evaluate/result_folder.h"

namespace lynceus::tools {

/// What one call of the command stands on.
struct EvaluateRun {
  SetupRequest request;             ///< plugin, --config, --set …
  std::optional<ResultFolder> out;  ///< --out; begun for the dataset
  Progress& progress;               ///< one step a picture
  bool find_targets = false;        ///< --set init=auto: no truth box is given to start with

  /// The analyzer's setup. `sets` are the evaluation's own options ("mode=\"video\"", a dataset's day picture); what
  /// --set says goes over them.
  Setup setup(const std::vector<std::string>& sets = {}) const;
};

class Evaluator {
 public:
  virtual ~Evaluator() = default;
  /// Figures of one dataset. Throws Error (Exit::unreadable) when it is none.
  virtual Json evaluate(EvaluateRun& run, const std::string& dataset) = 0;
  /// Figures of all datasets so far as if they were one.
  virtual Json pooled() const = 0;
  /// The table for people: published figures beside ours. `title` is the dataset's folder, or "all".
  virtual void print(const Json& figures, const std::string& title, std::FILE* to) const = 0;
};

/// Null for a plugin that has none.
std::unique_ptr<Evaluator> make_evaluator(const std::string& plugin);
std::vector<std::string> evaluated_plugins();

}  // namespace lynceus::tools
