// A Frame over a decoded GStreamer buffer, without a copy: luma() is the decoder's own plane.
//
// Formats whose first plane is no 8-bit luma (10 bit, RGB, GRAY16, packed) are converted once, on first use.
// GRAY16_LE is taken as temperatures, kelvin × 100. Thread: as sdk::Frame.
#pragma once

#include <gst/video/video.h>

#include <string>

#include "pipeline/ingest/feed.h"
#include "plugins/sdk/frame.h"

namespace lynceus::ingest {

/// Null when the buffer cannot be mapped. `guess_matrix`: the stream does not say which matrix it means, so 709 from
/// 720 lines on, else 601.
sdk::FramePtr make_gst_frame(const std::string& camera, const Stamp& stamp, const GstVideoInfo& info, GstBuffer* buffer,
                             bool guess_matrix);

}  // namespace lynceus::ingest
