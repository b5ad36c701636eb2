// One GET from the web, in pieces: certificates verified, no redirects followed, ended when nothing comes any more.
//
// GStreamer's souphttpsrc does the talking, as it does for web cameras. Thread: `take` is called on another thread,
// never after fetch() has returned.
//
//   const std::string why = fetch("https://models.example.org/yolox_nano.onnx", {}, [&](auto bytes) { return
//   put(bytes); });
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <span>
#include <string>

namespace lynceus::tools {

struct FetchLimits {
  std::chrono::seconds silence{30};  ///< so long without a byte, and it is over
};

/// Keeps a piece; false ends it.
using Take = std::function<bool(std::span<const std::byte> bytes)>;

/// `url`: http or https; a user and password in it are sent as such and told to nobody. Empty when all of it came, else
/// why not, without the address.
std::string fetch(const std::string& url, const FetchLimits& limits, const Take& take);

}  // namespace lynceus::tools
