#include "tools/simulate/supervisor.h"

#include <poll.h>

#include <algorithm>
#include <optional>
#include <sstream>
#include <utility>

#include "base/error.h"
#include "base/log.h"
#include "tools/process/program.h"
#include "tools/simulate/spec.h"

namespace lynceus::tools {
namespace {

using namespace std::chrono_literals;

constexpr auto kLongestPause = 5000ms;
constexpr auto kShortestPause = 200ms;

Exit exit_of(std::optional<int> status) {
  for (const Exit exit : {Exit::usage, Exit::unreadable})
    if (status == static_cast<int>(exit)) return exit;
  return Exit::fatal;
}

}  // namespace

Supervisor::Supervisor(SupervisorSettings settings, Say say)
    : settings_(std::move(settings)), say_(std::move(say)), commands_(settings_.commands) {
  int port = settings_.port;
  for (const auto& spec : settings_.cameras) {
    Camera camera;
    camera.id = parse_camera(spec).id;
    camera.spec = spec;
    camera.port = port > 0 ? port++ : 0;
    cameras_.push_back(std::move(camera));
  }
}

void Supervisor::run() {
  for (auto& camera : cameras_) start(camera);
  try {
    while (wait_and_handle()) start_due();
  } catch (const Error&) {
    stop_all();
    throw;
  }
  stop_all();
}

void Supervisor::start(Camera& camera) {
  static const std::string program = own_program();
  camera.child = std::make_unique<PipedChild>(std::vector<std::string>{program, "simulate", "--serve"});
  // Over the pipe, not as an argument: a specification may hold a password.
  camera.child->write_line(settings_.address + " " + std::to_string(camera.port) + " " + camera.spec);
}

void Supervisor::heard(Camera& camera) {
  const bool open = camera.child->output().fill();
  while (const auto line = camera.child->output().take()) heard_line(camera, *line);
  if (!open) ended(camera);
}

void Supervisor::heard_line(Camera& camera, const std::string& line) {
  if (!line.starts_with("ready ")) return say_(camera.id, line);
  camera.port = std::stoi(line.substr(6));
  camera.pause = kShortestPause;
  if (std::exchange(camera.served, true)) return log::info("simulate", "camera is back", {{"camera", camera.id}});
  say_(camera.id, "url rtsp://" + settings_.address + ":" + std::to_string(camera.port) + "/" + camera.id);
}

void Supervisor::ended(Camera& camera) {
  const auto status = camera.child->wait(2000ms);
  camera.child.reset();
  // It has said why, and its exit code says of what kind: ours is the same.
  if (!camera.served) throw Error(exit_of(status), "simulate", "camera " + camera.id, "could not be started");
  ++camera.restarts;
  camera.start_again = system_clock().now() + camera.pause;
  log::warning("simulate", "camera process ended",
               {{"camera", camera.id}, {"status", status.value_or(-1)}, {"restart_ms", camera.pause.count()}});
  camera.pause = std::min<std::chrono::milliseconds>(camera.pause * 2, kLongestPause);
}

void Supervisor::start_due() {
  for (auto& camera : cameras_)
    if (!camera.child && camera.start_again <= system_clock().now()) start(camera);
}

int Supervisor::timeout_ms() const {
  long long least = -1;
  for (const auto& camera : cameras_) {
    if (camera.child) continue;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(camera.start_again - system_clock().now()).count();
    least = least < 0 ? std::max<long long>(0, left) : std::clamp<long long>(left, 0, least);
  }
  return static_cast<int>(least);
}

bool Supervisor::wait_and_handle() {
  std::vector<pollfd> ready{{settings_.stop, POLLIN, 0}, {settings_.commands, POLLIN, 0}};
  for (const auto& camera : cameras_) ready.push_back({camera.child ? camera.child->output().fd() : -1, POLLIN, 0});
  if (poll(ready.data(), ready.size(), timeout_ms()) <= 0) return true;
  if (ready[0].revents) return false;
  for (std::size_t i = 0; i < cameras_.size(); ++i)
    if (ready[i + 2].revents) heard(cameras_[i]);
  if (!ready[1].revents) return true;
  const bool open = commands_.fill();
  while (const auto line = commands_.take()) command(*line);
  return open;
}

void Supervisor::command(const std::string& line) {
  std::istringstream words(line);
  std::string verb, id, rest;
  words >> verb >> id >> std::ws;
  std::getline(words, rest);
  const auto camera = std::find_if(cameras_.begin(), cameras_.end(), [&](const Camera& c) { return c.id == id; });
  if (camera == cameras_.end()) return say_(id.empty() ? "-" : id, "error no such camera");
  if (!camera->child || !camera->child->write_line(verb + (rest.empty() ? "" : " " + rest)))
    say_(id, "error the camera is being restarted");
}

void Supervisor::stop_all() {
  for (auto& camera : cameras_)
    if (camera.child) camera.child->close_input();
  for (auto& camera : cameras_) camera.child.reset();
}

}  // namespace lynceus::tools
