// The analyzer: looks now and then, votes, compares with the reference, and tells what it knows between looks.
//
//   looks     every `every`; sooner while the vote is young, the picture has changed, or a condition is about to flip
//   vote      per light (day, night), without what is hidden by people or by whatever stirs
//   reference taken from the first full vote, or from the next one after Input::take_reference; kept in State
//
// Owner: the host. Thread: bound to the camera's worker.
#pragma once

#include <memory>

#include "plugins/sdk/plugin.h"

namespace lynceus::scene {

class RoomWatch final : public sdk::Analyzer {
 public:
  /// Throws std::runtime_error or std::invalid_argument with a clear line: no network, one of another kind, wrong
  /// options.
  explicit RoomWatch(sdk::Services& services);
  void process(const sdk::Input& input, sdk::Observations& out) override;

 private:
  std::unique_ptr<sdk::Analyzer> room_;
};

}  // namespace lynceus::scene
