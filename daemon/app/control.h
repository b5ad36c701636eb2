// What the API may have done, done on the control thread: one thing after the other, never two configurations at once.
//
// Owner: App. Thread: any, until the inbox has stopped; what is still open then is answered as failed.
#pragma once

#include <functional>
#include <string>

#include "config/config.h"
#include "daemon/api/control.h"
#include "daemon/app/inbox.h"
#include "daemon/app/reload.h"
#include "daemon/live/camera_status.h"
#include "daemon/live/live_board.h"

namespace lynceus::daemon {

class AppControl final : public http::Control {
 public:
  using Told = std::function<void(bool known, bool delivered, const std::string& line)>;
  struct Parts {
    Inbox& inbox;
    Reload& reload;
    Fleet& fleet;
    const LiveBoard& board;
    std::string state_directory;
    std::function<void(const std::string& sink, Told told)> test_sink;
  };

  explicit AppControl(Parts parts) : parts_(std::move(parts)) {}

  void reload(http::Done done) override;
  std::string config() const override { return parts_.reload.view(); }
  void settings(const std::string& camera, http::Done done) override;
  void put_settings(const std::string& camera, const std::string& json, http::Done done) override;
  void delete_settings(const std::string& camera, http::Done done) override;
  void enable(const std::string& camera, bool enabled, http::Done done) override;
  void reference(const std::string& camera, const std::string& plugin, http::Done done) override;
  void proposals(const std::string& camera, http::Done done) override;
  void test_sink(const std::string& sink, http::Done done) override;

 private:
  using Work = std::function<http::Outcome()>;

  /// On the control thread, if there is room; what it throws is an answer, too.
  void post(http::Done done, Work work);
  bool known(const std::string& camera) const;
  std::string settings_of(const std::string& camera) const;
  http::Outcome put(const config::SettingsDraft& draft);

  const Parts parts_;
};

}  // namespace lynceus::daemon
