#include "tests/support/simulator.h"

#include <cstdlib>
#include <sstream>
#include <stdexcept>

namespace lynceus::test {
namespace {

using namespace std::chrono_literals;

constexpr auto kStartUp = 120s;  // scenes may have to be rendered first
constexpr auto kAnswer = 60s;

std::vector<std::string> command_line(const std::vector<std::string>& cameras) {
  const char* build = std::getenv("LYNCEUS_BUILD_DIR");
  std::vector<std::string> words{std::string(build ? build : ".") + "/bin/lynceus", "simulate", "--control"};
  for (const auto& camera : cameras) words.insert(words.end(), {"--camera", camera});
  return words;
}

std::string line_within(tools::PipedChild& child, std::chrono::seconds patience) {
  const auto line = child.read_line(std::chrono::steady_clock::now() + patience);
  if (!line) throw std::runtime_error("the simulator says nothing");
  return *line;
}

}  // namespace

Simulator::Simulator(const std::vector<std::string>& cameras) : child_(command_line(cameras)) {
  while (urls_.size() < cameras.size()) {
    const auto line = line_within(child_, kStartUp);
    const auto blank = line.find(' ');
    if (blank == std::string::npos) throw std::runtime_error("the simulator says: " + line);
    urls_[line.substr(0, blank)] = line.substr(blank + 1);
  }
}

int Simulator::port(const std::string& camera) const {
  const auto& address = url(camera);
  return std::stoi(address.substr(address.find(':', 7) + 1));
}

std::string Simulator::command(const std::string& verb, const std::string& camera, const std::string& rest) {
  child_.write_line(verb + " " + camera + (rest.empty() ? "" : " " + rest));
  for (;;) {
    const auto line = line_within(child_, kAnswer);
    if (line.starts_with(camera + " ")) return line.substr(camera.size() + 1);
  }
}

void Simulator::fault(const std::string& camera, const std::string& name, std::chrono::milliseconds duration) {
  const auto answer = command("FAULT", camera, name + " " + std::to_string(duration.count()) + "ms");
  if (!answer.starts_with("ok ")) throw std::runtime_error("the simulator says: " + answer);
}

void Simulator::end_faults(const std::string& camera) {
  if (const auto answer = command("END", camera); answer != "ok end")
    throw std::runtime_error("the simulator says: " + answer);
}

Simulator::Sent Simulator::sent(const std::string& camera) {
  std::istringstream words(command("SENT", camera));
  std::string first;
  Sent sent;
  words >> first >> sent.frames >> sent.clients >> sent.served;
  if (first != "sent" || !words) throw std::runtime_error("the simulator counts nothing");
  return sent;
}

}  // namespace lynceus::test
