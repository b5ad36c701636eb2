// Simulated cameras for tests: `lynceus simulate` as a child, on ports of its own choice; gone when this is.
//
//   Simulator cameras({"a=scene:still,fps=10", "b=clip:/x.264"});
//   open(cameras.url("a"));
//   cameras.fault("a", "freeze", 2s);
//
// Every wait is bounded; what does not come in time throws. Thread: bound to its owner.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tools/process/piped_child.h"

namespace lynceus::test {

class Simulator {
 public:
  /// The program is $LYNCEUS_BUILD_DIR/bin/lynceus. Returns once every camera serves.
  explicit Simulator(const std::vector<std::string>& cameras);

  const std::string& url(const std::string& camera) const { return urls_.at(camera); }
  int port(const std::string& camera) const;

  /// Returns once it acts. `name` as in FAULT: "freeze", "loss:5"; zero: until end_faults().
  void fault(const std::string& camera, const std::string& name, std::chrono::milliseconds duration);
  void end_faults(const std::string& camera);

  struct Sent {
    std::uint64_t frames = 0, clients = 0, served = 0;  ///< access units, clients now, clients ever
  };
  Sent sent(const std::string& camera);

  /// One line to the simulator and its answer without the camera's name.
  std::string command(const std::string& verb, const std::string& camera, const std::string& rest = {});
  pid_t pid() const { return child_.pid(); }

 private:
  tools::PipedChild child_;
  std::map<std::string, std::string> urls_;
};

}  // namespace lynceus::test
