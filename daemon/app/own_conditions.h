// What the daemon says of itself: analyzers that are stuck or disabled, networks on another back end than asked for, a
// configuration that was refused.
//
// Says each condition once when it changes, and everything once at the beginning: what an earlier process raised may be
// over. Owner: App. Thread: any.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "daemon/live/camera_status.h"
#include "pipeline/infer/model_runner.h"
#include "plugins/sdk/observations.h"

namespace lynceus::daemon {

class OwnConditions {
 public:
  /// `camera` empty: the site.
  using Say = std::function<void(const std::string& camera, const sdk::Condition& condition)>;
  explicit OwnConditions(Say say) : say_(std::move(say)) {}

  /// Once a second.
  void look(const std::vector<CameraStatus>& cameras, const std::vector<infer::ModelStats>& models);
  void reloaded(bool done, const std::string& why);

 private:
  void tell(const std::string& camera, sdk::Condition condition);
  void forget_all_but(const std::vector<CameraStatus>& cameras);

  const Say say_;
  std::mutex mutex_;
  /// By camera and kind: the summary while active, empty while not. Guarded by mutex_.
  std::map<std::pair<std::string, std::string>, std::string> said_;
};

}  // namespace lynceus::daemon
