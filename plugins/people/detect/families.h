// What is known of each family of networks: how a picture is fed to it and how its answer is read.
#pragma once

#include <string_view>
#include <vector>

#include "plugins/people/detect/decode.h"
#include "plugins/people/detect/page.h"

namespace lynceus::people {

struct Family {
  std::string_view name;  ///< of DetectorOptions::detector
  std::string_view file;  ///< in one of model_dirs, where no model is named
  Fit fit = Fit::letterbox;
  int input = 0;               ///< pixels, where the file leaves it open
  double operating_point = 0;  ///< the score of its best F1 on held-out pictures
  Pixels pixels;
  std::vector<Detection> (*decode)(Outputs outputs, cv::Size input, double least) = nullptr;
};

/// Null for a name that is no network's.
const Family* family_of(std::string_view name);

}  // namespace lynceus::people
