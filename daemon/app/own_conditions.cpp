#include "daemon/app/own_conditions.h"

#include <algorithm>

namespace lynceus::daemon {
namespace {

/// Active while there is something to say.
sdk::Condition condition(const char* kind, sdk::Severity severity, std::string summary) {
  sdk::Condition out;
  out.kind = kind;
  out.active = !summary.empty();
  out.severity = severity;
  out.summary = std::move(summary);
  return out;
}

std::string stuck(const CameraStatus& camera) {
  if (!camera.worker.stuck) return {};
  return camera.worker.in_plugin.empty() ? "The camera's analysis hangs"
                                         : "The analyzer " + camera.worker.in_plugin + " hangs";
}

std::string disabled(const CameraStatus& camera) {
  std::string out;
  for (const auto& analyzer : camera.worker.analyzers) {
    if (analyzer.state != host::SlotState::disabled) continue;
    out += (out.empty() ? "Disabled: " : "; ") + analyzer.plugin;
    if (!analyzer.last_error.empty()) out += " (" + analyzer.last_error + ")";
  }
  return out;
}

std::string fallen_back(const std::vector<infer::ModelStats>& models) {
  std::string out;
  for (const infer::ModelStats& model : models) {
    if (!model.fallback) continue;
    out += (out.empty() ? "Networks on the CPU, the slower way: " : "; ") + model.model;
    if (!model.fallback_reason.empty()) out += " (" + model.fallback_reason + ")";
  }
  return out;
}

}  // namespace

void OwnConditions::look(const std::vector<CameraStatus>& cameras, const std::vector<infer::ModelStats>& models) {
  forget_all_but(cameras);
  for (const CameraStatus& camera : cameras) {
    tell(camera.id, condition("analyzer_stuck", sdk::Severity::critical, stuck(camera)));
    tell(camera.id, condition("analyzer_disabled", sdk::Severity::warning, disabled(camera)));
  }
  tell("", condition("inference_fallback", sdk::Severity::warning, fallen_back(models)));
}

void OwnConditions::reloaded(bool done, const std::string& why) {
  tell("", condition("config_reload_failed", sdk::Severity::warning, done ? std::string{} : "Reload refused: " + why));
}

void OwnConditions::forget_all_but(const std::vector<CameraStatus>& cameras) {
  std::lock_guard lock(mutex_);
  std::erase_if(said_, [&](const auto& said) {
    const std::string& id = said.first.first;
    return !id.empty() && std::none_of(cameras.begin(), cameras.end(), [&](const auto& c) { return c.id == id; });
  });
}

void OwnConditions::tell(const std::string& camera, sdk::Condition condition) {
  {
    std::lock_guard lock(mutex_);
    const auto [said, first] = said_.try_emplace({camera, condition.kind}, condition.summary);
    if (!first && said->second == condition.summary) return;
    said->second = condition.summary;
  }
  say_(camera, condition);
}

}  // namespace lynceus::daemon
