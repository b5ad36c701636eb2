// One GET from a server on this machine, blocking and bounded: five seconds, four megabytes. Thread: any.
#pragma once

#include <string>

namespace lynceus::tools {

struct LoopbackAnswer {
  int status = 0;  ///< 0: no answer
  std::string body;
};

LoopbackAnswer loopback_get(int port, const std::string& path);

}  // namespace lynceus::tools
