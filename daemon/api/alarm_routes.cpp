#include "daemon/api/alarm_routes.h"

#include <chrono>
#include <stdexcept>
#include <utility>

#include "daemon/api/body.h"
#include "daemon/api/problem.h"
#include "daemon/api/query.h"

namespace lynceus::daemon::http {
namespace {

using config::Role;
using Outcome = AlarmDesk::Result::Outcome;
using Act = std::function<void(AlarmBook&, AlarmBook::Done)>;

constexpr const char* kTime = R"({"type":"string","format":"date-time"})";
constexpr long kMostMinutes = 7 * 24 * 60;

Response json(std::string body) {
  Response response;
  response.body = std::move(body);
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

AlarmBook& there(AlarmBook* book) {
  if (book == nullptr) throw Refusal(503, "this daemon keeps no alarms");
  return *book;
}

Response no_alarm(const std::string& id) { return problem(404, "no alarm has the id " + id); }

AlarmDesk::Query query_of(const Fields& given) {
  AlarmDesk::Query query;
  if (const auto state = choice_of(given, "state", {"pending", "raised", "cleared"})) {
    query.state = static_cast<Alarm::State>(*state);
  }
  if (const auto severity = choice_of(given, "severity", {"info", "warning", "critical"})) {
    query.severity = static_cast<sdk::Severity>(*severity);
  }
  query.camera = text_of(given, "camera");
  query.since = time_of(given, "since");
  query.until = time_of(given, "until");
  query.limit = static_cast<std::size_t>(whole_of(given, "limit", 100, 1, 1000));
  query.cursor = text_of(given, "cursor");
  return query;
}

Answer list(const AlarmBook& book, const Call& call) {
  try {
    const AlarmDesk::Page page = book.list(query_of(call.query));
    std::string body = "{\"alarms\":[";
    for (const Alarm& alarm : page.alarms) body += (body.back() == '[' ? "" : ",") + to_json(alarm);
    return json(body + "],\"next\":" + (page.next.empty() ? "null" : "\"" + page.next + "\"") + "}");
  } catch (const std::invalid_argument&) {
    return problem(400, "cursor: not one that a list gave");
  }
}

Answer one(const AlarmBook& book, const Call& call) {
  const std::string& id = call.path.at("id");
  const auto alarm = book.find(id);
  return alarm ? json(to_json(*alarm)) : no_alarm(id);
}

Response answer_of(const std::string& id, const AlarmDesk::Result& result) {
  switch (result.outcome) {
    case Outcome::done:
      return result.alarm ? json(to_json(*result.alarm)) : json("{}");
    case Outcome::unknown:
      return no_alarm(id);
    case Outcome::active:
      return problem(409, "its condition holds still; it clears when that ends, until then it can be shelved");
    case Outcome::unavailable:
      break;
  }
  return problem(503, "the alarms are not available");
}

/// Begins `act` and answers with the alarm as it is then.
Answer acted(AlarmBook* book, const Call& call, Act act) {
  AlarmBook& desk = there(book);
  return DeferredAnswer{[&desk, id = call.path.at("id"), act = std::move(act)](const Reply& reply) {
    act(desk, [id, reply](const AlarmDesk::Result& result) { reply(answer_of(id, result)); });
  }};
}

Answer acknowledge(AlarmBook* book, const Call& call) {
  const Body nothing(call.request.body, {});
  return acted(book, call, [id = call.path.at("id"), who = call.who.name](AlarmBook& desk, AlarmBook::Done done) {
    desk.acknowledge(id, who, std::move(done));
  });
}

Answer clear(AlarmBook* book, const Call& call) {
  const Body nothing(call.request.body, {});
  return acted(book, call, [id = call.path.at("id"), who = call.who.name](AlarmBook& desk, AlarmBook::Done done) {
    desk.clear(id, who, std::move(done));
  });
}

std::chrono::minutes minutes_of(const Call& call) {
  return std::chrono::minutes{Body(call.request.body, {"minutes"}).whole("minutes", 30, 0, kMostMinutes)};
}

Answer shelve(AlarmBook* book, const Call& call) {
  return acted(book, call,
               [id = call.path.at("id"), who = call.who.name, time = minutes_of(call)](
                   AlarmBook& desk, AlarmBook::Done done) { desk.shelve(id, time, who, std::move(done)); });
}

std::string shelved_json(const AlarmBook& book) {
  const auto until = book.site_shelved_until();
  return "{\"shelved_until\":" + (until ? "\"" + rfc3339(*until) + "\"" : "null") + "}";
}

Answer shelve_site(AlarmBook* book, const Call& call) {
  AlarmBook& desk = there(book);
  return DeferredAnswer{[&desk, time = minutes_of(call), who = call.who.name](const Reply& reply) {
    desk.shelve_site(time, who, [&desk, reply](const AlarmDesk::Result& result) {
      reply(result.outcome == Outcome::done ? json(shelved_json(desk)) : answer_of("", result));
    });
  }};
}

/// The id is looked up among the alarms first: what reaches the files is never a client's own text.
Answer evidence(const AlarmParts& parts, const Call& call, bool clip) {
  const std::string& id = call.path.at("id");
  const auto alarm = there(parts.book).find(id);
  if (!alarm) return no_alarm(id);
  std::optional<EvidenceFile> file;
  if (parts.evidence != nullptr) file = clip ? parts.evidence->clip(alarm->id) : parts.evidence->snapshot(alarm->id);
  if (!file) return problem(404, clip ? "this alarm has no clip" : "this alarm has no snapshot");
  return FileAnswer{file->path, file->type, std::string(call.request.header("range"))};
}

}  // namespace

void add_alarm_routes(Router& router, AlarmParts parts) {
  AlarmBook* book = parts.book;
  router.add({.method = "GET",
              .pattern = "/api/v1/alarms",
              .summary = "Alarms, newest first",
              .answer = "AlarmList",
              .query = {{"state", "Only of this state", R"({"enum":["pending","raised","cleared"]})"},
                        {"camera", "Only of this camera"},
                        {"severity", "Only of this severity", R"({"enum":["info","warning","critical"]})"},
                        {"since", "Raised at or after", kTime},
                        {"until", "Raised before", kTime},
                        {"limit", "At most so many", R"({"type":"integer","minimum":1,"maximum":1000,"default":100})"},
                        {"cursor", "`next` of the page before"}},
              .handler = [book](const Call& call) { return list(there(book), call); }});
  router.add({.method = "GET",
              .pattern = "/api/v1/alarms/{id}",
              .summary = "One alarm",
              .answer = "Alarm",
              .handler = [book](const Call& call) { return one(there(book), call); }});
  router.add({.method = "GET",
              .pattern = "/api/v1/alarms/{id}/snapshot.jpg",
              .summary = "The picture taken when it was raised",
              .answer = "image/jpeg",
              .handler = [parts](const Call& call) { return evidence(parts, call, false); }});
  router.add({.method = "GET",
              .pattern = "/api/v1/alarms/{id}/clip.mp4",
              .summary = "The clip around its raise; ranges are served",
              .answer = "video/mp4",
              .handler = [parts](const Call& call) { return evidence(parts, call, true); }});
  router.add({.method = "POST",
              .pattern = "/api/v1/alarms/{id}/ack",
              .summary = "Acknowledge",
              .answer = "Alarm",
              .role = Role::operate,
              .handler = [book](const Call& call) { return acknowledge(book, call); }});
  router.add({.method = "POST",
              .pattern = "/api/v1/alarms/{id}/shelve",
              .summary = "Shelve: told to nobody until then; 0 minutes ends it",
              .answer = "Alarm",
              .body = "Minutes",
              .role = Role::operate,
              .handler = [book](const Call& call) { return shelve(book, call); }});
  router.add({.method = "POST",
              .pattern = "/api/v1/alarms/{id}/clear",
              .summary = "Clear by hand; 409 while its condition holds",
              .answer = "Alarm",
              .role = Role::operate,
              .handler = [book](const Call& call) { return clear(book, call); }});
  router.add({.method = "GET",
              .pattern = "/api/v1/shelve",
              .summary = "Until when the whole site is shelved",
              .answer = "Shelved",
              .handler = [book](const Call&) { return json(shelved_json(there(book))); }});
  router.add({.method = "POST",
              .pattern = "/api/v1/shelve",
              .summary = "Shelve the whole site; 0 minutes ends it",
              .answer = "Shelved",
              .body = "Minutes",
              .role = Role::operate,
              .handler = [book](const Call& call) { return shelve_site(book, call); }});
}

}  // namespace lynceus::daemon::http
