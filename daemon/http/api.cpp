#include "daemon/http/api.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <utility>

#include "daemon/http/host_check.h"
#include "daemon/http/page.h"
#include "daemon/http/problem.h"

namespace lynceus::daemon::http {
namespace {

constexpr double kDefaultFps = 5, kLeastFps = 0.1, kMostFps = 30;

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

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

}  // namespace

Api::Api(Parts parts) : parts_(std::move(parts)) {
  add_routes();
  add_page();
}

void Api::add_routes() {
  router_.get("/healthz", [](const Call&) { return plain("ok\n", "text/plain; charset=utf-8"); });
  router_.get("/readyz", [this](const Call&) -> Answer {
    const std::string why = parts_.unready();
    return why.empty() ? plain("ready\n", "text/plain; charset=utf-8") : problem(503, why);
  });
  router_.get("/metrics",
              [this](const Call&) { return plain(parts_.metrics(), "text/plain; version=0.0.4; charset=utf-8"); });
  router_.get("/api/v1/version", [this](const Call&) { return json(version_json(parts_.version)); });
  router_.get("/api/v1/cameras",
              [this](const Call&) { return json(cameras_json(parts_.cameras.cameras(), parts_.board)); });
  router_.get("/api/v1/cameras/{id}", [this](const Call& call) { return camera(call); });
  router_.get("/api/v1/cameras/{id}/observations", [this](const Call& call) { return observations(call); });
  router_.get("/api/v1/cameras/{id}/snapshot.jpg", [this](const Call& call) { return picture(call, false); },
              {"view", "t"});
  router_.get("/api/v1/cameras/{id}/stream.mjpg", [this](const Call& call) { return picture(call, true); },
              {"view", "fps"});
}

void Api::add_page() {
  for (const PageFile& file : page_files()) {
    router_.get(file.path, [file](const Call&) {
      Response response = plain(std::string(file.content), std::string(file.type).c_str());
      response.headers = {{"Cache-Control", "no-cache"}};
      return response;
    });
  }
}

Answer Api::answer(const Request& request) const {
  if (request.host.empty()) return problem(400, "a request names its Host");
  if (!host_accepted(request.host, parts_.hosts, request.local_address)) {
    return problem(421, "this Host is not ours; names besides loopback are listed in server.hosts");
  }
  return router_.route(request);
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

const std::vector<std::pair<std::string, std::string>>& security_headers() {
  static const std::vector<std::pair<std::string, std::string>> headers{
      {"Content-Security-Policy",
       "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; connect-src 'self'; base-uri 'none'; "
       "form-action 'none'; frame-ancestors 'none'"},
      {"X-Content-Type-Options", "nosniff"},
      {"Referrer-Policy", "no-referrer"},
      {"Cross-Origin-Resource-Policy", "same-origin"},
  };
  return headers;
}

}  // namespace lynceus::daemon::http
