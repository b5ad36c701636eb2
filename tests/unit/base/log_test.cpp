#include "base/log.h"

#include <cmath>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/gst.h"
#include "tests/support/catch.h"

namespace lynceus::test {
namespace {

/// Takes the lines instead of stderr while it lives.
class Captured {
 public:
  Captured() {
    log::capture([this](std::string_view line) { lines_.emplace_back(line); });
  }
  ~Captured() {
    log::capture({});
    log::set_level(log::Level::info);
  }
  const std::vector<std::string>& lines() const { return lines_; }
  std::string only() const {
    REQUIRE(lines_.size() == 1);
    return lines_.front();
  }

 private:
  std::vector<std::string> lines_;
};

}  // namespace

TEST_CASE("a line is level, part, message and fields", "[log]") {
  Captured captured;
  log::info("camera", "streaming", {{"camera", "lobby"}, {"width", 1280}, {"fps", 12.5}, {"live", true}});
  CHECK(captured.only() == "info camera: streaming camera=lobby width=1280 fps=12.5 live=true");
}

TEST_CASE("values that would blur the line are quoted", "[log]") {
  Captured captured;
  log::warning("host", "said", {{"a", ""}, {"b", "two words"}, {"c", "k=v"}, {"d", R"(q"\)"}, {"e", std::string("x")}});
  CHECK(captured.only() == R"(warning host: said a="" b="two words" c="k=v" d="q\"\\" e=x)");
}

TEST_CASE("nobody's text forges a line or reaches the terminal's controls", "[log]") {
  Captured captured;
  log::error("camera", "a\nb\x1b[2J\r",
             {{"name", "x\n2026 error: forged"},
              {"c1",
               "\xc2\x9b"
               "31m"},
              {"utf8", "Zürich"}});
  const std::string line = captured.only();
  CHECK(line.find('\n') == std::string::npos);
  CHECK(line.find('\x1b') == std::string::npos);
  CHECK(line.find("\xc2\x9b") == std::string::npos);
  CHECK(line.find("a\\nb\\x1b[2J\\x0d") != std::string::npos);
  CHECK(line.find("utf8=Zürich") != std::string::npos);
}

TEST_CASE("numbers that are none are written as words", "[log]") {
  Captured captured;
  log::info("x", "y", {{"a", std::nan("")}, {"b", INFINITY}, {"c", -INFINITY}, {"d", 1e-9}, {"e", -7L}, {"f", 0.1F}});
  CHECK(captured.only() == "info x: y a=nan b=inf c=-inf d=1e-09 e=-7 f=0.1");
}

TEST_CASE("lines below the level are not written", "[log]") {
  Captured captured;
  log::debug("x", "quiet");
  CHECK(captured.lines().empty());
  CHECK(log::set_level("debug"));
  log::debug("x", "heard");
  CHECK(captured.lines().size() == 1);
  CHECK(log::set_level("error"));
  log::warning("x", "quiet");
  CHECK(captured.lines().size() == 1);
  CHECK_FALSE(log::set_level("loud"));
}

TEST_CASE("a limiter says yes once a period and counts what it withheld", "[log]") {
  log::Limiter limiter(1.0);
  CHECK(limiter.allow(10.0));
  CHECK_FALSE(limiter.allow(10.4));
  CHECK_FALSE(limiter.allow(10.9));
  CHECK(limiter.withheld() == 0);
  CHECK(limiter.allow(11.0));
  CHECK(limiter.withheld() == 2);
  CHECK(limiter.allow(20.0));
  CHECK(limiter.withheld() == 0);
}

TEST_CASE("an error says what, where and why, and carries its exit code", "[error]") {
  const Error error(Exit::unreadable, "cannot read picture", "a.png", "it is empty");
  CHECK(std::string(error.what()) == "cannot read picture: a.png: it is empty");
  CHECK(error.exit() == Exit::unreadable);
}

TEST_CASE("a GStreamer handle drops exactly its one reference", "[gst]") {
  gst::init();
  GstCaps* raw = gst_caps_new_empty_simple("video/x-raw");
  gst_caps_ref(raw);
  {
    gst::CapsPtr owned(raw);
    CHECK(GST_MINI_OBJECT_REFCOUNT_VALUE(raw) == 2);
  }
  CHECK(GST_MINI_OBJECT_REFCOUNT_VALUE(raw) == 1);
  gst::CapsPtr last(raw);

  gst::BufferPtr buffer(gst_buffer_new());
  gst::BufferPtr moved = std::move(buffer);
  CHECK_FALSE(buffer);
  CHECK(GST_MINI_OBJECT_REFCOUNT_VALUE(moved.get()) == 1);

  gst::TextPtr text(g_strdup("x"));
  gst::ErrorPtr error(g_error_new_literal(GST_CORE_ERROR, GST_CORE_ERROR_FAILED, "x"));
}

TEST_CASE("elements that are not there are said not to be", "[gst]") {
  CHECK(gst::have_element("identity"));
  CHECK_FALSE(gst::have_element("no_such_element"));
}

TEST_CASE("GStreamer's own words pass through the redacting sink", "[gst]") {
  gst::init();
  Captured captured;
  GST_CAT_ERROR(GST_CAT_DEFAULT, "could not open rtsp://admin:hunter22@10.0.0.1/live");
  g_warning("cannot reach rtsp://admin:hunter22@10.0.0.1/live");
  for (const std::string& line : captured.lines()) CHECK(line.find("hunter22") == std::string::npos);
}

}  // namespace lynceus::test
