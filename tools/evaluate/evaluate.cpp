#include "tools/evaluate/evaluate.h"

#include <cstdio>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/log.h"
#include "tools/command/arguments.h"
#include "tools/command/progress.h"
#include "tools/evaluate/evaluator.h"

namespace lynceus::tools {
namespace {

const Usage kUsage{
    "evaluate",
    "PLUGIN DATASET…",
    "Runs one plugin on data whose truth is known, as analyze runs it, and prints its figures beside the published\n"
    "ones. Several datasets: each and all together. docs/ref/evaluate.md tells how a dataset looks.",
    {{"--config", "FILE", "take the plugin's options from this file"},
     {"--set", "KEY=VALUE", "one option of the plugin, value as JSON; may be repeated"},
     {"--out", "DIR", "write DIR/DATASET.jsonl, the lines analyze would print, and pictures where the result is one"},
     {"--plugins", "DIR", "folder of the plugins (beside the program, else the installed one)"},
     {"--models", "DIR", "folder of the models (likewise)"},
     {"--verbose", "", "log lines on stderr"},
     {"--json", "", "one JSON object instead of the table"}},
    "lynceus evaluate context --out /tmp/seen clips/yard clips/gate",
    2};

SetupRequest request_of(const Arguments& args) {
  SetupRequest request;
  request.plugin = args.rest()[0];
  request.config = args.text("--config").value_or("");
  request.sets = args.all("--set");
  request.plugins_dir = args.text("--plugins").value_or("");
  request.models_dir = args.text("--models").value_or("");
  return request;
}

/// Not an option of the plugin, which finds targets unless it is told where one is: evaluate tells it.
bool is_auto_init(const std::string& set) { return set == "init=auto" || set == "init=\"auto\""; }

std::unique_ptr<Evaluator> evaluator_for(const std::string& plugin) {
  auto evaluator = make_evaluator(plugin);
  if (evaluator) return evaluator;
  std::string known;
  for (const std::string& name : evaluated_plugins()) known += (known.empty() ? "" : ", ") + name;
  throw Error(Exit::usage, "evaluate", plugin, "has no evaluation; known: " + known);
}

/// Two datasets of one name are told apart as ResultFolder does.
std::string title_of(const std::string& dataset, std::map<std::string, int>& names) {
  const std::string name = dataset_name(dataset);
  const int times = ++names[name];
  return times == 1 ? name : name + "-" + std::to_string(times);
}

using Titled = std::vector<std::pair<std::string, Json>>;

Titled evaluate_all(Evaluator& evaluator, EvaluateRun& run, std::span<const std::string> datasets) {
  Titled all;
  std::map<std::string, int> names;
  for (const std::string& dataset : datasets) {
    if (run.out) run.out->begin(dataset);
    all.emplace_back(title_of(dataset, names), evaluator.evaluate(run, dataset));
  }
  run.progress.clear();
  return all;
}

/// One dataset: its figures; several: {"datasets": {FOLDER: {…}}} and the pooled figures beside.
void print_json(const Evaluator& evaluator, const Titled& all) {
  if (all.size() == 1) return print_line(all[0].second);
  Json object = evaluator.pooled();
  for (const auto& [title, figures] : all) object["datasets"][title] = figures;
  print_line(object);
}

void print_tables(const Evaluator& evaluator, const Titled& all) {
  for (const auto& [title, figures] : all) evaluator.print(figures, title, stdout);
  if (all.size() > 1) evaluator.print(evaluator.pooled(), "all", stdout);
}

}  // namespace

int run_evaluate(std::span<const std::string> given) {
  const Arguments args(kUsage, given);
  if (args.help()) return 0;
  if (!args.has("--verbose")) log::capture([](std::string_view) {});
  const auto evaluator = evaluator_for(args.rest()[0]);
  Progress progress(0);
  EvaluateRun run{request_of(args), std::nullopt, progress};
  run.find_targets = run.request.plugin == "targets" && std::erase_if(run.request.sets, is_auto_init) > 0;
  run.setup();  // a wrong option is told before any work is done
  if (const auto folder = args.text("--out")) run.out.emplace(*folder);
  const Titled all = evaluate_all(*evaluator, run, std::span(args.rest()).subspan(1));
  args.has("--json") ? print_json(*evaluator, all) : print_tables(*evaluator, all);
  return 0;
}

}  // namespace lynceus::tools
