// Finds people in one picture. Every detector (own network, public networks, HOG) is one of these.
//
//   auto detector = make_detector({.detector = "hog"}, services.inference());
//   for (const Detection& person : detector->detect(frame)) …   // or a picture of 8UC3
//
// Thread: bound to the camera's worker.
#pragma once

#include <functional>
#include <memory>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "plugins/people/detect/crop_plan.h"
#include "plugins/people/detection.h"
#include "plugins/sdk/network_input.h"
#include "plugins/sdk/services.h"

namespace lynceus::people {

class Detector {
 public:
  virtual ~Detector() = default;
  virtual std::string name() const = 0;
  /// The score from which on a box counts as a person: DetectorOptions::confidence, else the detector's own.
  virtual double operating_point() const = 0;
  /// Boxes of people in this picture, best first.
  virtual std::vector<Detection> detect(const sdk::PictureRef& picture) = 0;

  // For those who put parts of a frame on one page and have that looked at.
  /// On how many pixels of its input it sees a frame of this size.
  virtual cv::Size seen(cv::Size frame) const { return frame; }
  /// The only size a page may have; empty: any with sides divisible by 32.
  virtual cv::Size page() const { return {}; }
  /// Boxes on a page with these parts of the picture, in the page's pixels.
  virtual std::vector<Detection> detect_page(const sdk::PictureRef& picture, const CropPlan& plan);
};

struct DetectorOptions {
  std::string detector = {};  ///< own | hog | yolox | nanodet | yolov8 | darknet; empty: own, or hog without its file
  std::string model = {};     ///< empty: the detector's own file in one of model_dirs
  int input = 0;              ///< pixels of the network's input; 0: as the model says
  double confidence = -1;     ///< least score; < 0: the operating point measured for the detector
  double nms = 0.5;           ///< of two boxes that overlap more (IoU), the worse goes
  bool tiles = false;         ///< the far half of a large frame once more, in tiles
  bool low_scores = false;    ///< boxes well below the operating point too, for a tracker's second round
  std::vector<std::string> model_dirs = {};
  std::function<void(const std::string&)> tell = {};  ///< told when another detector is taken, and why
};

/// Throws std::runtime_error with a clear line: unknown detector, missing or wrong model file.
std::unique_ptr<Detector> make_detector(const DetectorOptions& options, sdk::Inference& inference);

}  // namespace lynceus::people
