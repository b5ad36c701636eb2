// What belongs together among the inputs of `analyze`: each job is analysed by analyzers of its own.
//
// Files, also from a glob, are unrelated pictures; a folder is one sequence or unrelated pictures, as the plugin says;
// a video is a sequence. --sequence and --stills override; with --sequence files given one after another are one
// sequence. Thread: reentrant.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "pipeline/ingest/reader.h"

namespace lynceus::tools {

enum class Relation { by_kind, sequence, stills };

struct Job {
  std::vector<std::string> inputs;  ///< one after another
  ingest::InputKind kind = ingest::InputKind::image;
  bool still = true;  ///< each picture by a fresh analyzer
};

/// Throws Error (Exit::unreadable) for a glob that matches nothing.
std::vector<Job> plan_jobs(std::span<const std::string> inputs, Relation relation, bool folder_is_sequence);

/// How many pictures there will be; 0 where a video or camera makes it unknown.
std::int64_t expected_pictures(const std::vector<Job>& jobs);

}  // namespace lynceus::tools
