// Every fault of the simulator at once against one daemon: played at the first call, told as often as it is asked.
//
// The cameras stand side by side in one daemon, each with its own fault, and two without any. So the whole takes as
// long as the longest fault, and a camera that disturbs others shows. Thread: bound to the test's.
#pragma once

#include <string>
#include <vector>

namespace lynceus::test {

/// What the API tells of a camera at one moment, with what /metrics counts.
struct Sight {
  std::string state, health, codec;
  int width = 0, height = 0;
  double fps = 0;
  double frames = 0, decode_errors = 0, reconnects = 0;
};

/// How one camera fared.
struct Story {
  std::string trouble;              ///< why there is no story; empty: there is one
  Sight before, during, after;      ///< `during`: when it first was as expected in its fault, else at the fault's end
  std::vector<std::string> states;  ///< in the fault, in their order
  bool came = false, went = false;  ///< as expected in the fault; all well again after it
  double back_after_s = 0;          ///< from the fault's end to all well
  double others_sent = 0;           ///< frames of the undisturbed cameras from the fault's begin to all well
  double others_lost = 0;           ///< of these never received, or received and not analyzed
  double others_fps = 0;            ///< the rate of the slowest of them

  std::string text() const;
};

/// The story of the camera with this fault.
const Story& story_of(const std::string& fault);

}  // namespace lynceus::test
