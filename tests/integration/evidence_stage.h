// One camera on real RTSP, its ring and everything evidence has to say; raises come from the test.
//
//   EvidenceStage stage("scene:still,fps=10,bframes=2");
//   stage.stream_for(3s);   stage.raise(1);   stage.until_clip(1);   look_at(stage.clip(1));
//
// Thread: bound to its owner.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "daemon/evidence/evidence.h"
#include "tests/support/simulator.h"
#include "tests/support/temp_folder.h"

namespace lynceus::test {

using daemon::CameraEvidence;
using daemon::Evidence;
using daemon::LiveBoard;

class EvidenceStage final : public ingest::FrameSink {
 public:
  struct Settings {
    config::EvidenceSettings evidence;
    bool as_evidence_stream = false;  ///< the camera is the `evidence` stream of one that is not decoded here
    Settings() {
      evidence.before = std::chrono::seconds{2};
      evidence.after = std::chrono::seconds{2};
    }
  };
  explicit EvidenceStage(const std::string& spec, const Settings& settings = {});
  ~EvidenceStage() override;

  Simulator& simulator() { return simulator_; }
  /// Waits until frames (or coded pictures) have come for so long; false when none come.
  bool stream_for(std::chrono::milliseconds time);
  void raise(int alarm);
  bool until_clip(int alarm);
  std::optional<WallTime> clip_from(int alarm) const;
  std::string clip(int alarm) const;  ///< path
  std::string unfinished(int alarm) const;
  void end_evidence();

  static std::string id_of(int alarm);

 private:
  void on_frame(sdk::FramePtr frame) override;

  struct Word {
    bool clip = false;
    std::optional<WallTime> from;
  };
  TempFolder folder_;
  Simulator simulator_;
  LiveBoard board_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::map<std::string, Word> words_;  // guarded by mutex_
  std::uint64_t pictures_ = 0;         // guarded by mutex_
  std::unique_ptr<Evidence> evidence_;
  std::unique_ptr<CameraEvidence> camera_;
  std::unique_ptr<ingest::CameraSource> source_;
};

/// What a player makes of a video: pictures shown, and when the first and the last are.
struct Played {
  int pictures = 0;
  double seconds = 0;
  cv::Size size;
  std::string trouble;  ///< empty: read to its end without a word
};
Played play(const std::string& video);

}  // namespace lynceus::test
