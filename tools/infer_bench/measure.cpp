#include "tools/infer_bench/measure.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <ctime>
#include <exception>

#include "plugins/people/detect/suppress.h"

namespace lynceus::tools {
namespace {

using Clock = std::chrono::steady_clock;

double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

infer::Tensors batch_of(const std::vector<cv::Mat>& inputs, int size) {
  std::vector<infer::Tensors> singles;
  for (int i = 0; i < size; ++i) singles.push_back({inputs[static_cast<std::size_t>(i) % inputs.size()]});
  std::vector<const infer::Tensors*> parts;
  for (const infer::Tensors& single : singles) parts.push_back(&single);
  return infer::stack(parts, size);
}

void time_runs(infer::Net& net, const infer::Tensors& inputs, double seconds, BenchRow& row) {
  constexpr int kLeastRuns = 3;
  std::vector<double> times;
  const auto begin = Clock::now();
  const double cpu = cpu_seconds();
  while (times.size() < kLeastRuns || std::chrono::duration<double>(Clock::now() - begin).count() < seconds) {
    const auto start = Clock::now();
    net.run(inputs);
    times.push_back(std::chrono::duration<double, std::milli>(Clock::now() - start).count());
  }
  row.cpu_ms = (cpu_seconds() - cpu) * 1000 / static_cast<double>(times.size());
  std::nth_element(times.begin(), times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2), times.end());
  row.ms = times[times.size() / 2];
  row.frames_per_s = row.ms > 0 ? row.batch * 1000 / row.ms : 0;
}

void compare(const BenchModel& model, const std::vector<infer::Tensors>& reference, const infer::Tensors& together,
             BenchRow& row) {
  for (int i = 0; i < row.batch; ++i) {
    const infer::Tensors& expected = reference[static_cast<std::size_t>(i) % reference.size()];
    const infer::Tensors got = infer::part(together, i, row.batch);
    row.difference = std::max(row.difference, infer::difference(expected, got));
    if (model.family) compare_boxes(model, expected, got, row);
  }
}

}  // namespace

void compare_boxes(const BenchModel& model, const infer::Tensors& expected, const infer::Tensors& got, BenchRow& row) {
  const auto here = model.boxes(got);
  for (const people::Detection& box : model.boxes(expected)) {
    if (box.score < model.family->operating_point) continue;
    const auto best = std::max_element(here.begin(), here.end(), [&](const auto& a, const auto& b) {
      return people::overlap(box.box, a.box) < people::overlap(box.box, b.box);
    });
    ++row.boxes;
    row.least_iou = std::min(row.least_iou, best == here.end() ? 0.0 : people::overlap(box.box, best->box));
    row.most_apart = std::max(row.most_apart, best == here.end() ? 1.0 : std::abs(box.score - best->score));
  }
}

std::vector<infer::Tensors> reference_of(infer::Net& net, const std::vector<cv::Mat>& inputs) {
  std::vector<infer::Tensors> all;
  for (const cv::Mat& input : inputs) all.push_back(net.run({input}));
  return all;
}

BenchRow measure(infer::Engine& engine, infer::Backend backend, int batch, const BenchModel& model,
                 const std::vector<cv::Mat>& inputs, const std::vector<infer::Tensors>& reference, double seconds) {
  BenchRow row;
  row.model = model.name;
  row.engine = engine.name();
  row.backend = name(backend);
  row.batch = batch;
  try {
    const auto net = engine.load(model.file, backend, batch);
    const infer::Tensors together = batch_of(inputs, batch);
    compare(model, reference, net->run(together), row);
    time_runs(*net, together, seconds, row);
  } catch (const std::exception& error) {
    row.refused = error.what();
  }
  return row;
}

}  // namespace lynceus::tools
