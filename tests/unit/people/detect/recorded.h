// Outputs that real networks gave for a real picture, and the boxes that another reader of them found.
// Written by tests/prove/people_reference.py; rows without a person are zero.
#pragma once

#include <fstream>
#include <opencv2/core.hpp>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "plugins/people/detection.h"

namespace lynceus::test {

struct Recorded {
  cv::Size picture, input;
  std::vector<cv::Mat> outputs;  // 1×rows×columns
  std::vector<people::Detection> boxes;
};

inline void read_row(std::istream& line, std::vector<cv::Mat>& outputs) {
  std::size_t head = 0;
  int row = 0;
  line >> head >> row;
  float* values = outputs.at(head).ptr<float>(0, row);
  for (int i = 0; i < 7; ++i) line >> values[i];  // the seventh: the likeliest of the other classes
}

inline Recorded recorded(const std::string& name) {
  std::ifstream file(std::string(LYNCEUS_TEST_DATA) + "/" + name);
  if (!file) throw std::runtime_error("no " + name);
  Recorded all;
  for (std::string text; std::getline(file, text);) {
    std::istringstream line(text);
    std::string what;
    line >> what;
    if (what == "picture")
      line >> all.picture.width >> all.picture.height >> what >> all.input.width >> all.input.height;
    if (what == "head") {
      int index = 0, rows = 0, columns = 0;
      line >> index >> rows >> columns;
      all.outputs.emplace_back(std::vector<int>{1, rows, columns}, CV_32F, cv::Scalar(0));
    }
    if (what == "row") read_row(line, all.outputs);
    if (what == "box") {
      people::Detection& box = all.boxes.emplace_back();
      line >> box.box.x >> box.box.y >> box.box.width >> box.box.height >> box.score;
    }
  }
  return all;
}

}  // namespace lynceus::test
