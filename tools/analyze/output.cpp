#include "tools/analyze/output.h"

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "pipeline/camera/overlay.h"
#include "pipeline/picture/picture_io.h"

namespace lynceus::tools {
namespace {

namespace fs = std::filesystem;

bool moves(ingest::InputKind kind) { return kind == ingest::InputKind::video || kind == ingest::InputKind::live; }

bool is_same_file(const std::string& a, const std::string& b) {
  std::error_code error;
  return fs::exists(a, error) && fs::exists(b, error) && fs::equivalent(a, b, error);
}

/// What is left of a URL without its scheme, user, query and strange letters.
std::string url_name(std::string url) {
  url = url.substr(url.find("://") + 3);
  url = url.substr(0, url.find_first_of("?#"));
  while (!url.empty() && url.back() == '/') url.pop_back();
  url = url.substr(url.find_last_of("/@") + 1);
  for (char& letter : url) {
    if (!std::isalnum(static_cast<unsigned char>(letter)) && letter != '-' && letter != '.') letter = '_';
  }
  return url.empty() ? "live" : url;
}

/// A view of this name is put beside the picture.
constexpr const char* kPanel = "panel";

cv::Mat beside(const cv::Mat& picture, const cv::Mat& panel) {
  if (panel.type() != picture.type() || panel.rows != picture.rows) return picture;
  cv::Mat out;
  cv::hconcat(picture, panel, out);
  return out;
}

std::string frame_suffix(std::int64_t frame) {
  char text[24];
  std::snprintf(text, sizeof text, "-%06lld", static_cast<long long>(frame));
  return text;
}

}  // namespace

std::string name_of(const std::string& input) {
  if (input.find("://") != std::string::npos) return url_name(input);
  return fs::path(input).stem().string();
}

Output::Output(std::string folder) : folder_(std::move(folder)) {
  std::error_code error;
  fs::create_directories(folder_, error);
  if (error) throw Error(Exit::fatal, "output", folder_, error.message());
}

void Output::begin(const std::string& input, ingest::InputKind kind, double fps) {
  finish();
  input_ = input;
  kind_ = kind;
  fps_ = fps;
}

std::string Output::path_for(const std::string& name, const std::string& input) const {
  const std::string path = folder_ + "/" + name;
  if (!is_same_file(path + ".png", input)) return path + ".png";
  return path + ".annotated.png";
}

void Output::write(const ingest::Picture& picture, std::int64_t frame, const camera::AnalyzerReport& report) {
  const std::string name = name_of(picture.input) + (moves(kind_) ? frame_suffix(frame) : "");
  const sdk::Overlay* overlays[] = {&report.observations->overlay};
  cv::Mat annotated = camera::draw_overlay(picture.picture->bgr(), overlays);
  for (const sdk::View& view : report.observations->views) {
    if (view.name == kPanel) annotated = beside(annotated, view.picture);
  }
  picture::write(path_for(name, picture.input), annotated);
  for (const sdk::View& view : report.observations->views) {
    if (view.name != kPanel) picture::write(path_for(name + "." + view.name, picture.input), view.picture);
  }
  if (kind_ == ingest::InputKind::video) write_video(annotated);
}

void Output::write_video(const cv::Mat& annotated) {
  if (!video_)
    video_ = std::make_unique<VideoFile>(folder_ + "/" + name_of(input_) + ".annotated", annotated.size(), fps_);
  video_->write(annotated);
}

void Output::finish() {
  if (video_) video_->finish();
  video_.reset();
}

}  // namespace lynceus::tools
