// Boxes made elsewhere, as MOTChallenge's det.txt has them: frame (from 1), id, x, y, width, height, score …, a line
// each. Thread: immutable, any.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "plugins/people/detection.h"

namespace lynceus::people {

class BoxesFile {
 public:
  /// Throws std::runtime_error naming the line that is none. Scores that are no shares (some files hold margins) become
  /// sure or unsure by their sign.
  explicit BoxesFile(const std::string& text);

  /// Best first; `frame` counts from 0.
  const std::vector<Detection>& at(std::uint64_t frame) const;

 private:
  std::map<std::uint64_t, std::vector<Detection>> frames_;
};

}  // namespace lynceus::people
