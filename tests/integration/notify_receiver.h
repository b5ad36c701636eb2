// A receiver of webhooks that checks every request as Standard Webhooks says, with OpenSSL and without our code.
//
//   WebhookReceiver receiver({.secret = "whsec_…"}, [](const WebhookRequest&) { return WebhookReply{204}; });
//
// HTTP or HTTPS on a port of its own, a thread a connection. Thread: the reply function runs on any number at once.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace lynceus::test {

struct WebhookRequest {
  std::string target, body;
  std::map<std::string, std::string> headers;  ///< names in lower case
  bool verified = false;                       ///< a signature of the secret over id, timestamp and body
  std::size_t connection = 0;                  ///< the how manieth
  std::chrono::steady_clock::time_point at{};
};

struct WebhookReply {
  int status = 200;
  std::map<std::string, std::string> headers{};
  bool hang = false;   ///< say nothing until the receiver ends
  bool close = false;  ///< close without a word
};

class WebhookReceiver {
 public:
  struct Settings {
    std::string secret{};
    std::string certificate{}, key{};  ///< PEM files; empty: plain
    int port = 0;                      ///< 0: any
  };
  using Reply = std::function<WebhookReply(const WebhookRequest&)>;
  WebhookReceiver(Settings settings, Reply reply);
  ~WebhookReceiver();
  WebhookReceiver(const WebhookReceiver&) = delete;
  WebhookReceiver& operator=(const WebhookReceiver&) = delete;

  int port() const;
  std::vector<WebhookRequest> requests() const;
  /// Waits until there are so many; false when the time is up.
  bool wait_for(std::size_t count, std::chrono::milliseconds within = std::chrono::seconds{20}) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// What `webhook-signature` must hold for this request; independent of the daemon's own.
bool signature_holds(const std::string& secret, const WebhookRequest& request);

}  // namespace lynceus::test
