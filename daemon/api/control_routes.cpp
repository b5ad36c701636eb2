#include "daemon/api/control_routes.h"

#include <utility>

#include "base/log.h"
#include "daemon/api/body.h"
#include "daemon/api/problem.h"

namespace lynceus::daemon::http {
namespace {

using config::Role;
using Begin = std::function<void(Control&, Done)>;

Control& there(Control* control) {
  if (control == nullptr) throw Refusal(503, "this daemon cannot be changed by the API");
  return *control;
}

Response answer_of(const Outcome& outcome) {
  switch (outcome.kind) {
    case Outcome::Kind::done: {
      Response response;
      response.status = outcome.body.empty() ? 204 : 200;
      response.body = outcome.body;
      response.headers.emplace_back("Cache-Control", "no-store");
      return response;
    }
    case Outcome::Kind::unknown:
      return problem(404, outcome.why);
    case Outcome::Kind::invalid:
      return problem(422, outcome.why.empty() ? "refused; nothing changed" : log::redact(outcome.why), outcome.errors);
    case Outcome::Kind::failed:
      break;
  }
  return problem(502, log::redact(outcome.why));
}

Answer begun(Control* control, Begin begin) {
  Control& daemon = there(control);
  return DeferredAnswer{[&daemon, begin = std::move(begin)](const Reply& reply) {
    begin(daemon, [reply](const Outcome& outcome) { reply(answer_of(outcome)); });
  }};
}

/// The path's camera, which must exist.
std::string camera_of(const CameraDirectory& cameras, const Call& call) {
  const std::string& id = call.path.at("id");
  if (!cameras.camera(id)) throw Refusal(404, "no camera is called " + id);
  return id;
}

void changed(const Call& call, const char* what, const std::string& of) {
  log::info("http", what, {{"of", of}, {"by", call.who.name}});
}

Answer put_settings(Control* control, const std::string& camera, const Call& call) {
  if (call.request.body.empty()) throw Refusal(400, "the body is empty");
  check_json_object(call.request.body);
  changed(call, "settings are written", camera);
  return begun(control, [camera, json = call.request.body](Control& daemon, Done done) {
    daemon.put_settings(camera, json, std::move(done));
  });
}

Answer delete_settings(Control* control, const std::string& camera, const Call& call) {
  changed(call, "settings are removed", camera);
  return begun(control, [camera](Control& daemon, Done done) { daemon.delete_settings(camera, std::move(done)); });
}

Answer enable(Control* control, const std::string& camera, const Call& call) {
  const bool on = Body(call.request.body, {"enabled"}).flag("enabled");
  changed(call, on ? "camera is switched on" : "camera is switched off", camera);
  return begun(control, [camera, on](Control& daemon, Done done) { daemon.enable(camera, on, std::move(done)); });
}

Answer reference(Control* control, const std::string& camera, const Call& call) {
  const std::string plugin = Body(call.request.body, {"plugin"}).text("plugin");
  changed(call, "a reference is taken", camera);
  return begun(control,
               [camera, plugin](Control& daemon, Done done) { daemon.reference(camera, plugin, std::move(done)); });
}

void add_camera_routes(Router& router, const CameraDirectory& cameras, Control* control) {
  const std::string base = "/api/v1/cameras/{id}";
  router.add({.method = "GET",
              .pattern = base + "/settings",
              .summary = "What the API wrote of a camera, and what is in force",
              .answer = "Settings",
              .role = Role::admin,
              .handler = [&cameras, control](const Call& call) {
                return begun(control, [camera = camera_of(cameras, call)](Control& daemon, Done done) {
                  daemon.settings(camera, std::move(done));
                });
              }});
  router.add({.method = "PUT",
              .pattern = base + "/settings",
              .summary = "Zones, lines, ground, scale, reference; checked as the file is, applied at once",
              .answer = "Settings",
              .body = "Settings",
              .role = Role::admin,
              .handler = [&cameras, control](const Call& call) {
                return put_settings(control, camera_of(cameras, call), call);
              }});
  router.add({.method = "DELETE",
              .pattern = base + "/settings",
              .summary = "Back to what the file says",
              .role = Role::admin,
              .handler = [&cameras, control](const Call& call) {
                return delete_settings(control, camera_of(cameras, call), call);
              }});
  router.add(
      {.method = "POST",
       .pattern = base + "/enabled",
       .summary = "Switch a camera on or off",
       .answer = "Settings",
       .body = "Enabled",
       .role = Role::operate,
       .handler = [&cameras, control](const Call& call) { return enable(control, camera_of(cameras, call), call); }});
  router.add({.method = "POST",
              .pattern = base + "/reference",
              .summary = "An analyzer takes the picture of now as its reference",
              .answer = "Settings",
              .body = "Plugin",
              .role = Role::admin,
              .handler = [&cameras, control](const Call& call) {
                return reference(control, camera_of(cameras, call), call);
              }});
  router.add({.method = "GET",
              .pattern = base + "/proposals",
              .summary = "Settings the analyzers propose from what they saw",
              .answer = "Settings",
              .handler = [&cameras, control](const Call& call) {
                return begun(control, [camera = camera_of(cameras, call)](Control& daemon, Done done) {
                  daemon.proposals(camera, std::move(done));
                });
              }});
}

}  // namespace

void add_control_routes(Router& router, const CameraDirectory& cameras, Control* control) {
  add_camera_routes(router, cameras, control);
  router.add({.method = "GET",
              .pattern = "/api/v1/config",
              .summary = "The configuration in force, secrets masked, with each value's origin",
              .answer = "Settings",
              .role = Role::admin,
              .handler = [control](const Call&) {
                Response response;
                response.body = there(control).config();
                response.headers.emplace_back("Cache-Control", "no-store");
                return response;
              }});
  router.add({.method = "POST",
              .pattern = "/api/v1/config/reload",
              .summary = "Read the configuration again; with an error nothing changes",
              .answer = "Settings",
              .role = Role::admin,
              .handler = [control](const Call& call) {
                const Body nothing(call.request.body, {});
                changed(call, "reload", "config");
                return begun(control, [](Control& daemon, Done done) { daemon.reload(std::move(done)); });
              }});
  router.add({.method = "POST",
              .pattern = "/api/v1/sinks/{name}/test",
              .summary = "Send a message that tells of no alarm",
              .answer = "Settings",
              .role = Role::admin,
              .handler = [control](const Call& call) {
                const Body nothing(call.request.body, {});
                return begun(control, [sink = call.path.at("name")](Control& daemon, Done done) {
                  daemon.test_sink(sink, std::move(done));
                });
              }});
}

}  // namespace lynceus::daemon::http
