#include "daemon/app/control.h"

#include <exception>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/log.h"
#include "config/canonical.h"
#include "config/settings_file.h"
#include "daemon/api/json.h"

namespace lynceus::daemon {
namespace {

using http::Outcome;
using nlohmann::ordered_json;

Outcome done_with(std::string body) { return {Outcome::Kind::done, std::move(body), {}, {}}; }
Outcome failed(std::string why) { return {Outcome::Kind::failed, {}, std::move(why), {}}; }
Outcome no_camera(const std::string& id) { return {Outcome::Kind::unknown, {}, "no camera is called " + id, {}}; }
Outcome invalid(std::string why) { return {Outcome::Kind::invalid, {}, why, {why}}; }

std::string text_of(const ordered_json& json) {
  return json.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

std::string change_json(const Reload::Result& result) {
  const Fleet::Change& change = result.change;
  return text_of({{"kept", change.kept},
                  {"changed", change.changed},
                  {"restarted", change.restarted},
                  {"added", change.added},
                  {"removed", change.removed},
                  {"warnings", result.warnings}});
}

Outcome outcome_of(const Reload::Result& result) {
  switch (result.kind) {
    case Reload::Result::Kind::done:
      return done_with(change_json(result));
    case Reload::Result::Kind::invalid:
      return {Outcome::Kind::invalid, {}, result.why, result.errors};
    case Reload::Result::Kind::failed:
      break;
  }
  return failed(result.why);
}

/// Whoever sent settings knows no file of ours: "FILE:LINE:COLUMN: KEY: why" becomes "KEY: why".
std::string without_place(const std::string& line, const std::string& file) {
  if (line.rfind(file + ":", 0) != 0) return line;
  const std::size_t end = line.find(": ", file.size());
  return end == std::string::npos ? line : line.substr(end + 2);
}

/// What the plugin `details` of each say under "proposals".
ordered_json proposals_in(const std::string& observations) {
  ordered_json out = ordered_json::object();
  const ordered_json said = ordered_json::parse(observations, nullptr, false);
  for (const ordered_json& plugin : said.value("plugins", ordered_json::array())) {
    const auto details = plugin.find("details");
    if (details == plugin.end() || !details->is_object() || !details->contains("proposals")) continue;
    out[plugin.value("plugin", "")] = (*details)["proposals"];
  }
  return out;
}

}  // namespace

void AppControl::post(http::Done done, Work work) {
  const auto run = [done, work = std::move(work)] {
    Outcome outcome;
    try {
      outcome = work();
    } catch (const config::ConfigError& e) {
      outcome = {Outcome::Kind::invalid, {}, log::redact(e.what()), e.lines()};
    } catch (const std::exception& e) {
      outcome = failed(log::redact(e.what()));
    }
    done(outcome);
  };
  parts_.inbox.post(run, [done] { done(failed("the daemon is busy or about to end; try again")); });
}

bool AppControl::known(const std::string& camera) const { return parts_.fleet.camera(camera).has_value(); }

/// A file written by hand may name an address with a password in it.
std::string AppControl::settings_of(const std::string& camera) const {
  return log::redact(config::settings_json(parts_.state_directory, camera));
}

void AppControl::reload(http::Done done) {
  post(std::move(done), [this] { return outcome_of(parts_.reload.run()); });
}

void AppControl::settings(const std::string& camera, http::Done done) {
  post(std::move(done), [this, camera] { return known(camera) ? done_with(settings_of(camera)) : no_camera(camera); });
}

Outcome AppControl::put(const config::SettingsDraft& draft) {
  const Reload::Result result = parts_.reload.run(&draft);
  Outcome outcome = outcome_of(result);
  const std::string file = config::settings_file(parts_.state_directory, draft.camera);
  for (std::string& line : outcome.errors) line = without_place(line, file);
  if (!outcome.errors.empty()) outcome.why = outcome.errors.front();
  if (outcome.kind != Outcome::Kind::done) return outcome;
  log::info("app", draft.yaml ? "settings written" : "settings removed", {{"camera", draft.camera}});
  return done_with(settings_of(draft.camera));
}

void AppControl::put_settings(const std::string& camera, const std::string& json, http::Done done) {
  post(std::move(done), [this, camera, json] {
    if (!known(camera)) return no_camera(camera);
    return put({camera, config::canonical_yaml(json, config::Keys::settable)});
  });
}

void AppControl::delete_settings(const std::string& camera, http::Done done) {
  post(std::move(done), [this, camera] { return known(camera) ? put({camera, {}}) : no_camera(camera); });
}

void AppControl::enable(const std::string& camera, bool enabled, http::Done done) {
  post(std::move(done), [this, camera, enabled] {
    const auto now = parts_.fleet.camera(camera);
    if (!now) return no_camera(camera);
    if (now->enabled != enabled) {
      auto settings = ordered_json::parse(config::settings_json(parts_.state_directory, camera));
      settings["enabled"] = enabled;
      Outcome outcome = put({camera, config::canonical_yaml(text_of(settings), config::Keys::all)});
      if (outcome.kind != Outcome::Kind::done) return outcome;
    }
    return done_with(text_of({{"enabled", enabled}}));
  });
}

/// Not on the control thread: it is the camera's worker that takes it.
void AppControl::reference(const std::string& camera, const std::string& plugin, http::Done done) {
  switch (parts_.fleet.take_reference(camera, plugin)) {
    case Fleet::Taken::done:
      log::info("app", "reference taken", {{"camera", camera}, {"plugin", plugin}});
      return done(done_with(text_of({{"plugin", plugin}})));
    case Fleet::Taken::no_camera:
      return done(no_camera(camera));
    case Fleet::Taken::no_plugin:
      return done(invalid("plugin: this camera runs no such plugin"));
    case Fleet::Taken::no_reference:
      return done(invalid("plugin: this plugin keeps no reference"));
    case Fleet::Taken::not_streaming:
      break;
  }
  done(failed("the camera does not stream: there is no picture to take"));
}

void AppControl::proposals(const std::string& camera, http::Done done) {
  if (!known(camera)) return done(no_camera(camera));
  const auto live = parts_.board.newest(camera);
  const ordered_json all =
      live ? proposals_in(http::observations_json(camera, live)) : ordered_json(ordered_json::object());
  done(done_with(text_of({{"camera", camera}, {"proposals", all}})));
}

void AppControl::test_sink(const std::string& sink, http::Done done) {
  parts_.test_sink(sink, [sink, done](bool known, bool delivered, const std::string& line) {
    if (!known) return done({Outcome::Kind::unknown, {}, "no sink is called " + sink, {}});
    done(done_with(text_of({{"sink", sink}, {"delivered", delivered}, {"answer", log::redact(line)}})));
  });
}

}  // namespace lynceus::daemon
