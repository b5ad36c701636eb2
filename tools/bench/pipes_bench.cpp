#include "tools/bench/pipes_bench.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <memory>
#include <opencv2/core/utility.hpp>
#include <optional>
#include <vector>

#include "base/error.h"
#include "base/log.h"
#include "pipeline/ingest/picture_frame.h"
#include "pipeline/scenes/thermal.h"
#include "tools/analyze/session.h"
#include "tools/command/arguments.h"
#include "tools/command/json_lines.h"

namespace lynceus::tools {
namespace {

constexpr int kFrames = 8, kWarmUp = 40, kMeasured = 64;

/// The same pipe with a noise of its own in each frame.
std::vector<scenes::ThermalPicture> frames() {
  std::vector<scenes::ThermalPicture> out;
  for (int i = 0; i < kFrames; ++i) {
    scenes::ThermalRecipe recipe;
    recipe.fault = scenes::PipeFault::damaged;
    recipe.tilt_deg = 8;
    recipe.patches = {{0.4, 0, 0.05, 0.5, 52, 0.1}};
    recipe.seed = 1 + static_cast<std::uint64_t>(i);
    out.push_back(scenes::make_thermal(recipe));
  }
  return out;
}

double cpu_ms() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return double(time.tv_sec) * 1e3 + 1e-6 * double(time.tv_nsec);
}

sdk::FramePtr frame_of(const scenes::ThermalPicture& picture, bool radiometric, int number) {
  ingest::PictureFrameData data;
  data.sequence = static_cast<std::uint64_t>(number);
  data.captured = MonoTime{} + std::chrono::seconds{100 + number};
  if (radiometric) {
    picture.celsius.convertTo(data.radiometric.emplace().raw, CV_16U, 100, 27315);
  } else {
    data.picture = picture.picture;
  }
  return ingest::make_picture_frame(std::move(data));
}

double measure(const Setup& setup, bool radiometric, bool still) {
  const auto pictures = frames();
  std::unique_ptr<Session> session;
  std::vector<double> times;
  for (int i = 0; i < kWarmUp + kMeasured; ++i) {
    const auto frame = frame_of(pictures[static_cast<std::size_t>(i) % pictures.size()], radiometric, i);
    if (still || !session) session = std::make_unique<Session>(setup, still);
    const double before = cpu_ms();
    const auto report = session->process(frame);
    if (!report) throw Error(Exit::fatal, "bench", "pipes", session->why());
    if (i >= kWarmUp) times.push_back(cpu_ms() - before);
  }
  std::nth_element(times.begin(), times.begin() + times.size() / 2, times.end());
  return times[times.size() / 2];
}

const Usage kUsage{
    "bench pipes",
    "",
    "CPU time of a 640×480 frame in the pipes plugin, gate and views included, on one core: from radiometric data and\n"
    "from the colours of a scale bar.",
    {{"--plugins", "DIR", "folder of the plugins (beside the program, else the installed one)"},
     {"--json", "", "one JSON object"}},
    "lynceus bench pipes --json",
    0,
    0};

}  // namespace

PipesBenchResult run_pipes_bench(const std::string& plugins) {
  const int threads_before = cv::getNumThreads();
  cv::setNumThreads(1);
  SetupRequest request;
  request.plugin = "pipes";
  request.plugins_dir = plugins;
  request.sets = {"learn=\"10s\""};
  const Setup setup = make_setup(request);
  PipesBenchResult out;
  out.radiometric_ms = measure(setup, true, false);
  out.palette_ms = measure(setup, false, false);
  out.radiometric_still_ms = measure(setup, true, true);
  out.palette_still_ms = measure(setup, false, true);
  cv::setNumThreads(threads_before);
  return out;
}

int run_pipes(std::span<const std::string> given) {
  const Arguments args(kUsage, given);
  if (args.help()) return 0;
  log::capture([](std::string_view) {});
  const PipesBenchResult r = run_pipes_bench(args.text("--plugins").value_or(""));
  if (args.has("--json")) {
    print_line(Json{{"bench", "pipes"},
                    {"radiometric_ms", r.radiometric_ms},
                    {"palette_ms", r.palette_ms},
                    {"radiometric_still_ms", r.radiometric_still_ms},
                    {"palette_still_ms", r.palette_still_ms}});
    return 0;
  }
  std::printf("640x480, CPU ms a frame     camera   single picture\n");
  std::printf("  radiometric              %8.2f %16.2f\n", r.radiometric_ms, r.radiometric_still_ms);
  std::printf("  pseudo-colour            %8.2f %16.2f\n", r.palette_ms, r.palette_still_ms);
  return 0;
}

}  // namespace lynceus::tools
