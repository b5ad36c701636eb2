#include "config/sinks.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <filesystem>
#include <string_view>
#include <system_error>

#include "base/base64.h"

namespace lynceus::config {
namespace {

constexpr std::size_t kLeastKeyBytes = 24;  // what Standard Webhooks asks for
constexpr std::array kOfWebhooks{"url", "format", "secrets", "bearer", "group", "rate_per_s", "heartbeat"};
constexpr std::array kOfBrokers{"host",
                                "port",
                                "tls",
                                "version",
                                "user",
                                "password",
                                "client_id",
                                "prefix",
                                "commands",
                                "home_assistant",
                                "discovery_prefix"};

std::string key_bytes(const std::string& secret) {
  constexpr std::string_view kPrefix = "whsec_";
  if (!secret.starts_with(kPrefix)) return {};
  return from_base64(std::string_view(secret).substr(kPrefix.size())).value_or("");
}

template <std::size_t N>
void refuse(const Node& node, const std::array<const char*, N>& keys, const char* other, const char* type,
            Problems& problems) {
  for (const char* key : keys) {
    const Node* given = node.find(key);
    if (given == nullptr) continue;
    problems.add(given->place, std::string("is for sinks of type ") + other + "; this one is of type " + type);
  }
}

void check_webhook(const Node& node, const SinkSettings& sink, Problems& problems, std::vector<std::string>& warnings) {
  refuse(node, kOfBrokers, "mqtt", "webhook", problems);
  if (node.find("url") == nullptr)
    problems.add(node.place, "the key 'url' is missing; accepted: a URL (http or https), or 'type: mqtt'");
  const Node* secrets = node.find("secrets");
  const bool short_key = std::any_of(sink.secrets.begin(), sink.secrets.end(),
                                     [](const auto& secret) { return key_bytes(secret).size() < kLeastKeyBytes; });
  if (secrets != nullptr && short_key) {
    warnings.push_back(secrets->place.where() + ": " + secrets->place.key() +
                       ": a key of less than 24 bytes; better: whsec_$(openssl rand -base64 32)");
  }
}

void check_broker(const Node& node, const SinkSettings& sink, Problems& problems) {
  refuse(node, kOfWebhooks, "webhook", "mqtt", problems);
  if (node.find("host") == nullptr) problems.add(node.place, "the key 'host' is missing; accepted: the broker's name");
  const Node* password = node.find("password");
  if (password != nullptr && sink.user.empty()) problems.add(password->place, "a password without a 'user'");
}

void check_ca(const Node& node, const SinkSettings& sink, Problems& problems) {
  const Node* given = node.find("ca_file");
  std::error_code error;
  if (given == nullptr || sink.ca_file.empty()) return;
  if (!std::filesystem::is_regular_file(sink.ca_file, error))
    problems.add(given->place, "there is no file " + shown(sink.ca_file));
}

/// A camera that is not there may be one that will be: a slip worth a word.
void check_cameras(const Node& node, const SinkSettings& sink, const Config& config,
                   std::vector<std::string>& warnings) {
  const Node* filter = node.find("filter");
  const Node* given = filter != nullptr ? filter->find("cameras") : nullptr;
  for (const std::string& id : sink.filter.cameras) {
    const bool known =
        std::any_of(config.cameras.begin(), config.cameras.end(), [&](const auto& c) { return c.id == id; });
    if (!known && given != nullptr)
      warnings.push_back(given->place.where() + ": " + given->place.key() + ": there is no camera " + shown(id));
  }
}

}  // namespace

std::string signing_key_problem(const std::string& text) {
  const std::string key = key_bytes(text);
  if (!key.empty() && key.size() <= 64) return {};
  return "is no signing key; accepted: whsec_ and base64 of 24 to 64 bytes, such as whsec_$(openssl rand -base64 32)";
}

std::string token_problem(const std::string& text) {
  const bool good = std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
  return good ? "" : "a blank, or a character that is not ASCII; accepted: a token";
}

std::string host_problem(const std::string& text) {
  return text.find_first_of(" /@#?") == std::string::npos ? "" : "is no host; accepted: a name or an address, no URL";
}

std::string topic_problem(const std::string& text) {
  const bool good =
      text.find_first_of("+#") == std::string::npos && text.front() != '/' && text.front() != '$' && text.back() != '/';
  return good ? "" : "is no topic; accepted: words parted by '/', without '+' and '#', not first '$'";
}

void check_sinks(const Node& root, const Config& config, Problems& problems, std::vector<std::string>& warnings) {
  const Node* notify = root.find("notify");
  const Node* sinks = notify != nullptr ? notify->find("sinks") : nullptr;
  if (sinks == nullptr) return;
  for (const SinkSettings& sink : config.notify.sinks) {
    const Node* node = sinks->find(sink.name);
    if (node == nullptr) continue;
    if (sink.kind == SinkSettings::Kind::webhook) check_webhook(*node, sink, problems, warnings);
    else check_broker(*node, sink, problems);
    check_ca(*node, sink, problems);
    check_cameras(*node, sink, config, warnings);
  }
}

}  // namespace lynceus::config
