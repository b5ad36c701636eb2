// Pictures and clips of alarms on disk, by the alarm's id: who serves them needs nothing else.
// Owner: app. Thread: any.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace lynceus::daemon {

struct EvidenceFile {
  std::string path;  ///< to be opened at once: retention may take it away
  std::string type;  ///< image/jpeg, video/mp4
  std::uint64_t bytes = 0;
};

class EvidenceFiles {
 public:
  virtual ~EvidenceFiles() = default;
  virtual std::optional<EvidenceFile> snapshot(const std::string& alarm) const = 0;
  virtual std::optional<EvidenceFile> clip(const std::string& alarm) const = 0;
};

}  // namespace lynceus::daemon
