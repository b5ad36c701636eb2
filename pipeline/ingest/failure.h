// From GStreamer's words to ours: why a connection ended, what state to show, and a redacted text for people.
// Thread: reentrant.
#pragma once

#include <gst/gst.h>

#include <string>

#include "pipeline/ingest/link.h"

namespace lynceus::ingest {

/// `debug` may be null. Every text goes through log::redact.
Failure failure_of(const GError& error, const char* debug);
Failure end_of_stream();
/// Something of this machine or of the stream's format, not of the connection.
Failure unsupported(const std::string& text);

}  // namespace lynceus::ingest
