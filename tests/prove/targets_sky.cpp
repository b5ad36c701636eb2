// Hours of sky without a target: how many tracks does the targets plugin confirm? Run by prove_targets_false.py.
//
//   targets_sky --minutes N [--seed S]       drawn skies at 25 frames/s, another one every two minutes
//   targets_sky --pan FOLDER                 every picture of the folder seen through a window that wanders over it
//
// Prints one JSON object: {"frames", "false_tracks", "tentative", "hours"}.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <opencv2/imgproc.hpp>
#include <set>
#include <string>
#include <vector>

#include "pipeline/picture/picture_io.h"
#include "plugins/targets/camera_shift.h"
#include "plugins/targets/detector.h"
#include "plugins/targets/track_book.h"

namespace {

using namespace lynceus;

const cv::Size kView(320, 256);
constexpr int kFps = 25, kSceneFrames = 2 * 60 * kFps;
constexpr int kNoises = 8;

/// Frames of a sensor's noise, cut from a few large tiles at places of their own.
class Noise {
 public:
  Noise(double sigma, cv::RNG& random) : random_(random) {
    for (int i = 0; i < kNoises; ++i) {
      cv::Mat tile(2 * kView.height, 2 * kView.width, CV_16SC1);
      cv::Mat fine(tile.size(), CV_32F);
      random.fill(fine, cv::RNG::NORMAL, 0, sigma);
      fine.convertTo(tile, CV_16S);
      tiles_.push_back(tile);
    }
  }
  cv::Mat on(const cv::Mat& sky) {
    const cv::Mat& tile = tiles_[std::size_t(random_.uniform(0, kNoises))];
    const cv::Rect where(random_.uniform(0, kView.width), random_.uniform(0, kView.height), kView.width, kView.height);
    cv::Mat out;
    cv::add(sky, tile(where), out, cv::noArray(), CV_8U);
    return out;
  }

 private:
  cv::RNG& random_;
  std::vector<cv::Mat> tiles_;
};

/// Clouds that repeat after their width; none: an empty sky, warmer to the horizon.
cv::Mat draw_sky(double clouds, cv::RNG& random) {
  const cv::Size size(3 * kView.width, kView.height);
  cv::Mat sky(size, CV_32F);
  for (int y = 0; y < size.height; ++y) sky.row(y).setTo(40 + 40.0 * y / size.height);
  for (int cells = 3; cells <= 96 && clouds > 0; cells *= 2, clouds *= 0.55) {
    cv::Mat coarse(cells, 3 * cells, CV_32F), wide;
    random.fill(coarse, cv::RNG::NORMAL, 0, clouds);
    cv::resize(coarse, wide, size, 0, 0, cv::INTER_CUBIC);
    sky += wide;
  }
  cv::Mat out;
  sky.convertTo(out, CV_8U);
  return out;
}

struct Count {
  std::int64_t frames = 0, confirmed = 0, tentative = 0;
};

/// Follows one scene from its first frame on.
class Watch {
 public:
  void look(const cv::Mat& picture, Count& count) {
    const cv::Point2d shift = camera_.update(picture);
    book_.update(detector_.look(picture), {shift, camera_.moves()});
    ++count.frames;
    for (const targets::Track& track : book_.tracks()) {
      if (known_.insert(track.id).second) ++count.tentative;
      if (track.state != targets::Track::State::tentative && confirmed_.insert(track.id).second) ++count.confirmed;
    }
  }

 private:
  targets::Detector detector_{targets::DetectorSettings{}};
  targets::CameraShift camera_;
  targets::TrackBook book_{targets::TrackSettings{}};
  std::set<std::int64_t> known_, confirmed_;
};

Count simulate(std::int64_t frames, std::uint64_t seed) {
  Count count;
  cv::RNG random(seed);
  for (std::uint64_t scene = 0; count.frames < frames; ++scene) {
    const bool empty = scene % 3 == 0;
    const cv::Mat sky = draw_sky(empty ? 0 : random.uniform(4.0, 24.0), random);
    Noise noise(std::pow(2.0, random.uniform(-0.5, 2.5)), random);
    const double drift = random.uniform(0.02, 1.0);  // pixels a frame
    Watch watch;
    for (int i = 0; i < kSceneFrames && count.frames < frames; ++i) {
      const int shift = int(drift * i) % (2 * kView.width);
      watch.look(noise.on(sky(cv::Rect(cv::Point(shift, 0), kView))), count);
    }
  }
  return count;
}

/// Left to right and back over the picture at half a pixel a frame, noise added.
void pan(const cv::Mat& picture, std::uint64_t seed, Count& count) {
  cv::RNG random(seed);
  Noise noise(1.5, random);
  const cv::Size room = picture.size() - kView;
  Watch watch;
  const int frames = std::min(2 * std::max(room.width, 50), 300);
  for (int i = 0; i < frames; ++i) {
    const double along = double(i) / frames;
    const cv::Point2f centre(float(kView.width / 2.0 + along * std::max(0, room.width)),
                             float(kView.height / 2.0 + along * std::max(0, room.height)));
    cv::Mat view;
    cv::getRectSubPix(picture, kView, centre, view);
    watch.look(noise.on(view), count);
  }
}

Count pan_all(const std::string& folder) {
  Count count;
  std::uint64_t seed = 1;
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) files.push_back(entry.path().string());
  std::sort(files.begin(), files.end());
  for (const std::string& file : files) {
    cv::Mat pixels = picture::read(file).pixels;
    if (pixels.channels() == 3) cv::cvtColor(pixels, pixels, cv::COLOR_BGR2GRAY);
    if (pixels.cols < kView.width || pixels.rows < kView.height) cv::resize(pixels, pixels, kView);
    pan(pixels, seed++, count);
  }
  return count;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    double minutes = 1;
    std::uint64_t seed = 1;
    std::string folder;
    for (int i = 1; i + 1 < argc; i += 2) {
      const std::string word = argv[i];
      if (word == "--minutes") minutes = std::atof(argv[i + 1]);
      if (word == "--seed") seed = std::uint64_t(std::atoll(argv[i + 1]));
      if (word == "--pan") folder = argv[i + 1];
    }
    const Count count = folder.empty() ? simulate(std::int64_t(minutes * 60 * kFps), seed) : pan_all(folder);
    std::printf("{\"frames\": %lld, \"false_tracks\": %lld, \"tentative\": %lld, \"hours\": %.3f}\n",
                static_cast<long long>(count.frames), static_cast<long long>(count.confirmed),
                static_cast<long long>(count.tentative), double(count.frames) / kFps / 3600);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "targets_sky: %s\n", error.what());
    return 1;
  }
}
