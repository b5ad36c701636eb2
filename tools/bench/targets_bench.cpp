#include "tools/bench/targets_bench.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <numeric>
#include <opencv2/core/utility.hpp>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "pipeline/ingest/picture_frame.h"
#include "pipeline/scenes/scene.h"
#include "plugins/targets/line_element.h"
#include "plugins/targets/line_filter.h"
#include "tools/analyze/session.h"
#include "tools/command/arguments.h"
#include "tools/command/json_lines.h"

namespace lynceus::tools {
namespace {

const cv::Size kSize(640, 480);
constexpr int kFrames = 120, kWarmUp = 20;

/// Of the whole process: the network runs in a thread of its own, while this one waits.
double cpu_ms() {
  timespec time{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return double(time.tv_sec) * 1e3 + 1e-6 * double(time.tv_nsec);
}

double median(std::vector<double>& times) {
  std::nth_element(times.begin(), times.begin() + std::ptrdiff_t(times.size() / 2), times.end());
  return times[times.size() / 2];
}

/// Of all but the slowest tenth: a network looks in some frames only, which a median would not show.
double mean_of_most(std::vector<double>& times) {
  std::sort(times.begin(), times.end());
  times.resize(std::max<std::size_t>(1, times.size() * 9 / 10));
  return std::accumulate(times.begin(), times.end(), 0.0) / double(times.size());
}

template <class Do>
double measured(int times, const Do& does) {
  std::vector<double> all;
  for (int i = 0; i < times; ++i) {
    const double before = cpu_ms();
    does(i);
    if (i >= times / 6) all.push_back(cpu_ms() - before);
  }
  return median(all);
}

void add_point(cv::Mat& picture, cv::Point2d at, double height) {
  const cv::Rect where = cv::Rect(cvRound(at.x) - 4, cvRound(at.y) - 4, 9, 9) & cv::Rect({0, 0}, picture.size());
  for (int y = where.y; y < where.br().y; ++y) {
    for (int x = where.x; x < where.br().x; ++x) {
      const double dx = x - at.x, dy = y - at.y;
      uchar& here = picture.at<uchar>(y, x);
      here = cv::saturate_cast<uchar>(here + height * std::exp(-(dx * dx + dy * dy) / 2.4));
    }
  }
}

cv::Point2d place(int target, int frame) {
  return {60.0 + 55 * target + 0.7 * frame, 100.0 + 29 * (target * 7 % 10) + 0.3 * frame};
}

std::vector<cv::Mat> frames(int targets) {
  scenes::SceneSettings settings;
  settings.scene = "sky";
  settings.size = kSize;
  const auto sky = scenes::make_scene(settings);
  std::vector<cv::Mat> out;
  for (int i = 0; i < kFrames; ++i) {
    cv::Mat grey;
    cv::cvtColor(sky->render(18 + i * 0.016), grey, cv::COLOR_BGR2GRAY);  // its own target is away then
    for (int target = 0; target < targets; ++target) add_point(grey, place(target, i), 70);
    out.push_back(grey);
  }
  return out;
}

double measure_plugin(const std::string& plugins, int targets, const std::vector<std::string>& sets) {
  SetupRequest request;
  request.plugin = "targets";
  request.plugins_dir = plugins;
  request.sets = sets;
  const Setup setup = make_setup(request);
  Session session(setup, false);
  const auto pictures = frames(targets);
  std::vector<double> times;
  double found = 0;
  for (int i = 0; i < kFrames; ++i) {
    ingest::PictureFrameData data;
    data.sequence = std::uint64_t(i);
    data.captured = MonoTime{std::chrono::hours{1}} + std::chrono::milliseconds{40} * i;
    data.picture = pictures[std::size_t(i)];
    const auto frame = ingest::make_picture_frame(std::move(data));
    const double before = cpu_ms();
    const auto report = session.process(frame);
    if (!report) throw Error(Exit::fatal, "bench", "targets", session.why());
    if (i >= kWarmUp) times.push_back(cpu_ms() - before);
    found = report->observations->measurements.at(0).value;
  }
  if (found < targets)
    throw Error(Exit::fatal, "bench", "targets", "only " + std::to_string(int(found)) + " targets were found");
  return mean_of_most(times);
}

void measure_filter(int directions, double& ours, double& plain) {
  const cv::Mat picture = frames(1)[0];
  targets::LineFilter filter(directions, 15);
  cv::Mat residual;
  ours = measured(60, [&](int) { filter.residual(picture, residual); });
  plain = measured(60, [&](int) {
    cv::Mat background = cv::Mat::zeros(picture.size(), CV_8UC1), line;
    for (int i = 0; i < directions; ++i) {
      cv::morphologyEx(picture, line, cv::MORPH_OPEN, targets::line_mask(i, directions, 15));
      cv::max(background, line, background);
    }
    cv::subtract(picture, background, residual);
  });
}

const Usage kUsage{
    "bench targets",
    "",
    "CPU time of a 640×480 frame in the targets plugin on one core: the filter beside the same of plain OpenCV calls,\n"
    "and the whole plugin, gate and both views included.",
    {{"--plugins", "DIR", "folder of the plugins (beside the program, else the installed one)"},
     {"--network", "FILE", "with this Siamese network: off (the default), auto, or the file of its backbone"},
     {"--json", "", "one JSON object"}},
    "lynceus bench targets --json",
    0,
    0};

}  // namespace

TargetsBenchResult run_targets_bench(const std::string& plugins, const std::string& network) {
  const int threads_before = cv::getNumThreads();
  cv::setNumThreads(1);
  TargetsBenchResult out;
  measure_filter(4, out.filter4_ms, out.plain4_ms);
  measure_filter(8, out.filter8_ms, out.plain8_ms);
  const cv::Point2d first = place(0, 0);
  const std::string with = "network=" + network;
  out.followed_ms = measure_plugin(plugins, 1, {with, "init=" + Json{first.x - 4, first.y - 4, 9, 9}.dump()});
  out.one_ms = measure_plugin(plugins, 1, {with});
  out.ten_ms = measure_plugin(plugins, 10, {with});
  cv::setNumThreads(threads_before);
  return out;
}

int run_targets(std::span<const std::string> given) {
  const Arguments args(kUsage, given);
  if (args.help()) return 0;
  log::capture([](std::string_view) {});
  const TargetsBenchResult r =
      run_targets_bench(args.text("--plugins").value_or(""), args.text("--network").value_or("off"));
  if (args.has("--json")) {
    print_line(Json{{"bench", "targets"},
                    {"filter_4_ms", r.filter4_ms},
                    {"filter_4_plain_ms", r.plain4_ms},
                    {"filter_8_ms", r.filter8_ms},
                    {"filter_8_plain_ms", r.plain8_ms},
                    {"followed_fps", 1000 / r.followed_ms},
                    {"one_target_fps", 1000 / r.one_ms},
                    {"ten_targets_fps", 1000 / r.ten_ms}});
    return 0;
  }
  std::printf("640x480, CPU time on one core          ours   plain OpenCV   ratio\n");
  std::printf("  filter, 4 directions         %8.3f ms %11.3f ms %7.2f\n", r.filter4_ms, r.plain4_ms,
              r.filter4_ms / r.plain4_ms);
  std::printf("  filter, 8 directions         %8.3f ms %11.3f ms %7.2f\n", r.filter8_ms, r.plain8_ms,
              r.filter8_ms / r.plain8_ms);
  std::printf("  one target pointed out       %8.1f frames/s (published: 201 to 205, GTX 980M)\n",
              1000 / r.followed_ms);
  std::printf("  one target found             %8.1f frames/s\n", 1000 / r.one_ms);
  std::printf("  ten targets found            %8.1f frames/s\n", 1000 / r.ten_ms);
  return 0;
}

}  // namespace lynceus::tools
