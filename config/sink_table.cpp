// Whom alarms are told to: webhooks and MQTT brokers.
#include <utility>

#include "config/sinks.h"
#include "config/tables.h"

namespace lynceus::config {
namespace {

constexpr double kDay = 86400;

std::vector<Row> common_rows() {
  Row filter = section("filter", "Which alarms it is told of.",
                       {bind(
                            row("severity", Type::choice, "At least so bad.").from({"info", "warning", "critical"}),
                            [](Target & t) -> auto& { return t.sink->filter.least; }),
                        bind(
                            row("kinds", Type::texts, "Only these kinds; empty: all.").such_as("[dwell, line_crossed]"),
                            [](Target & t) -> auto& { return t.sink->filter.kinds; }),
                        bind(
                            row("cameras", Type::texts, "Only these cameras; empty: all, and the site itself."),
                            [](Target & t) -> auto& { return t.sink->filter.cameras; })});
  return {bind(
              row("type", Type::choice, "What it is.").from({"webhook", "mqtt"}),
              [](Target & t) -> auto& { return t.sink->kind; }),
          bind(
              row("enabled", Type::boolean, "`false`: nothing is sent, and nothing new is owed to it."),
              [](Target & t) -> auto& { return t.sink->enabled; }),
          std::move(filter)};
}

std::vector<Row> webhook_rows() {
  return {
      bind(
          row("url", Type::web_url, "webhook: where to POST.")
              .such_as("https://alarms.example.org/lynceus")
              .otherwise("required of a webhook"),
          [](Target & t) -> auto& { return t.sink->url; }),
      bind(
          row("format", Type::choice, "webhook: CloudEvents, or the body that Prometheus' Alertmanager posts.")
              .from({"cloudevents", "alertmanager"}),
          [](Target & t) -> auto& { return t.sink->format; }),
      bind(
          row("secrets", Type::texts, "webhook: keys that sign, `whsec_` and base64; two while they are changed.")
              .such_as("[\"${credential:webhook-secret}\"]")
              .otherwise("requests are not signed")
              .checked(signing_key_problem)
              .hidden(),
          [](Target & t) -> auto& { return t.sink->secrets; }),
      bind(
          row("bearer", Type::text, "webhook: sent as `Authorization: Bearer …`.")
              .such_as("\"${credential:webhook-token}\"")
              .otherwise("none")
              .checked(token_problem)
              .hidden(),
          [](Target & t) -> auto& { return t.sink->bearer; }),
      bind(
          row("group", Type::duration, "webhook: changes within so long go in one request.").between(0, 3600),
          [](Target & t) -> auto& { return t.sink->group; }),
      bind(
          row("rate_per_s", Type::number, "webhook: requests a second at most; 0: as many as it takes.")
              .between(0, 10000),
          [](Target & t) -> auto& { return t.sink->rate_per_s; }),
      bind(
          row("heartbeat", Type::duration, "webhook: `lynceus.heartbeat` so often; 0s: never.").between(0, kDay),
          [](Target & t) -> auto& { return t.sink->heartbeat; }),
  };
}

/// What both kinds know of connections.
std::vector<Row> connection_rows() {
  return {
      bind(
          row("timeout", Type::duration, "For each step: finding the host, connecting, sending, the answer.")
              .between(0.1, 300),
          [](Target & t) -> auto& { return t.sink->timeout; }),
      bind(
          row("verify_tls", Type::boolean,
              "`false`: any certificate is taken; encrypts, but does not prove who the receiver is."),
          [](Target & t) -> auto& { return t.sink->verify_tls; }),
      bind(
          row("ca_file", Type::file, "PEM file of the authorities that are trusted.")
              .such_as("/etc/lynceus/ca.pem")
              .otherwise("the system's"),
          [](Target & t) -> auto& { return t.sink->ca_file; }),
  };
}

Row version_row() {
  Row out = row("version", Type::choice, "mqtt: of the protocol.").from({"5", "3.1.1"});
  out.store = [](Target& t, const Value& value) { t.sink->version = std::get<std::string>(value) == "5" ? 5 : 3; };
  out.show = [](Target& t) { return Value{std::string(t.sink->version == 5 ? "5" : "3.1.1")}; };
  return out;
}

std::vector<Row> broker_rows() {
  return {
      bind(
          row("host", Type::text, "mqtt: the broker's name or address.")
              .between(1, 253)
              .such_as("broker.example.org")
              .otherwise("required of mqtt")
              .checked(host_problem),
          [](Target & t) -> auto& { return t.sink->host; }),
      bind(
          row("port", Type::integer, "mqtt: the broker's port.")
              .between(0, 65535)
              .otherwise("1883, with TLS 8883")
              .such_as("1883"),
          [](Target & t) -> auto& { return t.sink->port; }),
      bind(
          row("tls", Type::boolean, "mqtt: whether the connection is encrypted."),
          [](Target & t) -> auto& { return t.sink->tls; }),
      version_row(),
      bind(
          row("user", Type::text, "mqtt: who we are to the broker.").between(0, 256).such_as("lynceus"),
          [](Target & t) -> auto& { return t.sink->user; }),
      bind(
          row("password", Type::text, "mqtt: proof of it.")
              .between(0, 1024)
              .such_as("\"${credential:mqtt-password}\"")
              .otherwise("none")
              .hidden(),
          [](Target & t) -> auto& { return t.sink->password; }),
      bind(
          row("client_id", Type::text, "mqtt: how the broker tells clients apart.")
              .between(1, 64)
              .such_as("lynceus-office")
              .otherwise("`lynceus-SITE-SINK`"),
          [](Target & t) -> auto& { return t.sink->client_id; }),
  };
}

std::vector<Row> topic_rows() {
  return {
      bind(
          row("prefix", Type::text, "mqtt: first part of every topic.").between(1, 64).checked(topic_problem),
          [](Target & t) -> auto& { return t.sink->prefix; }),
      bind(
          row("commands", Type::boolean, "mqtt: whether PREFIX/SITE/CAMERA/set is obeyed."),
          [](Target & t) -> auto& { return t.sink->commands; }),
      bind(
          row("home_assistant", Type::boolean, "mqtt: whether Home Assistant is told of cameras and alarms."),
          [](Target & t) -> auto& { return t.sink->home_assistant; }),
      bind(
          row("discovery_prefix", Type::text, "mqtt: Home Assistant's prefix.").between(1, 64).checked(topic_problem),
          [](Target & t) -> auto& { return t.sink->discovery_prefix; }),
  };
}

Row sinks_row() {
  Row out = row("sinks", Type::named, "By name: a-z, 0-9, `_` and `-`, at most 63.")
                .such_as("{ops: {url: \"https://alarms.example.org/lynceus\"}}");
  for (const auto& part : {common_rows(), webhook_rows(), connection_rows(), broker_rows(), topic_rows()}) {
    out.rows.insert(out.rows.end(), part.begin(), part.end());
  }
  out.name_problem = [](const std::string& name) -> std::string {
    return camera_id(name) ? "" : "no good name; accepted: a-z, 0-9, _ and -, at most 63, first a letter or digit";
  };
  out.enter = [](Target& parent, const std::string& name, const Node&) {
    auto& sinks = parent.config->notify.sinks;
    sinks.emplace_back().name = name;
    Target child = parent;
    child.sink = &sinks.back();
    return child;
  };
  return out;
}

}  // namespace

Row notify_row() {
  return section("notify", "Whom alarms are told to.",
                 {bind(
                      row("max_age", Type::duration,
                          "Of what is owed for longer, only the latest change of each alarm is kept; in whole hours.")
                          .between(3600, 365 * kDay),
                      [](Target & t) -> auto& { return t.config->notify.max_age; }),
                  bind(
                      row("max_rows", Type::integer, "The same beyond so many changes owed.").between(100, 10'000'000),
                      [](Target & t) -> auto& { return t.config->notify.max_rows; }),
                  sinks_row()});
}

}  // namespace lynceus::config
