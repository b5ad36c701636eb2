// The end of every pipeline: an appsink that takes pictures as the decoder made them, without copy, clock or
// conversion.
#pragma once

#include <gst/app/gstappsink.h>

namespace lynceus::ingest {

/// A new appsink (floating). Throws SessionRefused where GStreamer's base plugins are not installed.
GstElement* make_picture_sink();

/// True when the stream before this sink does not say which colour matrix it means. Decoders put a guess of their own
/// into `decoded` caps then (2020 for a 4K camera), so the encoded side is asked too.
bool guess_matrix(GstAppSink* sink, const GstCaps* decoded);

}  // namespace lynceus::ingest
