#include "tools/simulate/fault_plan.h"

#include <chrono>
#include <cmath>

namespace lynceus::tools {
namespace {

std::chrono::nanoseconds after(double seconds) { return std::chrono::nanoseconds(std::llround(seconds * 1e9)); }

}  // namespace

void FaultPlan::start(MonoTime now) {
  due_.clear();
  for (const auto& fault : faults_) due_.emplace_back(now + after(fault.start_s));
}

std::optional<MonoTime> FaultPlan::next() const {
  std::optional<MonoTime> first;
  for (const auto& due : due_)
    if (due && (!first || *due < *first)) first = due;
  return first;
}

std::optional<PlannedFault> FaultPlan::take_due(MonoTime now) {
  for (std::size_t i = 0; i < due_.size(); ++i) {
    if (!due_[i] || now < *due_[i]) continue;
    if (faults_[i].every_s > 0) *due_[i] += after(faults_[i].every_s);
    else due_[i].reset();
    return faults_[i];
  }
  return std::nullopt;
}

}  // namespace lynceus::tools
