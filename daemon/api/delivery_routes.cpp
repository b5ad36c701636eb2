// What is owed to the sinks: listed and replayed.
#include <charconv>
#include <nlohmann/json.hpp>

#include "base/log.h"
#include "daemon/api/alarm_routes.h"
#include "daemon/api/problem.h"
#include "daemon/api/query.h"

namespace lynceus::daemon::http {
namespace {

using Json = nlohmann::ordered_json;

Outbox& there(Outbox* outbox) {
  if (outbox == nullptr) throw Refusal(503, "this daemon delivers nothing");
  return *outbox;
}

/// A row's number as clients see it; nothing for what is none.
std::optional<std::int64_t> row_of(const std::string& text) {
  std::int64_t row = 0;
  const auto [last, error] = std::from_chars(text.data(), text.data() + text.size(), row);
  if (text.empty() || error != std::errc{} || last != text.data() + text.size() || row < 0) return std::nullopt;
  return row;
}

Json time_or_null(const std::optional<WallTime>& time) { return time ? Json(rfc3339(*time)) : Json(nullptr); }

Json delivery_json(const Owed& owed) {
  const Alarm& alarm = owed.change.alarm;
  Json json{{"id", std::to_string(owed.row)}, {"sink", owed.sink}, {"event", owed.id()}};
  json["type"] = std::string("lynceus.alarm.") + name(owed.change.type);
  json["alarm"] = alarm.id;
  json["camera"] = alarm.camera.empty() ? Json(nullptr) : Json(alarm.camera);
  json["kind"] = alarm.kind;
  json["state"] = owed.state == Owed::State::failed ? "failed" : "pending";
  json["since"] = rfc3339(owed.since);
  json["attempts"] = owed.attempts;
  json["next_attempt"] = time_or_null(owed.next_attempt);
  json["last_error"] = owed.last_error.empty() ? Json(nullptr) : Json(log::redact(owed.last_error));
  return json;
}

Answer list(Outbox& outbox, const Call& call) {
  std::optional<Owed::State> state;
  if (const auto chosen = choice_of(call.query, "state", {"pending", "failed"})) {
    state = static_cast<Owed::State>(*chosen);
  }
  const std::string cursor = text_of(call.query, "cursor");
  const auto after = cursor.empty() ? std::optional<std::int64_t>(0) : row_of(cursor);
  if (!after) return problem(400, "cursor: not one that a list gave");
  const auto limit = static_cast<std::size_t>(whole_of(call.query, "limit", 100, 1, 1000));
  const Outbox::Page page = outbox.list(state, text_of(call.query, "sink"), *after, limit);
  Json body{{"deliveries", Json::array()}, {"next", nullptr}};
  for (const Owed& owed : page.rows) body["deliveries"].push_back(delivery_json(owed));
  if (page.next) body["next"] = std::to_string(*page.next);
  Response response;
  response.body = body.dump(-1, ' ', false, Json::error_handler_t::replace);
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

Answer replay(Outbox& outbox, const Call& call) {
  const auto row = row_of(call.path.at("id"));
  if (!row) return problem(404, "no delivery has the id " + call.path.at("id"));
  return DeferredAnswer{[&outbox, row = *row](const Reply& reply) {
    outbox.replay(row, [row, reply](bool found) {
      Response done;
      done.body = "{\"id\":\"" + std::to_string(row) + "\",\"state\":\"pending\"}";
      reply(found ? done : problem(404, "no delivery has the id " + std::to_string(row)));
    });
  }};
}

}  // namespace

void add_delivery_routes(Router& router, Outbox* outbox) {
  router.add({.method = "GET",
              .pattern = "/api/v1/deliveries",
              .summary = "What is owed to the sinks, oldest first",
              .answer = "DeliveryList",
              .query = {{"state", "Only of this state", R"({"enum":["pending","failed"]})"},
                        {"sink", "Only of this sink"},
                        {"limit", "At most so many", R"({"type":"integer","minimum":1,"maximum":1000,"default":100})"},
                        {"cursor", "`next` of the page before"}},
              .handler = [outbox](const Call& call) { return list(there(outbox), call); }});
  router.add({.method = "POST",
              .pattern = "/api/v1/deliveries/{id}/replay",
              .summary = "Due at once, also when it had failed",
              .answer = "Replayed",
              .role = config::Role::operate,
              .handler = [outbox](const Call& call) { return replay(there(outbox), call); }});
}

}  // namespace lynceus::daemon::http
