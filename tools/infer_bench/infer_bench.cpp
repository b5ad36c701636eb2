#include "tools/infer_bench/infer_bench.h"

#include <algorithm>
#include <cstdio>
#include <exception>
#include <memory>
#include <nlohmann/json.hpp>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/log.h"
#include "pipeline/infer/engine.h"
#include "tools/command/arguments.h"
#include "tools/command/json_lines.h"
#include "tools/command/places.h"
#include "tools/infer_bench/input_bench.h"
#include "tools/infer_bench/load.h"
#include "tools/infer_bench/measure.h"

namespace lynceus::tools {
namespace {

using infer::Backend;

constexpr int kBatches[] = {1, 4, 16, 32};
constexpr int kPictures = 8;

const Usage kUsage{
    "bench inference",
    "",
    "Every network that is here on every back end that is here, at batches of 1, 4, 16 and 32: time of a run, pictures "
    "a\n"
    "second, and the boxes beside those of one picture at a time on the CPU. One core for what runs on the CPU.",
    {{"--models", "DIR", "folder of networks with manifest.json (beside the program, else the installed one)"},
     {"--model", "NAME", "this network alone; may be repeated"},
     {"--device", "N", "which CUDA device (0)"},
     {"--seconds", "S", "for each figure (1; with --load 20)"},
     {"--inputs", "", "instead: what making an input of a decoded picture takes, in many steps and in one pass"},
     {"--load", "N", "instead: N cameras of 1280x720 in memory, the time from picture to boxes"},
     {"--fps", "F", "of each of these cameras (5)"},
     {"--backend", "NAME", "what runs these: auto, cpu, opencl, cuda, cuda_fp16 (auto)"},
     {"--json", "", "one JSON object a line"}},
    "lynceus bench inference --model people --seconds 0.5",
    0,
    0};

void print_row(const BenchRow& row, bool json) {
  if (json) {
    print_line(Json{{"model", row.model},
                    {"engine", row.engine},
                    {"backend", row.backend},
                    {"batch", row.batch},
                    {"ms", row.ms},
                    {"cpu_ms", row.cpu_ms},
                    {"frames_per_s", row.frames_per_s},
                    {"boxes", row.boxes},
                    {"least_iou", row.least_iou},
                    {"largest_score_difference", row.most_apart},
                    {"largest_difference", row.difference},
                    {"refused", row.refused}});
    return;
  }
  std::printf("%-24s %-12s %-10s %3d", row.model.c_str(), row.engine.c_str(), row.backend.c_str(), row.batch);
  if (!row.refused.empty()) return static_cast<void>(std::printf("  -  %s\n", row.refused.c_str()));
  std::printf(" %9.2f %9.2f %9.1f %5d %7.4f %7.4f %9.2g\n", row.ms, row.cpu_ms, row.frames_per_s, row.boxes,
              row.least_iou, row.most_apart, row.difference);
}

void print_absent(const infer::Engine& engine, Backend backend, bool json) {
  const std::string why = engine.why_not(backend);
  if (why.empty()) return;
  const char* device = backend == Backend::opencl ? "no OpenCL device" : "no CUDA device";
  if (json) return print_line(Json{{"backend", name(backend)}, {"skipped", device}, {"reason", why}});
  std::printf("%s: skipped: %s (%s)\n", name(backend), device, why.c_str());
}

void measure_model(const BenchModel& model, const std::vector<std::unique_ptr<infer::Engine>>& engines, double seconds,
                   bool json) {
  const std::vector<cv::Mat> inputs = model.inputs(kPictures);
  std::vector<infer::Tensors> reference;
  try {
    // OpenCV's CPU path is what the others are held to.
    reference = reference_of(*engines.back()->load(model.file, Backend::cpu, 1), inputs);
  } catch (const std::exception& error) {
    BenchRow row;
    row.model = model.name;
    row.engine = engines.back()->name();
    row.backend = name(Backend::cpu);
    row.refused = error.what();
    return print_row(row, json);
  }
  for (const auto& engine : engines) {
    for (const Backend backend : engine->backends()) {
      for (const int batch : kBatches)
        print_row(measure(*engine, backend, batch, model, inputs, reference, seconds), json);
    }
  }
}

void measure_inputs(const BenchModel& model, double seconds, bool json) {
  for (const cv::Size size : {cv::Size(1280, 720), cv::Size(1920, 1080)}) {
    const InputRow row = compare_inputs(model, size, seconds);
    if (json) {
      print_line(Json{{"model", row.model},
                      {"width", size.width},
                      {"height", size.height},
                      {"steps_ms", row.steps_ms},
                      {"pass_ms", row.pass_ms},
                      {"ratio", row.steps_ms / row.pass_ms},
                      {"mean_levels", row.mean_levels},
                      {"most_levels", row.most_levels},
                      {"boxes", row.boxes},
                      {"least_iou", row.least_iou},
                      {"largest_score_difference", row.most_apart}});
      continue;
    }
    std::printf("%-24s %4dx%-4d %9.2f %9.2f %6.1f %7.2f %7.2f %5d %7.4f %7.4f\n", row.model.c_str(), size.width,
                size.height, row.steps_ms, row.pass_ms, row.steps_ms / row.pass_ms, row.mean_levels, row.most_levels,
                row.boxes, row.least_iou, row.most_apart);
  }
}

Backend backend_of(const std::string& name) {
  for (const Backend backend : {Backend::automatic, Backend::cpu, Backend::opencl, Backend::cuda, Backend::cuda_fp16}) {
    if (name == infer::name(backend)) return backend;
  }
  throw Error(Exit::usage, "bench", "--backend " + name, "known: auto, cpu, opencl, cuda, cuda_fp16");
}

void measure_load(const BenchModel& model, const Arguments& args, int device, bool json) {
  LoadSettings settings;
  settings.inference.backend = backend_of(args.text("--backend").value_or("auto"));
  settings.inference.device = device;
  settings.cameras = static_cast<int>(args.number("--load", settings.cameras, 1, 1000));
  settings.fps = args.number("--fps", settings.fps, 0.1, 100);
  settings.seconds = args.number("--seconds", settings.seconds, 1, 3600);
  const LoadResult r = run_load(model, settings);
  if (json) {
    return print_line(Json{{"model", model.name},
                           {"engine", r.engine},
                           {"backend", r.backend},
                           {"cameras", settings.cameras},
                           {"fps", settings.fps},
                           {"due", r.due},
                           {"answered", r.answered},
                           {"least_answered", r.least_answered},
                           {"boxes", r.boxes},
                           {"median_ms", r.median_ms},
                           {"p99_ms", r.p99_ms},
                           {"batch", r.batch}});
  }
  std::printf(
      "%s on %s (%s): %d cameras at %g pictures/s: %zu of %zu answered (%zu by the last), %.1f a run, "
      "from picture to boxes median %.1f ms, p99 %.1f ms\n",
      model.name.c_str(), r.backend.c_str(), r.engine.c_str(), settings.cameras, settings.fps, r.answered, r.due,
      r.least_answered, r.batch, r.median_ms, r.p99_ms);
}

/// Those asked for; all when none is.
std::vector<BenchModel> wanted_models(const Arguments& args) {
  const auto names = args.all("--model");
  std::vector<BenchModel> models = models_here(model_folders(args.text("--models").value_or("")));
  std::erase_if(models, [&](const BenchModel& model) {
    return !names.empty() && std::find(names.begin(), names.end(), model.name) == names.end();
  });
  if (models.empty()) throw Error(Exit::unreadable, "bench", "inference", "none of these networks is here");
  return models;
}

void print_header() {
  std::printf("%-24s %-12s %-10s %3s %9s %9s %9s %5s %7s %7s %9s\n", "network", "engine", "back end", "n", "ms",
              "cpu ms", "pictures/s", "boxes", "IoU", "score", "outputs");
}

}  // namespace

int run_infer_bench(std::span<const std::string> given) {
  const Arguments args(kUsage, given);
  if (args.help()) return 0;
  log::capture([](std::string_view) {});
  const int device = static_cast<int>(args.number("--device", 0, 0, 63));
  const bool json = args.has("--json");
  const auto models = wanted_models(args);
  if (args.has("--load")) {
    for (const BenchModel& model : models) measure_load(model, args, device, json);
    return 0;
  }
  cv::setNumThreads(1);
  if (args.has("--inputs")) {
    if (!json) {
      std::printf("%-24s %9s %9s %9s %6s %7s %7s %5s %7s %7s\n", "network", "picture", "steps ms", "pass ms", "ratio",
                  "levels", "most", "boxes", "IoU", "score");
    }
    for (const BenchModel& model : models) measure_inputs(model, args.number("--seconds", 1, 0.01, 60), json);
    return 0;
  }
  if (!json) print_header();
  const auto engines = infer::make_engines(device);
  for (const Backend backend : {Backend::opencl, Backend::cuda, Backend::cuda_fp16})
    print_absent(*engines.back(), backend, json);
  const double seconds = args.number("--seconds", 1, 0.01, 60);
  for (const BenchModel& model : models) measure_model(model, engines, seconds, json);
  return 0;
}

}  // namespace lynceus::tools
