// The kinds of Reader behind open_reader(). Thread: each bound to its owner.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "pipeline/ingest/reader.h"

namespace lynceus::ingest {

/// Picture files in this order; `sequence`: frames are numbered, else each is frame 0.
std::unique_ptr<Reader> read_pictures(std::vector<std::string> paths, bool sequence);
/// Every frame of a video file. Throws Error (Exit::unreadable) when it cannot be opened.
std::unique_ptr<Reader> read_video(const std::string& path);
/// A camera, frame by frame as they come; ends when the connection does.
std::unique_ptr<Reader> read_live(const std::string& address);

}  // namespace lynceus::ingest
