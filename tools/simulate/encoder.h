// Pictures in, a Clip out: one pass through GStreamer's encoder of the wanted codec.
//
//   Encoder encoder({Codec::h264, 640, 480, 10});
//   for (…) encoder.push(picture);          // 8UC3, BGR
//   Clip clip = encoder.finish();
//
// Throws Error (Exit::fatal) when no encoder is installed or it fails. Thread: bound to its owner.
#pragma once

#include <opencv2/core.hpp>
#include <string>

#include "base/gst.h"
#include "tools/simulate/clip.h"

namespace lynceus::tools {

struct EncoderSettings {
  Codec codec = Codec::h264;
  int width = 640, height = 480;
  double fps = 10;
  double gop_s = 1;
  int bframes = 0;
  int quantizer = 20;  ///< H.264; 0 is lossless
  std::string matrix;  ///< bt601, bt709; empty: bt709 from 720 lines on
  bool full_range = false;
};

class Encoder {
 public:
  explicit Encoder(const EncoderSettings& settings);
  ~Encoder();
  Encoder(const Encoder&) = delete;
  Encoder& operator=(const Encoder&) = delete;

  void push(const cv::Mat& picture);
  Clip finish();

  /// Whether this codec can be made on this system.
  static bool available(Codec codec);

 private:
  void take(bool wait);
  void fail_if_bus_says_so();

  EncoderSettings settings_;
  gst::ElementPtr pipeline_, source_, sink_;
  Clip clip_;
  std::uint64_t pushed_ = 0;
};

}  // namespace lynceus::tools
