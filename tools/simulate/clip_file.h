// A video file as a Clip, without decoding it: elementary streams are cut by us, containers parsed by GStreamer.
//
// Bounded: 256 MiB of coded video. Throws Error (Exit::unreadable). Thread: any.
#pragma once

#include <string>

#include "tools/simulate/clip.h"

namespace lynceus::tools {

/// `fps` 0: the file's own, 25 for elementary streams.
Clip read_clip_file(const std::string& path, double fps);

}  // namespace lynceus::tools
