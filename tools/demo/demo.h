// `lynceus demo`: simulated cameras → lynceusd → its page and a receiver of webhooks, until Ctrl-C or for a while.
//
//   lynceus demo --port 8080 --for 60s
//
// A camera for each plugin that is there, on real RTSP, with a configuration and a state folder that go with it.
// Thread: the program's main thread, before any other was started.
#pragma once

#include <span>
#include <string>

namespace lynceus::tools {

/// 0 when every camera streamed (within 30 s), else 1; throws Error for wrong usage or what cannot be started.
int run_demo(std::span<const std::string> args);

}  // namespace lynceus::tools
