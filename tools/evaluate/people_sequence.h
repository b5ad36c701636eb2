// A MOTChallenge folder: gt/gt.txt, det/det.txt, and where they are there seqinfo.ini and img1/. Thread: reentrant.
#pragma once

#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "tools/evaluate/people_tracking.h"

namespace lynceus::tools {

struct PeopleSequence {
  std::string folder;
  double fps = 25;
  cv::Size size;  ///< of seqinfo.ini, else what the boxes of det.txt reach
  int frames = 0;
  std::vector<std::string> pictures;  ///< empty, or one a frame
  Tracks truth;
  Tracks ignored;  ///< boxes of the truth that are neither people nor to be counted against anybody
};

bool is_people_sequence(const std::string& folder);
/// Throws Error (Exit::unreadable).
PeopleSequence read_people_sequence(const std::string& folder);

/// What the analyzer said less the boxes that lie on ignored ones and on no person.
Tracks without_ignored(const PeopleSequence& sequence, const Tracks& result);

}  // namespace lynceus::tools
