#include "daemon/api/body.h"

#include <algorithm>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <string_view>

#include "daemon/api/problem.h"

namespace lynceus::daemon::http {
namespace {

using Json = nlohmann::json;
constexpr int kDeepest = 32;
constexpr std::size_t kLongestText = 256;
constexpr std::size_t kMostKeys = 1000;  // what checks settings walks over all keys for each

/// The parser recurses with the nesting; this looks before it does.
bool too_deep(const std::string& text) {
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c == '\\') ++i;
      quoted = c != '"';
    } else if (c == '"') {
      quoted = true;
    } else if (c == '{' || c == '[') {
      if (++depth > kDeepest) return true;
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
  return false;
}

bool too_many_keys(const Json& json) {
  if (json.is_object() && json.size() > kMostKeys) return true;
  return json.is_structured() && std::any_of(json.begin(), json.end(), too_many_keys);
}

Json parse(const std::string& text) {
  if (text.empty()) return Json::object();
  if (too_deep(text)) throw Refusal(400, "the body is nested too deeply");
  Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) throw Refusal(400, "the body is not a JSON object");
  if (too_many_keys(json)) throw Refusal(400, "an object in the body has more than 1000 keys");
  return json;
}

[[noreturn]] void wrong(const char* key, const std::string& wanted) {
  throw Refusal(400, std::string(key) + ": " + wanted);
}

}  // namespace

struct Body::Parsed {
  Json json;
};

Body::Body(const std::string& text, std::initializer_list<const char*> known)
    : parsed_(std::make_unique<Parsed>(Parsed{parse(text)})) {
  for (const auto& [key, value] : parsed_->json.items()) {
    const std::string_view given = key;
    if (std::none_of(known.begin(), known.end(), [&](const char* k) { return given == k; })) {
      throw Refusal(400, "unknown key in the body: " + std::string(given.substr(0, 64)));
    }
  }
}

Body::~Body() = default;

std::string Body::text(const char* key) const {
  const auto found = parsed_->json.find(key);
  if (found == parsed_->json.end() || !found->is_string()) wrong(key, "a text");
  auto value = found->get<std::string>();
  if (value.empty() || value.size() > kLongestText) wrong(key, "1 to 256 bytes");
  return value;
}

bool Body::flag(const char* key) const {
  const auto found = parsed_->json.find(key);
  if (found == parsed_->json.end() || !found->is_boolean()) wrong(key, "true or false");
  return found->get<bool>();
}

long Body::whole(const char* key, std::optional<long> otherwise, long least, long greatest) const {
  const std::string wanted = "a whole number from " + std::to_string(least) + " to " + std::to_string(greatest);
  const auto found = parsed_->json.find(key);
  if (found == parsed_->json.end()) {
    if (otherwise) return *otherwise;
    wrong(key, wanted);
  }
  const bool small =
      found->is_number_integer() && (!found->is_number_unsigned() || found->get<std::uint64_t>() < (1ULL << 62));
  if (!small || found->get<std::int64_t>() < least || found->get<std::int64_t>() > greatest) wrong(key, wanted);
  return static_cast<long>(found->get<std::int64_t>());
}

void check_json_object(const std::string& text) { parse(text); }

}  // namespace lynceus::daemon::http
