// A receiver of webhooks on this machine: takes POSTs on 127.0.0.1, checks the signature, and answers as it is told.
//
// One thread, any number of connections kept open; requests of more than 1 MiB are cut off. Owner: whoever makes it.
// Thread: `judge` is called on the receiver's own.
//
//   WebhookReceiver receiver({.judge = [](const Delivery& d) { return Verdict{204}; }, .secret = "whsec_…"});
#pragma once

#include <functional>
#include <stop_token>
#include <string>
#include <thread>

namespace lynceus::tools {

struct Delivery {
  std::string id, timestamp, signature;  ///< the three headers of Standard Webhooks
  std::string body;
  bool genuine = false;  ///< signed with the secret
};

struct Verdict {
  int status = 204;
  int retry_after_s = 0;  ///< 0: not said
};

/// A secret of 32 random bytes: whsec_….
std::string make_webhook_secret();
/// Whether one of the signatures is right, compared in constant time.
bool webhook_genuine(const std::string& secret, const Delivery& delivery);

class WebhookReceiver {
 public:
  struct Settings {
    std::function<Verdict(const Delivery&)> judge;
    std::string secret;
    int port = 0;  ///< 0: any
  };
  explicit WebhookReceiver(Settings settings);
  ~WebhookReceiver();
  WebhookReceiver(const WebhookReceiver&) = delete;
  WebhookReceiver& operator=(const WebhookReceiver&) = delete;

  int port() const { return port_; }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/hook"; }

 private:
  void run(const std::stop_token& stop);

  const Settings settings_;
  int port_ = 0;
  const int listener_, wake_;
  std::jthread thread_;
};

}  // namespace lynceus::tools
