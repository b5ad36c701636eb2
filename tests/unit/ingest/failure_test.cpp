#include "pipeline/ingest/failure.h"

#include <gst/gst.h>

#include <string>

#include "base/gst.h"
#include "tests/support/catch.h"

using lynceus::ingest::Failure;
using lynceus::ingest::failure_of;
using lynceus::ingest::Reconnect;
using lynceus::ingest::TransportState;

namespace {

Failure of(GQuark domain, int code, const char* debug) {
  const lynceus::gst::ErrorPtr error(g_error_new_literal(domain, code, "Could not do it."));
  return failure_of(*error, debug);
}

}  // namespace

TEST_CASE("what a library says becomes a state and a reason") {
  lynceus::gst::init();
  struct Row {
    GQuark domain;
    int code;
    const char* debug;
    TransportState state;
    Reconnect reason;
  };
  const Row rows[]{
      {GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_AUTHORIZED, "Unauthorized", TransportState::unauthorized,
       Reconnect::auth},
      {GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_NOT_FOUND, "Not Found (404)", TransportState::offline,
       Reconnect::refused},
      {GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_OPEN_READ_WRITE, "Failed to connect. (Connection refused)",
       TransportState::offline, Reconnect::refused},
      {GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_READ, "Timeout while waiting", TransportState::offline,
       Reconnect::timeout},
      {GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_READ, "No route to host", TransportState::offline, Reconnect::network},
      {GST_STREAM_ERROR, GST_STREAM_ERROR_CODEC_NOT_FOUND, "", TransportState::unsupported, Reconnect::format},
      {GST_STREAM_ERROR, GST_STREAM_ERROR_DECODE, "", TransportState::offline, Reconnect::format},
      {GST_STREAM_ERROR, GST_STREAM_ERROR_FAILED, "streaming stopped, reason error (-5)", TransportState::offline,
       Reconnect::network},
      {GST_CORE_ERROR, GST_CORE_ERROR_MISSING_PLUGIN, "", TransportState::unsupported, Reconnect::format}};
  for (const Row& row : rows) {
    INFO(row.debug << " " << row.code);
    const Failure failure = of(row.domain, row.code, row.debug);
    CHECK(failure.state == row.state);
    CHECK(failure.reason == row.reason);
    CHECK_FALSE(failure.text.empty());
  }
  REQUIRE(of(GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_SETTINGS, "Unsupported transport").transport_refused);
}

TEST_CASE("a reason never quotes credentials") {
  lynceus::gst::init();
  const Failure failure =
      of(GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_READ, "f.c(1): g ():\nrtsp://joe:s3cretpw@cam/main fails");
  REQUIRE(failure.text.find("s3cretpw") == std::string::npos);
  REQUIRE(failure.text.find("f.c(1)") == std::string::npos);
}
