#include "tools/demo/faulty_film.h"

#include <fstream>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "base/error.h"
#include "pipeline/picture/picture_io.h"

namespace lynceus::tools {
namespace {

const cv::Size kSize{480, 272};

enum class Look { good, bright, blurred, even };

struct Act {
  Look look;
  int seconds;
};
constexpr Act kActs[] = {{Look::good, 12}, {Look::bright, 10}, {Look::good, 4}, {Look::blurred, 10},
                         {Look::good, 4},  {Look::even, 10},   {Look::good, 10}};

/// A shelf full of boxes: enough edges to be missed.
cv::Mat shelf() {
  cv::RNG random(7);
  cv::Mat picture(kSize, CV_8UC3, cv::Scalar(110, 115, 120));
  for (int i = 0; i < 160; ++i) {
    const cv::Rect box(random.uniform(-20, kSize.width), random.uniform(-20, kSize.height), random.uniform(12, 70),
                       random.uniform(12, 60));
    const cv::Scalar colour(random.uniform(40, 200), random.uniform(40, 200), random.uniform(40, 200));
    cv::rectangle(picture, box, colour, cv::FILLED);
  }
  return picture;
}

cv::Mat shown(const cv::Mat& scene, Look look) {
  cv::Mat out;
  switch (look) {
    case Look::good:
      return scene;
    case Look::bright:
      scene.convertTo(out, -1, 0.12, 225);
      return out;
    case Look::blurred:
      cv::GaussianBlur(scene, out, {}, 6);
      return out;
    case Look::even:
      break;
  }
  return cv::Mat(scene.size(), CV_8UC3, cv::Scalar(180, 40, 20));
}

/// A sensor's noise, never the same twice; a lost signal has none.
cv::Mat live(const cv::Mat& picture, cv::RNG& random, Look look) {
  if (look == Look::even) return picture;
  cv::Mat grain(picture.size(), CV_16SC3), out;
  random.fill(grain, cv::RNG::NORMAL, 0, 2);
  cv::add(picture, grain, out, cv::noArray(), CV_8U);
  return out;
}

}  // namespace

void write_faulty_film(const std::string& file) {
  std::ofstream out(file, std::ios::binary);
  cv::RNG random(1);
  const cv::Mat scene = shelf();
  for (const Act& act : kActs) {
    const cv::Mat picture = shown(scene, act.look);
    for (int i = 0; i < act.seconds * kFaultyFilmFps; ++i) {
      const auto jpeg = picture::encode_jpeg(live(picture, random, act.look), 90);
      out.write(reinterpret_cast<const char*>(jpeg.data()), static_cast<std::streamsize>(jpeg.size()));
    }
  }
  if (!out.flush()) throw Error(Exit::fatal, "demo", file, "cannot be written");
}

}  // namespace lynceus::tools
