#include "pipeline/ingest/gst_frame.h"

#include <cstdint>
#include <cstring>

#include "base/gst.h"
#include "pipeline/ingest/colour.h"
#include "tests/support/catch.h"
#include "tests/unit/ingest/yuv_picture.h"

using lynceus::ingest::Colour;
using lynceus::ingest::make_gst_frame;
using namespace lynceus::test;

namespace {

lynceus::gst::BufferPtr bytes(std::size_t size, std::uint8_t value) {
  lynceus::gst::BufferPtr buffer(gst_buffer_new_allocate(nullptr, size, nullptr));
  gst_buffer_memset(buffer.get(), 0, value, size);
  return buffer;
}

void put16(GstBuffer* buffer, std::size_t at, std::uint16_t value) {
  gst_buffer_fill(buffer, at, &value, sizeof value);
}

}  // namespace

TEST_CASE("luma is the decoder's own plane") {
  lynceus::gst::init();
  const GstVideoInfo info = info_of("video/x-raw,format=NV12,width=64,height=32,framerate=25/1");
  const auto buffer = bytes(info.size, 90);
  const auto frame = make_gst_frame("cam", {7, {}, {}}, info, buffer.get(), false);
  GstMapInfo map;
  REQUIRE(gst_buffer_map(buffer.get(), &map, GST_MAP_READ));
  REQUIRE(frame->luma().data == map.data);
  gst_buffer_unmap(buffer.get(), &map);
  REQUIRE(frame->luma().type() == CV_8UC1);
  REQUIRE(frame->sequence() == 7);
  REQUIRE(frame->camera() == "cam");
  REQUIRE_FALSE(frame->radiometric());
}

TEST_CASE("strides and offsets of the decoder, and its cropping, are followed") {
  lynceus::gst::init();
  const GstVideoInfo info = info_of("video/x-raw,format=I420,width=32,height=32,framerate=25/1");
  auto buffer = bytes(64 * 100, 128);
  gsize offsets[4]{64 * 2 + 8, 64 * 40, 64 * 60, 0};
  gint strides[4]{64, 64, 64, 0};
  gst_buffer_add_video_meta_full(buffer.get(), GST_VIDEO_FRAME_FLAG_NONE, GST_VIDEO_FORMAT_I420, 32, 32, 3, offsets,
                                 strides);
  const std::uint8_t mark = 200;
  gst_buffer_fill(buffer.get(), offsets[0] + 64 * 6 + 4, &mark, 1);  // x = 4, y = 6
  REQUIRE(make_gst_frame("cam", {}, info, buffer.get(), false)->luma().at<std::uint8_t>(6, 4) == 200);

  GstVideoCropMeta* crop = gst_buffer_add_video_crop_meta(buffer.get());
  crop->x = 4, crop->y = 6, crop->width = 20, crop->height = 10;
  const auto frame = make_gst_frame("cam", {}, info, buffer.get(), false);
  REQUIRE(frame->size() == cv::Size(20, 10));
  REQUIRE(frame->luma().at<std::uint8_t>(0, 0) == 200);
  REQUIRE(frame->bgr().size() == cv::Size(20, 10));
  REQUIRE(frame->monochrome());
}

TEST_CASE("luma and chroma are shown where they lie, cropped as the picture is") {
  lynceus::gst::init();
  for (const char* format : {"NV12", "NV21", "I420", "YV12"}) {
    INFO(format);
    const GstVideoInfo info =
        info_of(std::string("video/x-raw,format=") + format + ",width=64,height=32,framerate=25/1,colorimetry=bt709");
    auto buffer = bytes(info.size, 90);
    GstVideoCropMeta* crop = gst_buffer_add_video_crop_meta(buffer.get());
    crop->x = 4, crop->y = 6, crop->width = 20, crop->height = 10;
    const auto frame = make_gst_frame("cam", {}, info, buffer.get(), false);
    const lynceus::sdk::Planes* planes = frame->planes();
    REQUIRE(planes);
    REQUIRE(planes->size == cv::Size(20, 10));
    REQUIRE(planes->y.data == frame->luma().data);
    REQUIRE(planes->colour.kr == Approx(0.2126));
    const cv::Mat same = lynceus::ingest::bgr_of({planes->size, planes->y, planes->u, planes->v}, planes->colour);
    REQUIRE(cv::norm(same, frame->bgr(), cv::NORM_INF) == 0);
  }
  for (const char* format : {"GRAY8", "RGB", "I420_10LE", "GRAY16_LE"}) {
    INFO(format);
    const GstVideoInfo info =
        info_of(std::string("video/x-raw,format=") + format + ",width=16,height=16,framerate=25/1");
    const auto buffer = bytes(info.size, 90);
    REQUIRE_FALSE(make_gst_frame("cam", {}, info, buffer.get(), false)->planes());
  }
}

TEST_CASE("a crop outside the picture is not followed out of the buffer") {
  lynceus::gst::init();
  const GstVideoInfo info = info_of("video/x-raw,format=I420,width=32,height=32,framerate=25/1");
  auto buffer = bytes(info.size, 128);
  GstVideoCropMeta* crop = gst_buffer_add_video_crop_meta(buffer.get());
  crop->x = 30, crop->y = 30, crop->width = 4000, crop->height = 4000;
  REQUIRE(make_gst_frame("cam", {}, info, buffer.get(), false)->size() == cv::Size(2, 2));
}

TEST_CASE("a buffer too small for its format is no frame") {
  lynceus::gst::init();
  const GstVideoInfo info = info_of("video/x-raw,format=I420,width=640,height=480,framerate=25/1");
  const auto buffer = bytes(1000, 0);
  REQUIRE_FALSE(make_gst_frame("cam", {}, info, buffer.get(), false));
}

TEST_CASE("ten bits are shifted to eight") {
  lynceus::gst::init();
  const GstVideoInfo info = info_of("video/x-raw,format=I420_10LE,width=16,height=16,framerate=25/1");
  auto buffer = bytes(info.size, 0);
  for (std::size_t i = 0; i < info.size / 2; ++i) put16(buffer.get(), 2 * i, 600);
  const auto frame = make_gst_frame("cam", {}, info, buffer.get(), false);
  REQUIRE(frame->luma().at<std::uint8_t>(5, 5) == 150);

  const GstVideoInfo high = info_of("video/x-raw,format=P010_10LE,width=16,height=16,framerate=25/1");
  auto other = bytes(high.size, 0);
  for (std::size_t i = 0; i < high.size / 2; ++i) put16(other.get(), 2 * i, 600 << 6);
  REQUIRE(make_gst_frame("cam", {}, high, other.get(), false)->luma().at<std::uint8_t>(5, 5) == 150);
}

TEST_CASE("sixteen grey bits are temperatures, and a picture to look at") {
  lynceus::gst::init();
  const GstVideoInfo info = info_of("video/x-raw,format=GRAY16_LE,width=16,height=8,framerate=9/1");
  auto buffer = bytes(info.size, 0);
  for (std::size_t i = 0; i < info.size / 2; ++i) put16(buffer.get(), 2 * i, static_cast<std::uint16_t>(29000 + i));
  const auto frame = make_gst_frame("cam", {}, info, buffer.get(), false);
  REQUIRE(frame->radiometric());
  REQUIRE(frame->radiometric()->gain == 0.01);
  REQUIRE(frame->radiometric()->raw.at<std::uint16_t>(0, 3) == 29003);
  REQUIRE(frame->luma().at<std::uint8_t>(0, 0) == 0);
  REQUIRE(frame->luma().at<std::uint8_t>(7, 15) == 255);
  REQUIRE(frame->bgr().at<cv::Vec3b>(7, 15) == cv::Vec3b(255, 255, 255));
  REQUIRE(frame->monochrome());
}

TEST_CASE("RGB in any order") {
  lynceus::gst::init();
  for (const char* format : {"RGB", "BGR", "BGRx", "xRGB", "RGBA", "GBR"}) {
    INFO(format);
    const GstVideoInfo info =
        info_of(std::string("video/x-raw,format=") + format + ",width=16,height=16,framerate=25/1");
    auto buffer = bytes(info.size, 0);
    GstVideoFrame mapped;
    REQUIRE(gst_video_frame_map(&mapped, &info, buffer.get(), GST_MAP_WRITE));
    const std::uint8_t rgb[3]{200, 100, 50};
    for (guint part = 0; part < 3; ++part) {
      auto* data = static_cast<std::uint8_t*>(GST_VIDEO_FRAME_COMP_DATA(&mapped, part));
      for (int y = 0; y < 16; ++y) {
        for (int x = 0; x < 16; ++x) {
          data[y * GST_VIDEO_FRAME_COMP_STRIDE(&mapped, part) + x * GST_VIDEO_FRAME_COMP_PSTRIDE(&mapped, part)] =
              rgb[part];
        }
      }
    }
    gst_video_frame_unmap(&mapped);
    const auto frame = make_gst_frame("cam", {}, info, buffer.get(), false);
    CHECK(frame->bgr().at<cv::Vec3b>(3, 3) == cv::Vec3b(50, 100, 200));
    CHECK(frame->luma().at<std::uint8_t>(3, 3) == 124);
    CHECK_FALSE(frame->monochrome());
  }
}

TEST_CASE("colour that is only noise around grey is monochrome") {
  lynceus::gst::init();
  const GstVideoInfo info = info_of("video/x-raw,format=I420,width=64,height=64,framerate=25/1");
  auto buffer = bytes(info.size, 127);
  REQUIRE(make_gst_frame("cam", {}, info, buffer.get(), false)->monochrome());
  gst_buffer_memset(buffer.get(), 64 * 64, 140, 32 * 16);
  REQUIRE_FALSE(make_gst_frame("cam", {}, info, buffer.get(), false)->monochrome());
}
