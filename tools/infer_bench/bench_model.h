// A network of the list that is here, the inputs it is measured with, and how its answers become boxes. Thread: any.
#pragma once

#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "plugins/people/detect/families.h"
#include "plugins/people/detection.h"
#include "plugins/sdk/services.h"

namespace lynceus::tools {

struct BenchModel {
  std::string name;
  sdk::ModelFile file;
  cv::Size input;
  const people::Family* family = nullptr;  ///< null: its answers are no boxes

  /// The demo's lobby, each another moment.
  std::vector<cv::Mat> pictures(int count, cv::Size size = {1280, 720}) const;
  people::Fit fit() const;
  people::Pixels pixels() const;
  /// A picture as the network wants it; batch 1.
  cv::Mat tensor(const cv::Mat& picture) const;
  std::vector<cv::Mat> inputs(int count) const;
  /// Of the answer to one input, from 0.1 on.
  std::vector<people::Detection> boxes(const std::vector<cv::Mat>& outputs) const;
};

/// Those of manifest.json in the first of these folders whose files are in one of them. Throws Error where there is no
/// list.
std::vector<BenchModel> models_here(const std::vector<std::string>& folders);

}  // namespace lynceus::tools
