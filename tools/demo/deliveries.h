// The demo's receiver of webhooks: prints each verified delivery in a line, and counts.
// Owner: Demo. Thread: bound to its owner; lines are printed on the receiver's thread.
#pragma once

#include <atomic>
#include <string>

#include "tools/process/webhook_receiver.h"

namespace lynceus::tools {

/// "raised: camera_frozen of card (critical): Frames arrive but …", nothing for what tells of no alarm.
std::string delivery_line(const std::string& body);

class Deliveries {
 public:
  Deliveries();

  std::string url() const { return receiver_.url(); }
  const std::string& secret() const { return secret_; }
  int verified() const { return verified_.load(); }
  int refused() const { return refused_.load(); }  ///< not signed with the secret

 private:
  Verdict take(const Delivery& delivery);

  const std::string secret_ = make_webhook_secret();
  std::atomic<int> verified_{0}, refused_{0};
  WebhookReceiver receiver_;  // last: its thread uses the others
};

}  // namespace lynceus::tools
