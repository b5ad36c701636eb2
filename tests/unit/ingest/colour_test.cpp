#include "pipeline/ingest/colour.h"

#include <string>

#include "base/gst.h"
#include "pipeline/ingest/gst_frame.h"
#include "tests/support/catch.h"
#include "tests/unit/ingest/yuv_picture.h"

using lynceus::ingest::Colour;
using lynceus::ingest::make_gst_frame;
using namespace lynceus::test;

namespace {

std::string caps_of(const std::string& format, const std::string& colorimetry) {
  return "video/x-raw,format=" + format + ",width=128,height=128,framerate=25/1" +
         (colorimetry.empty() ? "" : ",colorimetry=(string)" + colorimetry);
}

struct Kind {
  const char* colorimetry;
  Colour colour;
};

const Kind kKinds[]{{"2:4:16:4", Colour::bt601(false)},
                    {"1:4:0:0", Colour::bt601(true)},
                    {"bt709", Colour::bt709(false)},
                    {"1:3:5:1", Colour::bt709(true)},
                    {"bt2020", Colour::bt2020(false)}};

}  // namespace

TEST_CASE("a palette comes back through every matrix, range and layout within two levels") {
  lynceus::gst::init();
  const cv::Mat picture = palette();
  for (const Kind& kind : kKinds) {
    for (const char* format : {"I420", "YV12", "NV12", "NV21", "Y42B", "Y444", "YUY2", "UYVY", "I420_10LE", "P010_10LE",
                               "I422_10LE", "Y444_10LE", "AYUV"}) {
      INFO(kind.colorimetry << " " << format);
      const GstVideoInfo info = info_of(caps_of(format, kind.colorimetry));
      const bool p010 = std::string(format) == "P010_10LE";
      const auto buffer = p010 ? nullptr : buffer_of(picture, info, kind.colour);
      if (p010) continue;  // its samples stand in the high bits; see gst_frame_test
      const auto frame = make_gst_frame("cam", {}, info, buffer.get(), false);
      REQUIRE(frame);
      REQUIRE(frame->size() == picture.size());
      CHECK(worst_of(frame->bgr(), picture) <= 2);
    }
  }
}

TEST_CASE("a stream that does not say its matrix is 709 from 720 lines on, else 601") {
  lynceus::gst::init();
  for (const int height : {576, 640, 719, 720, 2160}) {
    INFO(height);
    const Colour colour = height >= 720 ? Colour::bt709(false) : Colour::bt601(false);
    cv::Mat picture(height, 32, CV_8UC3, cv::Scalar(40, 90, 220));
    const GstVideoInfo info =
        info_of("video/x-raw,format=I420,width=32,height=" + std::to_string(height) + ",framerate=25/1");
    const auto buffer = buffer_of(picture, info, colour);
    const auto frame = make_gst_frame("cam", {}, info, buffer.get(), true);
    CHECK(cv::norm(frame->bgr(), picture, cv::NORM_INF) <= 2);
  }
}

TEST_CASE("levels outside the range are clamped, not wrapped") {
  const lynceus::ingest::Converter convert(Colour::bt601(false));
  std::uint8_t bgr[3];
  convert.write(bgr, 255, convert.chroma(255, 255));
  REQUIRE(bgr[0] == 255);
  REQUIRE(bgr[2] == 255);
  convert.write(bgr, 0, convert.chroma(0, 0));
  REQUIRE(bgr[0] == 0);
  REQUIRE(bgr[2] == 0);
}
