// Prints the features of every peak of a set of pictures with masks, for models/training/targets/fit_scores.py:
//
//   targets_features SET > features.csv      SET has images/, masks/NAME_pixels0.png and perhaps backgrounds/
//
// Drawn pictures follow the real ones: smooth and cloudy skies with a sensor's noise, half of them with a few points, so
// that an empty sky is nothing new to the score.
//
// A line: picture, x, y, part of the mask it lies on (grown by 1 px; 0 none, -1 within 3 px of one), features. Lines that
// begin with # tell a picture's number, name, parts and target-free pixels.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <opencv2/imgproc.hpp>
#include <string>
#include <vector>

#include "pipeline/picture/picture_io.h"
#include "plugins/targets/detector.h"

namespace {

namespace fs = std::filesystem;
using namespace lynceus;

constexpr int kDrawn = 80;

cv::Mat grown(const cv::Mat& mask, int by) {
  cv::Mat out;
  cv::dilate(mask, out, cv::Mat::ones(2 * by + 1, 2 * by + 1, CV_8UC1));
  return out;
}

cv::Mat grey(const std::string& path) {
  cv::Mat pixels = picture::read(path).pixels;
  if (pixels.channels() == 3) cv::cvtColor(pixels, pixels, cv::COLOR_BGR2GRAY);
  if (pixels.channels() == 4) cv::cvtColor(pixels, pixels, cv::COLOR_BGRA2GRAY);
  return pixels;
}

void print(int number, const std::string& name, const cv::Mat& pixels, const cv::Mat& mask) {
  cv::Mat labels;
  const int parts = cv::connectedComponents(mask, labels, 8, CV_32S) - 1;
  std::vector<cv::Mat> near;
  for (int part = 1; part <= parts; ++part) near.push_back(grown(labels == part, 1));
  const cv::Mat around = grown(mask, 3);
  std::printf("# %d,%s,%d,%d\n", number, name.c_str(), parts, int(around.total()) - cv::countNonZero(around));
  targets::Detector detector({});
  for (const targets::Detection& found : detector.look(pixels).detections) {
    int label = around.at<uchar>(found.peak) ? -1 : 0;
    for (int part = 0; part < parts; ++part) {
      if (near[std::size_t(part)].at<uchar>(found.peak)) label = part + 1;
    }
    std::printf("%d,%d,%d,%d", number, found.peak.x, found.peak.y, label);
    for (const float feature : found.features) std::printf(",%.5g", double(feature));
    std::printf("\n");
  }
}

void print_files(int number, const std::string& image, const std::string& mask_path) {
  const cv::Mat pixels = grey(image);
  print(number, fs::path(image).stem().string(), pixels,
        mask_path.empty() ? cv::Mat(cv::Mat::zeros(pixels.size(), CV_8UC1)) : cv::Mat(grey(mask_path) > 0));
}

/// Clouds of one roughness: noise at several sizes.
cv::Mat clouds(cv::Size size, double height, cv::RNG& random) {
  cv::Mat sky = cv::Mat::zeros(size, CV_32F);
  for (int cells = 3; cells <= 48 && height > 0; cells *= 2, height *= 0.5) {
    cv::Mat coarse(cells, cells, CV_32F), wide;
    random.fill(coarse, cv::RNG::NORMAL, 0, height);
    cv::resize(coarse, wide, size, 0, 0, cv::INTER_CUBIC);
    sky += wide;
  }
  return sky;
}

void print_drawn(int number, int which) {
  cv::RNG random(std::uint64_t(which) + 1);
  const cv::Size size(320, 256);
  const double noise = std::pow(2.0, random.uniform(-1.0, 3.0));
  cv::Mat sky = clouds(size, which % 3 == 0 ? 0 : random.uniform(2.0, 25.0), random) + random.uniform(40.0, 150.0);
  cv::Mat mask = cv::Mat::zeros(size, CV_8UC1), grain(size, CV_32F), pixels;
  for (int i = 0; i < (which % 2 == 0 ? 0 : 3); ++i) {
    const cv::Point2d at(random.uniform(8.0, size.width - 8.0), random.uniform(8.0, size.height - 8.0));
    const double sigma = random.uniform(0.5, 2.2), peak = noise * random.uniform(6.0, 30.0);
    for (int y = 0; y < size.height; ++y) {
      for (int x = 0; x < size.width; ++x) {
        const double part = std::exp(-((x - at.x) * (x - at.x) + (y - at.y) * (y - at.y)) / (2 * sigma * sigma));
        sky.at<float>(y, x) += float(peak * part);
        if (part > 0.5) mask.at<uchar>(y, x) = 255;
      }
    }
    mask.at<uchar>(cvRound(at.y), cvRound(at.x)) = 255;
  }
  random.fill(grain, cv::RNG::NORMAL, 0, noise);
  cv::Mat(sky + grain).convertTo(pixels, CV_8U);
  print(number, "Drawn_" + std::to_string(which) + "_0", pixels, mask);
}

std::vector<std::string> files_in(const std::string& folder) {
  std::vector<std::string> files;
  if (!fs::is_directory(folder)) return files;
  for (const auto& entry : fs::directory_iterator(folder)) files.push_back(entry.path().string());
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    int number = 0;
    for (int i = 1; i < argc; ++i) {
      const std::string set = argv[i];
      for (const auto& file : files_in(set + "/images")) {
        print_files(number++, file, set + "/masks/" + fs::path(file).stem().string() + "_pixels0.png");
      }
      for (const auto& file : files_in(set + "/backgrounds")) print_files(number++, file, "");
    }
    for (int which = 0; which < kDrawn; ++which) print_drawn(number++, which);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "targets_features: %s\n", error.what());
    return 1;
  }
}
