// Keeps a child process per camera: starts them, tells where they are, passes commands and answers, restarts what
// crashed.
//
// A camera that ends by itself is started again on its old port after 0.2 s, doubling to 5 s; one that fails before it
// ever served ends the whole command. Thread: bound to its owner (one poll loop, no other thread).
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "tools/process/piped_child.h"

namespace lynceus::tools {

struct SupervisorSettings {
  std::vector<std::string> cameras;  ///< specs, checked
  std::string address = "127.0.0.1";
  int port = 0;       ///< the first camera's; the others follow; 0: any
  int commands = -1;  ///< descriptor commands come from; its end ends us; -1: none
  int stop = -1;      ///< readable when it is time to stop
};

class Supervisor {
 public:
  using Say = std::function<void(const std::string& camera, const std::string& what)>;
  /// `say`: "url rtsp://…" when a camera serves first, then every answer to a command.
  Supervisor(SupervisorSettings settings, Say say);

  /// Until stop or the end of the commands. Throws Error (Exit::fatal) when a camera cannot be started at all.
  void run();

 private:
  struct Camera {
    std::string id, spec;
    int port = 0;
    bool served = false;
    int restarts = 0;
    std::unique_ptr<PipedChild> child;
    MonoTime start_again{};
    std::chrono::milliseconds pause{200};
  };

  void start(Camera& camera);
  void heard(Camera& camera);
  void heard_line(Camera& camera, const std::string& line);
  void ended(Camera& camera);
  void start_due();
  int timeout_ms() const;
  bool wait_and_handle();
  void command(const std::string& line);
  void stop_all();

  SupervisorSettings settings_;
  Say say_;
  std::vector<Camera> cameras_;
  LineReader commands_;
};

}  // namespace lynceus::tools
