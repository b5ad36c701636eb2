#include "daemon/api/openapi.h"

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>

#include "base/ascii.h"

namespace lynceus::daemon::http {
namespace {

using Json = nlohmann::ordered_json;

bool is_media_type(const std::string& answer) { return answer.find('/') != std::string::npos; }

Json reference(const std::string& schema) { return {{"$ref", "#/components/schemas/" + schema}}; }

Json content_of(const std::string& answer) {
  if (!is_media_type(answer)) return {{"application/json", {{"schema", reference(answer)}}}};
  const bool text = answer.starts_with("text/") || answer == "application/json";
  Json schema = answer == "application/json" ? Json{{"type", "object"}} : Json{{"type", "string"}};
  if (!text) schema = Json::object();
  return {{answer, {{"schema", schema}}}};
}

Json parameters_of(const Route& route) {
  Json list = Json::array();
  for (std::size_t at = route.pattern.find('{'); at != std::string::npos; at = route.pattern.find('{', at + 1)) {
    const std::string name = route.pattern.substr(at + 1, route.pattern.find('}', at) - at - 1);
    list.push_back({{"name", name}, {"in", "path"}, {"required", true}, {"schema", {{"type", "string"}}}});
  }
  for (const Parameter& parameter : route.query) {
    list.push_back({{"name", parameter.name},
                    {"in", "query"},
                    {"description", parameter.help},
                    {"schema", Json::parse(parameter.schema)}});
  }
  return list;
}

/// "POST /api/v1/alarms/{id}/ack" → "post_alarms_id_ack".
std::string operation_id(const Route& route) {
  std::string path = route.pattern;
  const std::string prefix = "/api/v1";
  if (path.starts_with(prefix)) path = path.substr(prefix.size());
  std::string id = route.method + path;
  std::transform(id.begin(), id.end(), id.begin(),
                 [](unsigned char c) { return static_cast<char>(std::isalnum(c) ? std::tolower(c) : '_'); });
  id.erase(std::unique(id.begin(), id.end(), [](char a, char b) { return a == '_' && b == '_'; }), id.end());
  while (id.back() == '_') id.pop_back();
  return id;
}

Json operation(const Route& route) {
  Json json{{"operationId", operation_id(route)}, {"summary", route.summary}};
  const Json parameters = parameters_of(route);
  if (!parameters.empty()) json["parameters"] = parameters;
  if (*route.body != '\0') {
    json["requestBody"] = {{"required", true},
                           {"content", {{"application/json", {{"schema", reference(route.body)}}}}}};
  }
  Json good{{"description", *route.answer == '\0' ? "Done" : "The answer"}};
  if (*route.answer != '\0') good["content"] = content_of(route.answer);
  json["responses"][*route.answer == '\0' ? "204" : "200"] = good;
  json["responses"]["default"] = {{"$ref", "#/components/responses/Problem"}};
  if (route.role) {
    json["description"] = std::string("Needs the role ") + config::name(*route.role) + ".";
    json["security"] = Json::array({{{"bearer", Json::array()}}, {{"cookie", Json::array()}}});
  } else {
    json["security"] = Json::array();
  }
  return json;
}

}  // namespace

std::string openapi_json(const std::vector<Route>& routes) {
  Json json{{"openapi", "3.1.0"}};
  json["info"] = {{"title", "Lynceus"},
                  {"version", LYNCEUS_VERSION},
                  {"license", {{"name", "Apache 2.0"}, {"identifier", "Apache-2.0"}}}};
  json["paths"] = Json::object();
  for (const Route& route : routes) {
    json["paths"][route.pattern][ascii::lower(route.method)] = operation(route);
  }
  json["components"]["schemas"] = Json::parse(openapi_schemas());
  json["components"]["responses"]["Problem"] = {
      {"description", "RFC 9457"}, {"content", {{"application/problem+json", {{"schema", reference("Problem")}}}}}};
  json["components"]["securitySchemes"] = {{"bearer", {{"type", "http"}, {"scheme", "bearer"}}},
                                           {"cookie", {{"type", "apiKey"}, {"in", "cookie"}, {"name", "lynceus"}}}};
  return json.dump();
}

}  // namespace lynceus::daemon::http
