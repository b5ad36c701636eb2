#include "plugins/people/report.h"

#include <cstdio>
#include <utility>
#include <vector>

#include "plugins/people/floor_plan.h"

namespace lynceus::people {
namespace {

using sdk::Value;

const char* name_of(State state) {
  switch (state) {
    case State::safe:
      return "safe";
    case State::close:
      return "close";
    case State::grouped:
      return "grouped";
    case State::unknown:
      break;
  }
  return "unknown";
}

Value name_of(Reason reason) {
  switch (reason) {
    case Reason::none:
      return {};
    case Reason::foot_hidden:
      return "foot_hidden";
    case Reason::off_floor:
      return "off_floor";
    case Reason::above_horizon:
      break;
  }
  return "above_horizon";
}

Value point(const cv::Point2d& p) { return Value::Array{p.x, p.y}; }

Value person(const Scene& scene, const Person& p) {
  Value::Object out;
  out.reserve(9);
  const bool metres = p.state != State::unknown && (p.ground || scene.yardstick.method() == Method::perspective);
  out.emplace_back("id", p.id);
  out.emplace_back("box", Value::Array{p.box.x, p.box.y, p.box.width, p.box.height});
  out.emplace_back("confidence", p.score);
  out.emplace_back("foot", point(p.foot));
  out.emplace_back("ground", metres ? point(scene.yardstick.place(p).value_or(cv::Point2d())) : Value());
  out.emplace_back("state", name_of(p.state));
  out.emplace_back("reason", name_of(p.reason));
  out.emplace_back("group", p.group ? Value(*p.group) : Value());
  if (!p.seen) out.emplace_back("seen", false);
  return out;
}

Value pair(const Scene& scene, const Pair& p) {
  Value::Object out;
  out.reserve(7);
  out.emplace_back("a", scene.people[p.a].id);
  out.emplace_back("b", scene.people[p.b].id);
  out.emplace_back("distance", p.distance);
  out.emplace_back("unit", scene.yardstick.unit());
  out.emplace_back("sigma", p.sigma);
  out.emplace_back("p_violation", p.probability);
  out.emplace_back("violation", p.violation);
  return out;
}

std::string shown(const Pair& pair, const char* unit) {
  char text[48];
  std::snprintf(text, sizeof text, unit[0] == 'm' ? "%.2f +- %.2f %s" : "%.0f +- %.0f %s", pair.distance, pair.sigma,
                unit);
  return text;
}

}  // namespace

void describe(const Scene& scene, sdk::Value& details) {
  Value::Array people, pairs;
  for (const Person& p : scene.people) people.push_back(person(scene, p));
  for (const Pair& p : scene.pairs) pairs.push_back(pair(scene, p));
  details.set("people", std::move(people)).set("pairs", std::move(pairs));
  details.set("method", people::name_of(scene.yardstick.method())).set("point", scene.centre ? "centre" : "foot");
  details.set("detector", scene.detector);
}

void add_entities(const Scene& scene, std::vector<sdk::Entity>& out) {
  for (const Person& p : scene.people) {
    const auto ground = p.ground ? std::optional(p.ground->at) : std::nullopt;
    out.push_back({p.id, "person", p.box, p.score, ground, name_of(p.state)});
  }
}

void draw(const Scene& scene, sdk::Overlay& overlay) {
  const auto anchor = [&](const Person& p) {
    return scene.centre ? cv::Point2d(p.box.x + p.box.width / 2, p.box.y + p.box.height / 2) : p.foot;
  };
  for (const Pair& p : scene.pairs) {
    const cv::Point2d a = anchor(scene.people[p.a]), b = anchor(scene.people[p.b]);
    const cv::Scalar colour = colour_of(p.violation ? State::close : State::safe);
    overlay.lines.push_back({{a, b}, false, colour});
    if (p.violation) overlay.texts.push_back({(a + b) * 0.5, shown(p, scene.yardstick.unit()), colour});
  }
  for (const Person& p : scene.people) {
    std::string text = std::to_string(p.id);
    if (p.group) text += " group " + std::to_string(*p.group);
    if (p.state == State::unknown) text += " ?";
    overlay.boxes.push_back({p.box, colour_of(p.state), text});
  }
}

}  // namespace lynceus::people
