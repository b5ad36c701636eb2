// The OpenAPI document says what the routes do: every route, every parameter, and answers of the shape it promises.
#include "daemon/api/openapi.h"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "tests/support/catch.h"
#include "tests/unit/daemon/api_room.h"

using namespace lynceus;
using namespace lynceus::test;
using namespace lynceus::daemon::http;
using nlohmann::json;

namespace {

json document(ApiRoom& room) { return json::parse(room.get("/api/v1/openapi.json").body); }

const json& schema_of(const json& all, const json& schema) {
  if (!schema.contains("$ref")) return schema;
  return all.at(json::json_pointer(schema.at("$ref").get<std::string>().substr(1)));
}

bool type_fits(const std::string& type, const json& value) {
  if (type == "integer") return value.is_number_integer();
  if (type == "number") return value.is_number();
  return type == value.type_name();
}

/// As much of JSON Schema as the document uses.
void check(const json& all, const json& given, const json& value, const std::string& where) {
  const json& schema = schema_of(all, given);
  INFO(where << ": " << value.dump().substr(0, 100));
  if (schema.contains("const")) CHECK(value == schema["const"]);
  if (schema.contains("enum")) {
    const auto& allowed = schema["enum"];
    CHECK(std::find(allowed.begin(), allowed.end(), value) != allowed.end());
  }
  if (schema.contains("type")) {
    const json types = schema["type"].is_array() ? schema["type"] : json::array({schema["type"]});
    CHECK(
        std::any_of(types.begin(), types.end(), [&](const json& t) { return type_fits(t.get<std::string>(), value); }));
  }
  if (value.is_object() && schema.contains("properties")) {
    for (const auto& name : schema.value("required", json::array())) CHECK(value.contains(name.get<std::string>()));
    for (const auto& [key, member] : value.items()) {
      INFO(key << " is described");
      CHECK(schema["properties"].contains(key));
      if (schema["properties"].contains(key)) check(all, schema["properties"][key], member, where + "." + key);
    }
  }
  if (value.is_array() && schema.contains("items")) {
    for (const json& item : value) check(all, schema["items"], item, where + "[]");
  }
}

/// The schema of the good answer of a GET.
json answer_schema(const json& all, const std::string& pattern) {
  return all.at("paths")
      .at(pattern)
      .at("get")
      .at("responses")
      .at("200")
      .at("content")
      .at("application/json")
      .at("schema");
}

}  // namespace

TEST_CASE("every route of the API is in the document, with its parameters and body") {
  ApiRoom room;
  const json all = document(room);
  CHECK(all.at("openapi") == "3.1.0");
  std::set<std::string> ids;
  for (const Route& route : room.api->routes()) {
    if (std::string(route.summary) == "A file of the page") continue;
    std::string method = route.method;
    for (char& c : method) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    INFO(method << " " << route.pattern);
    const json& operation = all.at("paths").at(route.pattern).at(method);
    CHECK(ids.insert(operation.at("operationId")).second);
    CHECK(operation.contains("requestBody") == (*route.body != '\0'));
    CHECK(operation.at("security").empty() == !route.role.has_value());
    std::size_t in_path = 0;
    for (const json& parameter : operation.value("parameters", json::array())) in_path += parameter.at("in") == "path";
    CHECK(in_path == static_cast<std::size_t>(std::count(route.pattern.begin(), route.pattern.end(), '{')));
    CHECK(operation.value("parameters", json::array()).size() == in_path + route.query.size());
  }
}

TEST_CASE("every reference of the document leads somewhere, and every schema is used") {
  ApiRoom room;
  const std::string text = room.get("/api/v1/openapi.json").body;
  const json all = json::parse(text);
  std::set<std::string> used;
  for (std::size_t at = text.find("\"#/"); at != std::string::npos; at = text.find("\"#/", at + 1)) {
    const std::string reference = text.substr(at + 2, text.find('"', at + 1) - at - 2);
    INFO(reference);
    CHECK(all.contains(json::json_pointer(reference)));
    used.insert(reference.substr(reference.rfind('/') + 1));
  }
  for (const auto& [name, schema] : all.at("components").at("schemas").items()) {
    INFO(name);
    CHECK(used.contains(name));
  }
}

TEST_CASE("answers have the shape the document promises") {
  ApiRoom room;
  room.book.alarms = {alarm_of("one")};
  room.book.alarms[0].value = 3.5;
  room.book.alarms[0].acknowledged_at = WallTime{};
  room.book.alarms[0].clip_from = WallTime{};
  room.book.alarms[0].clip = true;
  daemon::Owed owed;
  owed.row = 1;
  owed.change.alarm = alarm_of("one");
  room.outbox.rows = {owed};
  sdk::Observations said;
  said.measurements.push_back({"sharpness", 2.5, "px", {{"zone", "door"}}});
  const auto report = report_of("lobby", 5, "health", said);
  room.board.on_report(report);
  room.measurements.on_report(report);
  const json all = document(room);
  for (const auto& [pattern, target] : std::map<std::string, std::string>{
           {"/api/v1/version", ""},
           {"/api/v1/session", ""},
           {"/api/v1/cameras", ""},
           {"/api/v1/cameras/{id}", "/api/v1/cameras/lobby"},
           {"/api/v1/cameras/{id}/observations", "/api/v1/cameras/lobby/observations"},
           {"/api/v1/cameras/{id}/measurements", "/api/v1/cameras/lobby/measurements?since=0"},
           {"/api/v1/alarms", ""},
           {"/api/v1/alarms/{id}", "/api/v1/alarms/one"},
           {"/api/v1/deliveries", ""},
           {"/api/v1/shelve", ""}}) {
    const Response answer = room.get(target.empty() ? pattern : target);
    INFO(pattern << " " << answer.body.substr(0, 200));
    REQUIRE(answer.status == 200);
    check(all, answer_schema(all, pattern), json::parse(answer.body), pattern);
  }
  check(all, json{{"$ref", "#/components/schemas/Problem"}}, json::parse(room.get("/nothing").body), "problem");
}

TEST_CASE("the reference page names every route") {
  ApiRoom room;
  std::ifstream file(std::string(LYNCEUS_SOURCE_DIR) + "/docs/ref/http.md");
  const std::string page((std::istreambuf_iterator<char>(file)), {});
  for (const Route& route : room.api->routes()) {
    if (std::string(route.summary) == "A file of the page") continue;
    INFO(route.method << " " << route.pattern);
    CHECK(page.find("`" + route.pattern) != std::string::npos);
  }
}
