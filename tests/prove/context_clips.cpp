// Makes clips for `lynceus evaluate context`: a day and a night picture of one place, and things that move through the
// night whose shape is known. Usage: context_clips DAY NIGHT OUT [--seed N] [--frames N] [--noise SIGMA] [--reference]
// [--size WxH] [--thing PICTURE …]
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <string>
#include <vector>

#include "base/error.h"
#include "pipeline/picture/picture_io.h"

namespace lynceus {
namespace {

struct Wish {
  std::string day, night, out;
  int seed = 1, frames = 60;
  double noise = 2;
  bool reference = false;
  cv::Size size;
};

/// A person or a car, seen by night: dim clothes or paint with folds and windows, lamps on cars.
struct Thing {
  cv::Mat picture, mask;  // 8UC3, 8UC1
  cv::Point2d at, step;   // upper left corner, pixels a frame
  int from = 0;
};

cv::Mat colour(const std::string& path, cv::Size size) {
  cv::Mat pixels = picture::read(path).pixels;
  if (pixels.channels() == 1) cv::cvtColor(pixels, pixels, cv::COLOR_GRAY2BGR);
  if (!size.empty() && pixels.size() != size) cv::resize(pixels, pixels, size, 0, 0, cv::INTER_AREA);
  return pixels;
}

cv::Scalar dim(cv::RNG& random, int least, int most) {
  return cv::Scalar(random.uniform(least, most), random.uniform(least, most), random.uniform(least, most));
}

void texture(cv::Mat& picture, cv::RNG& random, double contrast) {
  cv::Mat grain(picture.rows / 3 + 2, picture.cols / 3 + 2, CV_16SC1), wide, three;
  random.fill(grain, cv::RNG::NORMAL, 0, contrast);
  cv::resize(grain, wide, picture.size(), 0, 0, cv::INTER_CUBIC);
  cv::merge(std::vector<cv::Mat>(3, wide), three);
  cv::add(picture, three, picture, cv::noArray(), CV_8U);
}

Thing person(cv::RNG& random, int height) {
  const int width = height * 2 / 5;
  Thing thing{cv::Mat::zeros(height, width, CV_8UC3), cv::Mat::zeros(height, width, CV_8UC1), {}, {}, 0};
  const auto part = [&](cv::Point centre, cv::Size size, const cv::Scalar& shade) {
    cv::ellipse(thing.picture, centre, size, 0, 0, 360, shade, cv::FILLED);
    cv::ellipse(thing.mask, centre, size, 0, 0, 360, 255, cv::FILLED);
  };
  part({width / 2, height * 3 / 4}, {width / 4, height / 4 - 1}, dim(random, 15, 90));
  part({width / 2, height * 2 / 5}, {width / 3, height / 4}, dim(random, 25, 140));
  part({width / 2, height / 9}, {width / 6 + 1, height / 10}, dim(random, 60, 150));
  texture(thing.picture, random, 8);
  return thing;
}

Thing car(cv::RNG& random, int height, bool rightwards) {
  const int width = height * 5 / 2;
  Thing thing{cv::Mat::zeros(height, width, CV_8UC3), cv::Mat::zeros(height, width, CV_8UC1), {}, {}, 0};
  const auto box = [&](double x, double y, double w, double h, const cv::Scalar& shade) {
    const cv::Rect rect(int(x * width), int(y * height), int(w * width), int(h * height));
    cv::rectangle(thing.picture, rect, shade, cv::FILLED);
    cv::rectangle(thing.mask, rect, 255, cv::FILLED);
  };
  const cv::Scalar paint = dim(random, 25, 120);
  box(0.2, 0.05, 0.55, 0.4, paint);
  box(0.02, 0.4, 0.96, 0.42, paint);
  box(0.25, 0.12, 0.2, 0.25, dim(random, 5, 40));
  box(0.5, 0.12, 0.2, 0.25, dim(random, 5, 40));
  for (const double x : {0.22, 0.78}) {
    cv::circle(thing.picture, {int(x * width), int(0.8 * height)}, height / 6, cv::Scalar::all(12), cv::FILLED);
    cv::circle(thing.mask, {int(x * width), int(0.8 * height)}, height / 6, 255, cv::FILLED);
  }
  texture(thing.picture, random, 6);
  const int front = rightwards ? int(0.95 * width) : int(0.05 * width), back = width - front;
  cv::circle(thing.picture, {front, int(0.55 * height)}, std::max(2, height / 12), cv::Scalar(200, 235, 245),
             cv::FILLED);
  cv::circle(thing.picture, {back, int(0.55 * height)}, std::max(2, height / 14), cv::Scalar(30, 30, 190), cv::FILLED);
  return thing;
}

std::vector<Thing> things_for(const Wish& wish, cv::Size size, cv::RNG& random) {
  std::vector<Thing> things;
  for (int i = 0; i < 4; ++i) {
    const bool right = random.uniform(0, 2) == 1;
    const bool drives = i % 2 == 1;
    const int height = random.uniform(size.height / 10, size.height / 4);
    Thing thing = drives ? car(random, height, right) : person(random, height);
    const double speed = drives ? random.uniform(3., 9.) : random.uniform(0.8, 3.);
    thing.step = {(right ? speed : -speed) * size.width / 640, random.uniform(-0.1, 0.1)};
    const double y = random.uniform(size.height * 0.35, size.height - double(height) - 2);
    const double x = random.uniform(0., double(size.width));
    thing.at = {drives ? (right ? -double(thing.mask.cols) : double(size.width)) : x, y};
    thing.from = drives ? random.uniform(0, std::max(1, wish.frames / 2)) : 0;
    things.push_back(thing);
  }
  return things;
}

void paste(const Thing& thing, int frame, cv::Mat& picture, cv::Mat& mask) {
  if (frame < thing.from) return;
  const cv::Point2d at = thing.at + thing.step * double(frame - thing.from);
  const cv::Rect whole(cvRound(at.x), cvRound(at.y), thing.mask.cols, thing.mask.rows);
  const cv::Rect seen = whole & cv::Rect({0, 0}, picture.size());
  if (seen.empty()) return;
  const cv::Rect part(seen.tl() - whole.tl(), seen.size());
  thing.picture(part).copyTo(picture(seen), thing.mask(part));
  cv::Mat to = mask(seen);
  cv::bitwise_or(to, thing.mask(part), to);
}

cv::Mat noisy(const cv::Mat& picture, cv::RNG& random, double sigma) {
  cv::Mat grain(picture.size(), CV_16SC3), out;
  random.fill(grain, cv::RNG::NORMAL, 0, sigma);
  cv::add(picture, grain, out, cv::noArray(), CV_8U);
  return out;
}

std::string numbered(const std::string& folder, int frame) {
  char name[32];
  std::snprintf(name, sizeof name, "/%05d.png", frame);
  return folder + name;
}

void make(const Wish& wish) {
  namespace fs = std::filesystem;
  const cv::Mat day = colour(wish.day, wish.size), night = colour(wish.night, day.size());
  cv::RNG random(std::uint64_t(wish.seed) * 7919 + 1);
  std::vector<Thing> things = things_for(wish, day.size(), random);
  for (const char* folder : {"/night", "/mask"}) fs::create_directories(wish.out + folder);
  picture::write(wish.out + "/day.png", day);
  if (wish.reference) picture::write(wish.out + "/reference.png", noisy(night, random, wish.noise / 4));
  for (int frame = 0; frame < wish.frames; ++frame) {
    cv::Mat picture = night.clone(), mask = cv::Mat::zeros(day.size(), CV_8UC1);
    for (const Thing& thing : things) paste(thing, frame, picture, mask);
    picture::write(numbered(wish.out + "/night", frame), wish.noise > 0 ? noisy(picture, random, wish.noise) : picture);
    picture::write(numbered(wish.out + "/mask", frame), mask);
  }
}

Wish wish_of(int argc, char** argv) {
  Wish wish;
  std::vector<std::string> rest;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const auto next = [&] { return i + 1 < argc ? std::string(argv[++i]) : std::string("0"); };
    if (word == "--seed") wish.seed = std::atoi(next().c_str());
    else if (word == "--frames") wish.frames = std::atoi(next().c_str());
    else if (word == "--noise") wish.noise = std::atof(next().c_str());
    else if (word == "--reference") wish.reference = true;
    else if (word == "--size") std::sscanf(next().c_str(), "%dx%d", &wish.size.width, &wish.size.height);
    else rest.push_back(word);
  }
  if (rest.size() != 3) throw Error(Exit::usage, "context_clips", "arguments", "DAY NIGHT OUT");
  wish.day = rest[0], wish.night = rest[1], wish.out = rest[2];
  return wish;
}

}  // namespace
}  // namespace lynceus

int main(int argc, char** argv) {
  try {
    lynceus::make(lynceus::wish_of(argc, argv));
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "context_clips: %s\n", error.what());
    return 1;
  }
}
