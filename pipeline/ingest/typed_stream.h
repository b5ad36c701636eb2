// Bytes of a kind not known beforehand (a web camera's answer, a file): looked at, taken apart, the first video
// decoded.
#pragma once

#include <gst/gst.h>

#include <functional>
#include <memory>

#include "pipeline/ingest/codec.h"
#include "pipeline/ingest/link.h"

namespace lynceus::ingest {

/// Hears of the first video found, on a streaming thread.
using VideoFound = std::function<void(GstPad* pad, const Codec& codec)>;
/// Hears that a stream cannot be decoded, on a streaming thread.
using VideoRefused = std::function<void(const Failure& failure)>;

/// Puts a typefind behind `source` and whatever its answer needs behind that: JPEG as it is, multipart taken apart, any
/// other container by parsebin. Throws SessionRefused.
void append_typed_stream(GstBin* bin, GstElement* source, VideoFound found, VideoRefused refused);

}  // namespace lynceus::ingest
