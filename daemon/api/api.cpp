#include "daemon/api/api.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include "daemon/api/control_routes.h"
#include "daemon/api/event_hub.h"
#include "daemon/api/host_check.h"
#include "daemon/api/openapi.h"
#include "daemon/api/page.h"
#include "daemon/api/problem.h"
#include "daemon/api/query.h"
#include "daemon/live/measurement_log.h"

namespace lynceus::daemon::http {
namespace {

using config::Role;

constexpr double kDefaultFps = 5, kLeastFps = 0.1, kMostFps = 30;
constexpr std::chrono::milliseconds kListGoodFor{100};
constexpr const char* kText = "text/plain; charset=utf-8";
constexpr long kLongestStep = 86'400;        // seconds a point
constexpr std::size_t kMostPoints = 50'000;  // of an answer: about 2 MiB

Response json(std::string body) {
  Response response;
  response.body = std::move(body);
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

Response plain(std::string body, const char* type) {
  Response response = json(std::move(body));
  response.type = type;
  return response;
}

/// A browser that has it already is told so: a page of many small files loads as quickly as one.
Response page_file(const PageFile& file, const Call& call) {
  Response response;
  response.type = file.type;
  response.headers = {{"Cache-Control", "no-cache"}, {"ETag", std::string(file.tag)}};
  if (call.request.header("if-none-match") == file.tag) {
    response.status = 304;
  } else {
    response.body = file.content;
  }
  return response;
}

Response no_camera(const std::string& id) { return problem(404, "no camera is called " + id); }

std::optional<double> frame_rate(const Fields& query) {
  const auto given = query.find("fps");
  if (given == query.end()) return kDefaultFps;
  double fps = 0;
  const char* end = given->second.data() + given->second.size();
  const auto [last, error] = std::from_chars(given->second.data(), end, fps);
  if (error != std::errc{} || last != end || !(fps >= kLeastFps && fps <= kMostFps)) return std::nullopt;
  return fps;
}

std::size_t points_of(const std::vector<MeasurementLog::Series>& all) {
  std::size_t points = 0;
  for (const auto& series : all) points += series.points.size();
  return points;
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

}  // namespace

Api::Api(Parts parts)
    : parts_(std::move(parts)),
      access_(parts_.access, parts_.tokens, *parts_.clock),
      camera_list_(*parts_.clock, kListGoodFor) {
  add_plain_routes();
  add_session_routes();
  add_camera_routes();
  add_control_routes(router_, parts_.cameras, parts_.control);
  add_alarm_routes(router_, parts_.alarms);
  add_delivery_routes(router_, parts_.alarms.outbox);
  openapi_ = openapi_json(router_.routes());
  add_page();
}

void Api::add_plain_routes() {
  router_.add({.method = "GET",
               .pattern = "/healthz",
               .summary = "200 while the process answers at all",
               .answer = "text/plain",
               .role = std::nullopt,
               .handler = [](const Call&) { return plain("ok\n", kText); }});
  router_.add({.method = "GET",
               .pattern = "/readyz",
               .summary = "200 when configuration, store and HTTP are up, cameras or not",
               .answer = "text/plain",
               .role = std::nullopt,
               .handler = [this](const Call&) -> Answer {
                 const std::string why = parts_.unready();
                 return why.empty() ? plain("ready\n", kText) : problem(503, why);
               }});
  router_.add(
      {.method = "GET",
       .pattern = "/metrics",
       .summary = "Prometheus text format; open with metrics_auth: none",
       .answer = "text/plain",
       .handler = [this](const Call&) { return plain(parts_.metrics(), "text/plain; version=0.0.4; charset=utf-8"); }});
  router_.add({.method = "GET",
               .pattern = "/api/v1/openapi.json",
               .summary = "This document",
               .answer = "application/json",
               .role = std::nullopt,
               .handler = [this](const Call&) { return json(openapi_); }});
  router_.add({.method = "GET",
               .pattern = "/api/v1/version",
               .summary = "Versions of the program, its libraries and plugins",
               .answer = "Version",
               .handler = [this](const Call&) { return json(version_json(parts_.version)); }});
  router_.add({.method = "GET",
               .pattern = "/api/v1/events",
               .summary = "Server-Sent Events: alarm, camera_state, observation; resumes by Last-Event-ID",
               .answer = "text/event-stream",
               .query = {{"types", "Of these types only, separated by commas"}, {"camera", "Of this camera only"}},
               .handler = [this](const Call& call) { return events(call); }});
}

void Api::add_session_routes() {
  router_.add({.method = "POST",
               .pattern = "/api/v1/login",
               .summary = "A token becomes the cookie of a browser",
               .answer = "Session",
               .body = "Login",
               .role = std::nullopt,
               .handler = [this](const Call& call) { return access_.login(call.request); }});
  router_.add({.method = "POST",
               .pattern = "/api/v1/logout",
               .summary = "The cookie goes",
               .role = std::nullopt,
               .handler = [](const Call& call) { return Access::logout(call.request); }});
  router_.add({.method = "GET",
               .pattern = "/api/v1/session",
               .summary = "Who asks, as the daemon sees it",
               .answer = "Session",
               .handler = [](const Call& call) {
                 return json("{\"name\":\"" + call.who.name + "\",\"role\":\"" + config::name(call.who.role) + "\"}");
               }});
}

void Api::add_camera_routes() {
  const std::string base = "/api/v1/cameras/{id}";
  router_.add({.method = "GET",
               .pattern = "/api/v1/cameras",
               .summary = "All cameras, in the configuration's order; up to 100 ms old",
               .answer = "CameraList",
               .handler = [this](const Call&) { return cameras(); }});
  router_.add({.method = "GET",
               .pattern = base,
               .summary = "One camera",
               .answer = "Camera",
               .handler = [this](const Call& call) { return camera(call); }});
  router_.add({.method = "GET",
               .pattern = base + "/observations",
               .summary = "What the plugins last said",
               .answer = "Observations",
               .handler = [this](const Call& call) { return observations(call); }});
  router_.add({.method = "GET",
               .pattern = base + "/measurements",
               .summary = "Means of what the plugins measured, for hours back",
               .answer = "Measurements",
               .query = {{"name", "Only this measurement"},
                         {"since", "From then on; an hour ago", R"({"type":"string","format":"date-time"})"},
                         {"step", "Seconds a point; more where there were too many points",
                          R"({"type":"integer","minimum":5,"maximum":86400,"default":5})"}},
               .handler = [this](const Call& call) { return measurements(call); }});
  router_.add({.method = "GET",
               .pattern = base + "/snapshot.jpg",
               .summary = "The newest picture",
               .answer = "image/jpeg",
               .query = {{"view", "raw, overlay, or one of the camera's"}, {"t", "Ignored; against caches"}},
               .handler = [this](const Call& call) { return picture(call, false); }});
  router_.add({.method = "GET",
               .pattern = base + "/stream.mjpg",
               .summary = "The newest picture, again and again",
               .answer = "multipart/x-mixed-replace",
               .query = {{"view", "raw, overlay, or one of the camera's"},
                         {"fps", "Pictures a second", R"({"type":"number","minimum":0.1,"maximum":30,"default":5})"}},
               .handler = [this](const Call& call) { return picture(call, true); }});
}

void Api::add_page() {
  for (const PageFile& file : page_files()) {
    router_.add({.method = "GET",
                 .pattern = std::string(file.path),
                 .summary = "A file of the page",
                 .answer = "text/html",
                 .role = std::nullopt,
                 .handler = [file](const Call& call) { return page_file(file, call); }});
  }
}

Answer Api::answer(const Request& request) {
  if (request.host.empty()) return problem(400, "a request names its Host, once");
  if (!host_accepted(request.host, parts_.hosts, request.local_address)) {
    return problem(421, "this Host is not ours; names besides loopback are listed in server.hosts");
  }
  auto found = router_.find(request);
  if (auto* refused = std::get_if<Response>(&found)) return std::move(*refused);
  auto& [route, call] = std::get<Router::Found>(found);
  auto admitted = access_.admit(request, *route);
  if (auto* refused = std::get_if<Response>(&admitted)) return std::move(*refused);
  call.who = std::move(std::get<Identity>(admitted));
  return run(*route, call);
}

Answer Api::cameras() {
  return json(*camera_list_.get([this] { return cameras_json(parts_.cameras.cameras(), parts_.board); }));
}

Answer Api::camera(const Call& call) const {
  const std::string& id = call.path.at("id");
  const auto found = parts_.cameras.camera(id);
  return found ? json(camera_json(*found, parts_.board.newest(id))) : no_camera(id);
}

Answer Api::observations(const Call& call) const {
  const std::string& id = call.path.at("id");
  if (!parts_.cameras.camera(id)) return no_camera(id);
  return json(observations_json(id, parts_.board.newest(id)));
}

Answer Api::measurements(const Call& call) const {
  const std::string& id = call.path.at("id");
  if (!parts_.cameras.camera(id)) return no_camera(id);
  if (parts_.measurements == nullptr) return problem(503, "this daemon keeps no measurements");
  MeasurementLog::Query query;
  query.name = text_of(call.query, "name");
  query.since = time_of(call.query, "since").value_or(parts_.clock->wall() - std::chrono::hours{1});
  query.step = std::chrono::seconds{whole_of(call.query, "step", 5, 5, kLongestStep)};
  auto series = parts_.measurements->series(id, query);
  while (points_of(series) > kMostPoints && query.step.count() < kLongestStep) {
    query.step = std::min(2 * query.step, std::chrono::seconds{kLongestStep});
    series = parts_.measurements->series(id, query);
  }
  return json(measurements_json(id, query.step, series));
}

Answer Api::picture(const Call& call, bool stream) const {
  const std::string& id = call.path.at("id");
  const auto found = parts_.cameras.camera(id);
  if (!found) return no_camera(id);
  const auto asked = call.query.find("view");
  const std::string view = asked == call.query.end() ? "raw" : asked->second;
  if (std::find(found->views.begin(), found->views.end(), view) == found->views.end()) {
    return problem(404, "this camera has no view " + view + "; it has: " + joined(found->views));
  }
  const auto fps = frame_rate(call.query);
  if (!fps) return problem(400, "fps: a number from 0.1 to 30");
  return PictureAnswer{id, view, stream, *fps};
}

Answer Api::events(const Call& call) const {
  if (parts_.events == nullptr) return problem(503, "this daemon tells no events");
  EventHub::Filter filter;
  filter.camera = text_of(call.query, "camera");
  if (!filter.camera.empty() && !parts_.cameras.camera(filter.camera)) return no_camera(filter.camera);
  if (!filter.choose(text_of(call.query, "types"))) return problem(400, "types: of alarm, camera_state, observation");
  return EventsAnswer{parts_.events->listen(filter, call.request.header("last-event-id"))};
}

const std::vector<std::pair<std::string, std::string>>& security_headers() {
  static const std::vector<std::pair<std::string, std::string>> headers{
      {"Content-Security-Policy",
       "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'self'; script-src 'self'; connect-src 'self'; "
       "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"},
      {"X-Content-Type-Options", "nosniff"},
      {"Referrer-Policy", "no-referrer"},
      {"Cross-Origin-Resource-Policy", "same-origin"},
  };
  return headers;
}

}  // namespace lynceus::daemon::http
