#include "tools/simulate/fault.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "base/error.h"

namespace lynceus::tools {
namespace {

constexpr std::array<std::pair<std::string_view, FaultKind>, 13> kNames{{{"drop", FaultKind::drop},
                                                                         {"stall", FaultKind::stall},
                                                                         {"freeze", FaultKind::freeze},
                                                                         {"black", FaultKind::black},
                                                                         {"garbage", FaultKind::garbage},
                                                                         {"resolution", FaultKind::resolution},
                                                                         {"codec", FaultKind::codec},
                                                                         {"auth", FaultKind::auth},
                                                                         {"loss", FaultKind::loss},
                                                                         {"slow", FaultKind::slow},
                                                                         {"cover", FaultKind::cover},
                                                                         {"move", FaultKind::move},
                                                                         {"crash", FaultKind::crash}}};

constexpr double kUsualLossPercent = 5;

double percent(std::string_view text, std::string_view whole) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !(value >= 0 && value <= 100))
    throw Error(Exit::usage, "simulate", "fault " + std::string(whole), "percent 0 to 100 expected");
  return value;
}

void apply(const Fault& fault, Effects& effects) {
  switch (fault.kind) {
    case FaultKind::drop:
      effects.closed = true;
      break;
    case FaultKind::auth:
      effects.locked = true;
      break;
    case FaultKind::stall:
      effects.stall = true;
      break;
    case FaultKind::freeze:
      effects.freeze = true;
      break;
    case FaultKind::garbage:
      effects.garbage = true;
      break;
    case FaultKind::slow:
      effects.slow = true;
      break;
    case FaultKind::loss:
      effects.loss_percent = fault.value;
      break;
    default:
      effects.variant = variant_of(fault.kind);
  }
}

}  // namespace

std::optional<FaultKind> fault_from(std::string_view name) {
  const auto found = std::find_if(kNames.begin(), kNames.end(), [&](const auto& n) { return n.first == name; });
  if (found == kNames.end()) return std::nullopt;
  return found->second;
}

const char* fault_name(FaultKind kind) {
  for (const auto& [name, named] : kNames)
    if (named == kind) return name.data();
  return "?";
}

std::string fault_names() {
  std::string all;
  for (const auto& [name, kind] : kNames) all += (all.empty() ? "" : ", ") + std::string(name);
  return all;
}

Variant variant_of(FaultKind kind) {
  switch (kind) {
    case FaultKind::black:
      return Variant::black;
    case FaultKind::resolution:
      return Variant::resolution;
    case FaultKind::codec:
      return Variant::codec;
    case FaultKind::cover:
      return Variant::cover;
    case FaultKind::move:
      return Variant::move;
    default:
      return Variant::plain;
  }
}

Fault parse_fault(std::string_view text) {
  const auto colon = text.find(':');
  const auto kind = fault_from(text.substr(0, colon));
  if (!kind) throw Error(Exit::usage, "simulate", "fault " + std::string(text), "known are " + fault_names());
  Fault fault{*kind, *kind == FaultKind::loss ? kUsualLossPercent : 0};
  if (colon == std::string_view::npos) return fault;
  if (*kind != FaultKind::loss)
    throw Error(Exit::usage, "simulate", "fault " + std::string(text), "only loss takes a value");
  fault.value = percent(text.substr(colon + 1), text);
  return fault;
}

void FaultBook::begin(const Fault& fault, MonoTime until) {
  std::erase_if(active_, [&](const Active& a) { return a.fault.kind == fault.kind; });
  active_.push_back({fault, until});
}

Effects FaultBook::at(MonoTime now) const {
  Effects effects;
  for (const auto& active : active_)
    if (now < active.until) apply(active.fault, effects);
  return effects;
}

std::optional<MonoTime> FaultBook::next_end(MonoTime now) const {
  std::optional<MonoTime> next;
  for (const auto& active : active_)
    if (now < active.until && (!next || active.until < *next)) next = active.until;
  return next;
}

}  // namespace lynceus::tools
