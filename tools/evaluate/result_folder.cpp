#include "tools/evaluate/result_folder.h"

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "pipeline/picture/picture_io.h"

namespace lynceus::tools {
namespace {

namespace fs = std::filesystem;

void make_folder(const std::string& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error) throw Error(Exit::fatal, "output", path, error.message());
}

}  // namespace

std::string dataset_name(const std::string& dataset) {
  std::error_code ignored;
  const fs::path path = fs::weakly_canonical(dataset, ignored);
  const std::string name = (path.has_filename() ? path : path.parent_path()).filename().string();
  return name.empty() ? "dataset" : name;
}

ResultFolder::ResultFolder(std::string folder) : folder_(std::move(folder)) { make_folder(folder_); }

void ResultFolder::begin(const std::string& dataset) {
  dataset_ = dataset_name(dataset);
  if (const int times = ++names_[dataset_]; times > 1) dataset_ += "-" + std::to_string(times);
  const std::string path = folder_ + "/" + dataset_ + ".jsonl";
  lines_.reset(std::fopen(path.c_str(), "w"));
  if (!lines_) throw Error(Exit::fatal, "output", path, std::generic_category().message(errno));
}

void ResultFolder::line(const Json& object) { print_line(object, lines_.get()); }

void ResultFolder::picture(const std::string& name, const cv::Mat& picture) {
  make_folder(folder_ + "/" + dataset_);
  picture::write(folder_ + "/" + dataset_ + "/" + name, picture);
}

}  // namespace lynceus::tools
