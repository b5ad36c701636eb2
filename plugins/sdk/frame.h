// One picture of one camera, immutable and shared without copying.
//
// luma() is always there and is the decoder's own plane where the format allows it. bgr() is converted on first use and
// shared by all analyzers of the frame. Whoever keeps a Frame keeps a decoder buffer: copy what must outlive process().
// Thread: every member may be called from any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <opencv2/core.hpp>
#include <optional>
#include <string>

#include "plugins/sdk/planes.h"

namespace lynceus::sdk {

/// Constants of a FLIR-style radiometric picture: object signal to temperature by Planck's law.
struct Planck {
  double r1 = 0, r2 = 0, b = 0, f = 0, o = 0;
  double emissivity = 1, reflected_kelvin = 293.15, atmosphere_kelvin = 293.15;
  double distance_m = 0, humidity = 0, window_transmission = 1, window_kelvin = 293.15;
  double alpha1 = 0, alpha2 = 0, beta1 = 0, beta2 = 0, x = 0;
};

/// Temperatures of a thermal camera that sends them: kelvin = raw × gain + offset, unless `planck` says otherwise.
struct Radiometric {
  cv::Mat raw;  ///< CV_16UC1; its size may differ from the picture's
  double gain = 0.01;
  double offset = 0;
  std::optional<Planck> planck;
};

class Frame {
 public:
  virtual ~Frame() = default;

  virtual const std::string& camera() const = 0;
  /// Counts the frames received of this camera, dropped ones included; starts at 0.
  virtual std::uint64_t sequence() const = 0;
  virtual std::chrono::steady_clock::time_point captured() const = 0;
  virtual std::chrono::system_clock::time_point captured_wall() const = 0;

  virtual cv::Size size() const = 0;
  /// CV_8UC1, 10-bit sources shifted down; full or limited range as the stream has it.
  virtual const cv::Mat& luma() const = 0;
  /// CV_8UC3 by the stream's own matrix and range.
  virtual const cv::Mat& bgr() const = 0;
  /// What bgr() is made of, there as long as the frame: for those who want few pixels of it. Null where bgr() is the way.
  virtual const Planes* planes() const { return nullptr; }
  /// Null where the source has no temperatures.
  virtual const Radiometric* radiometric() const = 0;
  /// True when the decoder has no colour for this picture (grey format, or chroma flat at grey).
  virtual bool monochrome() const = 0;
};

using FramePtr = std::shared_ptr<const Frame>;

}  // namespace lynceus::sdk
