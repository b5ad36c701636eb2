#include "tools/demo/deliveries.h"

#include <cstdio>
#include <nlohmann/json.hpp>

namespace lynceus::tools {
namespace {

constexpr std::string_view kPrefix = "lynceus.alarm.";

std::string text(const nlohmann::json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

}  // namespace

std::string delivery_line(const std::string& body) {
  const auto event = nlohmann::json::parse(body, nullptr, false);
  if (!event.is_object() || !event.contains("data") || !event["data"].is_object()) return {};
  const std::string type = text(event, "type");
  if (!type.starts_with(kPrefix)) return {};
  const auto& alarm = event["data"];
  const std::string camera = text(alarm, "camera"), zone = text(alarm, "zone");
  std::string line = type.substr(kPrefix.size()) + ": " + text(alarm, "kind");
  if (!zone.empty()) line += " in " + zone;
  if (!camera.empty()) line += " of " + camera;
  return line + " (" + text(alarm, "severity") + "): " + text(alarm, "summary");
}

Deliveries::Deliveries()
    : receiver_({.judge = [this](const Delivery& delivery) { return take(delivery); }, .secret = secret_}) {}

Verdict Deliveries::take(const Delivery& delivery) {
  if (!delivery.genuine) {
    ++refused_;
    std::printf("delivery refused: not signed with the secret\n");
    std::fflush(stdout);
    return {.status = 401};
  }
  ++verified_;
  if (const std::string line = delivery_line(delivery.body); !line.empty()) {
    std::printf("delivery verified, %s\n", line.c_str());
    std::fflush(stdout);
  }
  return {.status = 204};
}

}  // namespace lynceus::tools
