#include "tools/evaluate/evaluator.h"

#include "tools/evaluate/context_evaluator.h"
#include "tools/evaluate/people_evaluator.h"
#include "tools/evaluate/pipes_evaluator.h"
#include "tools/evaluate/scene_evaluator.h"
#include "tools/evaluate/targets_evaluator.h"

namespace lynceus::tools {
namespace {

struct Entry {
  const char* plugin;
  std::unique_ptr<Evaluator> (*make)();
};

/// One line a plugin, in the order of the alphabet.
constexpr Entry kEvaluators[] = {
    {"context", make_context_evaluator}, {"people", make_people_evaluator},   {"pipes", make_pipes_evaluator},
    {"scene", make_scene_evaluator},     {"targets", make_targets_evaluator},
};

}  // namespace

Setup EvaluateRun::setup(const std::vector<std::string>& sets) const {
  SetupRequest with = request;
  with.sets.insert(with.sets.begin(), sets.begin(), sets.end());
  return make_setup(with);
}

std::unique_ptr<Evaluator> make_evaluator(const std::string& plugin) {
  for (const Entry& entry : kEvaluators) {
    if (plugin == entry.plugin) return entry.make();
  }
  return nullptr;
}

std::vector<std::string> evaluated_plugins() {
  std::vector<std::string> names;
  for (const Entry& entry : kEvaluators) names.emplace_back(entry.plugin);
  return names;
}

}  // namespace lynceus::tools
