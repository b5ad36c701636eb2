#include "pipeline/ingest/failure.h"

#include <string_view>

#include "base/log.h"

namespace lynceus::ingest {
namespace {

bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

/// What follows "file.c(123): function (): /Pipeline/Element:" on a line of its own; empty where nothing does.
std::string_view core_of(std::string_view debug) {
  const std::size_t line = debug.find('\n');
  return line == std::string_view::npos ? std::string_view() : debug.substr(line + 1);
}

std::string sentence(const GError& error, std::string_view debug) {
  std::string text = error.message ? error.message : "unknown error";
  const std::string_view core = core_of(debug);
  if (!core.empty() && core.size() < 300 && core != text) text += " (" + std::string(core) + ")";
  return log::redact(text);
}

Failure resource_failure(const GError& error, std::string_view debug, const std::string& text) {
  if (error.code == GST_RESOURCE_ERROR_NOT_AUTHORIZED || has(debug, "Unauthorized") || has(debug, "Forbidden")) {
    return {Reconnect::auth, TransportState::unauthorized, text};
  }
  if (has(debug, "Unsupported transport") || has(debug, "Unsupported Transport") || has(debug, "(461)")) {
    return {Reconnect::format, TransportState::unsupported, text, true};
  }
  if (error.code == GST_RESOURCE_ERROR_NOT_FOUND || has(debug, "refused") || has(debug, "Not Found") ||
      has(debug, "Failed to connect. (Generic error)")) {
    return {Reconnect::refused, TransportState::offline, text};
  }
  if (has(debug, "imed out") || has(debug, "imeout")) return {Reconnect::timeout, TransportState::offline, text};
  return {Reconnect::network, TransportState::offline, text};
}

}  // namespace

Failure failure_of(const GError& error, const char* debug_text) {
  const std::string_view debug = debug_text ? debug_text : "";
  const std::string text = sentence(error, debug);
  // rtspsrc says so when the camera answered 461 to the transport asked for, or has nothing we chose.
  if (has(text, "No supported stream was found")) {
    return {Reconnect::format, TransportState::unsupported, "no video to be had by this transport", true};
  }
  if (error.domain == GST_RESOURCE_ERROR) return resource_failure(error, debug, text);
  if (error.domain != GST_STREAM_ERROR && error.domain != GST_CORE_ERROR) {
    return {Reconnect::network, TransportState::offline, text};
  }
  const bool codec = (error.domain == GST_STREAM_ERROR &&
                      (error.code == GST_STREAM_ERROR_CODEC_NOT_FOUND || error.code == GST_STREAM_ERROR_WRONG_TYPE ||
                       error.code == GST_STREAM_ERROR_TYPE_NOT_FOUND)) ||
                     (error.domain == GST_CORE_ERROR && error.code == GST_CORE_ERROR_MISSING_PLUGIN);
  // rtspsrc and base sources report a broken connection as a stream that stopped ("Internal data stream error").
  if (error.domain == GST_STREAM_ERROR && error.code == GST_STREAM_ERROR_FAILED && !has(debug, "not-negotiated")) {
    return {Reconnect::network, TransportState::offline, text};
  }
  return {Reconnect::format, codec ? TransportState::unsupported : TransportState::offline, text};
}

Failure end_of_stream() { return {Reconnect::eos, TransportState::offline, "the stream ended"}; }

Failure unsupported(const std::string& text) {
  return {Reconnect::format, TransportState::unsupported, log::redact(text)};
}

}  // namespace lynceus::ingest
