// Where `evaluate --out DIR` writes: DIR/FOLDER.jsonl with the lines `analyze` would print, and pictures beside.
// FOLDER is the dataset's last name; a second dataset of the same name gets -2. Thread: bound to its owner.
#pragma once

#include <cstdio>
#include <map>
#include <memory>
#include <opencv2/core.hpp>
#include <string>

#include "tools/command/json_lines.h"

namespace lynceus::tools {

/// What a dataset is called in results: the last name of its path.
std::string dataset_name(const std::string& dataset);

class ResultFolder {
 public:
  /// Throws Error (Exit::fatal) when the folder cannot be made.
  explicit ResultFolder(std::string folder);

  /// Lines go to FOLDER.jsonl from now on; `dataset` is a path.
  void begin(const std::string& dataset);
  void line(const Json& object);
  /// As DIR/FOLDER/NAME (.png or .jpg).
  void picture(const std::string& name, const cv::Mat& picture);

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };

  const std::string folder_;
  std::string dataset_;  // name of the one that is written now
  std::map<std::string, int> names_;
  std::unique_ptr<std::FILE, Close> lines_;
};

}  // namespace lynceus::tools
