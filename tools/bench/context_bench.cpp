#include "tools/bench/context_bench.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <ctime>
#include <filesystem>
#include <opencv2/core/utility.hpp>
#include <opencv2/imgproc.hpp>
#include <system_error>

#include "base/clock.h"
#include "base/error.h"
#include "pipeline/ingest/picture_frame.h"
#include "pipeline/picture/picture_io.h"
#include "pipeline/scenes/scene.h"
#include "tools/analyze/session.h"

namespace lynceus::tools {
namespace {

using namespace std::chrono_literals;

const cv::Size kSizes[] = {{320, 240}, {640, 480}, {960, 540}, {1280, 720}, {1920, 1080}};
constexpr int kNights = 8;  // frames that are shown in turn
constexpr int kWarmUp = 2 * kNights;

/// Pictures that an option can name; gone with it.
class Folder {
 public:
  Folder() : path_(std::filesystem::temp_directory_path() / ("lynceus-bench-" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(path_);
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string write(const std::string& name, const cv::Mat& picture) const {
    picture::write((path_ / name).string(), picture);
    return (path_ / name).string();
  }

 private:
  const std::filesystem::path path_;
};

cv::Mat car_park(cv::Size size, bool night) {
  scenes::SceneSettings settings;
  settings.scene = "carpark";
  settings.size = size;
  settings.night = night;
  return scenes::make_scene(settings)->render(0);
}

/// Something that covers about a twentieth of the picture moves through the night.
std::vector<cv::Mat> nights(cv::Size size) {
  const cv::Mat empty = car_park(size, true);
  std::vector<cv::Mat> frames;
  for (int i = 0; i < kNights; ++i) {
    cv::Mat frame = empty.clone();
    const cv::Rect thing(size.width * (2 + i) / 16, size.height / 2, size.width / 5, size.height / 4);
    cv::rectangle(frame, thing, cv::Scalar(70, 90, 120), cv::FILLED);
    cv::rectangle(frame, {thing.tl() + cv::Point(thing.width / 8, thing.height / 4), thing.size() / 3},
                  cv::Scalar(20, 25, 30), cv::FILLED);
    frames.push_back(frame);
  }
  return frames;
}

class Case {
 public:
  Case(const Setup& setup, std::vector<cv::Mat> frames) : session_(setup, false), frames_(std::move(frames)) {}

  void measure(double seconds, double& ms, double& cpu_ms) {
    for (int i = 0; i < kWarmUp; ++i) step();
    std::vector<double> times, cpu_times;
    const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
    while (times.size() < 2 * kNights || std::chrono::steady_clock::now() < end) {
      const double cpu_before = cpu_seconds();
      times.push_back(step());
      cpu_times.push_back((cpu_seconds() - cpu_before) * 1000);
    }
    ms = median(times);
    cpu_ms = median(cpu_times);
  }

 private:
  static double median(std::vector<double>& times) {
    std::nth_element(times.begin(), times.begin() + std::ptrdiff_t(times.size() / 2), times.end());
    return times[times.size() / 2];
  }

  /// Of the whole process.
  static double cpu_seconds() {
    timespec time{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return double(time.tv_sec) + 1e-9 * double(time.tv_nsec);
  }

  double step() {
    ingest::PictureFrameData data;
    data.sequence = shown_;
    data.captured = MonoTime{1h} + 40ms * shown_;
    data.picture = frames_[shown_++ % frames_.size()];
    const auto report = session_.process(ingest::make_picture_frame(std::move(data)));
    if (!report) throw Error(Exit::fatal, "bench", "context", session_.why());
    return report->seconds * 1000;
  }

  Session session_;
  const std::vector<cv::Mat> frames_;
  std::uint64_t shown_ = 0;
};

double exponent_of(const std::vector<ContextBenchRow>& rows) {
  double n = 0, x = 0, y = 0, xx = 0, xy = 0;
  for (const ContextBenchRow& row : rows) {
    if (row.threads != 1) continue;
    const double a = std::log(double(row.size.area())), b = std::log(row.whole_cpu_ms);
    n += 1, x += a, y += b, xx += a * a, xy += a * b;
  }
  return (n * xy - x * y) / (n * xx - x * x);
}

Setup setup_for(const std::string& plugins, const std::vector<std::string>& sets) {
  SetupRequest request;
  request.plugin = "context";
  request.plugins_dir = plugins;
  request.sets = sets;
  return make_setup(request);
}

}  // namespace

ContextBenchResult run_context_bench(double seconds, const std::string& plugins) {
  const Folder folder;
  const int threads_before = cv::getNumThreads();
  ContextBenchResult result;
  for (const int threads : {1, 2}) {
    cv::setNumThreads(threads);
    for (const cv::Size size : kSizes) {
      const auto quoted = [](const std::string& key, const std::string& path) { return key + "=\"" + path + "\""; };
      const std::vector<std::string> usual{"mode=\"video\"",
                                           quoted("day", folder.write("day.png", car_park(size, false))),
                                           quoted("reference", folder.write("reference.png", car_park(size, true)))};
      // Areas that decide nothing, and the whole picture is solved.
      auto whole = usual;
      whole.push_back(quoted("areas", folder.write("areas.png", cv::Mat(size, CV_8UC1, cv::Scalar(128)))));
      const Setup usual_setup = setup_for(plugins, usual), whole_setup = setup_for(plugins, whole);
      ContextBenchRow row{size, threads};
      Case(whole_setup, nights(size)).measure(seconds, row.whole_ms, row.whole_cpu_ms);
      Case(usual_setup, nights(size)).measure(seconds, row.windows_ms, row.windows_cpu_ms);
      result.rows.push_back(row);
    }
  }
  cv::setNumThreads(threads_before);
  result.exponent = exponent_of(result.rows);
  return result;
}

}  // namespace lynceus::tools
