#include "tools/infer_bench/load.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <exception>
#include <stop_token>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/error.h"

namespace lynceus::tools {
namespace {

using std::chrono::duration;

/// What one camera saw; its own thread's until it is joined.
struct Seen {
  std::size_t due = 0, boxes = 0;
  std::vector<double> times_ms;
};

MonoTime::duration span_of(double seconds) {
  return std::chrono::duration_cast<MonoTime::duration>(duration<double>(seconds));
}

/// Something that `auto` will try.
bool any_device(int device) {
  for (const auto& engine : infer::make_engines(device)) {
    for (const infer::Backend backend : engine->backends()) {
      if (backend != infer::Backend::cpu && engine->worth_trying(backend)) return true;
    }
  }
  return false;
}

class Load {
 public:
  Load(const BenchModel& model, const LoadSettings& settings)
      : model_(model),
        settings_(settings),
        pictures_(model.pictures(8)),
        has_choice_(settings.inference.backend == infer::Backend::automatic && any_device(settings.inference.device)),
        runner_(settings.inference, infer::make_engines(settings.inference.device), system_clock()),
        id_(runner_.load(model.file)) {}

  LoadResult run() {
    settle();
    const infer::ModelStats before = runner_.stats().at(0);
    std::vector<Seen> all(static_cast<std::size_t>(settings_.cameras));
    const MonoTime start = system_clock().now();
    {
      std::vector<std::jthread> cameras;
      for (std::size_t i = 0; i < all.size(); ++i) {
        cameras.emplace_back([this, i, start, &seen = all[i]](std::stop_token stop) { camera(i, start, stop, seen); });
      }
      for (std::jthread& camera : cameras) camera.join();
    }
    return sum(all, before);
  }

 private:
  /// With `auto`: until its back ends are measured, or there is nothing to measure.
  void settle() {
    constexpr double kPatience = 60;
    const MonoTime give_up = system_clock().now() + span_of(kPatience);
    do {
      look(0);
      if (!has_choice_ || !runner_.stats().at(0).trials.empty()) break;
      system_clock().sleep_until({}, system_clock().now() + std::chrono::milliseconds{50});
    } while (system_clock().now() < give_up);
  }

  std::size_t look(std::size_t picture) {
    return model_.boxes(runner_.infer(id_, {model_.tensor(pictures_[picture % pictures_.size()])}, {})).size();
  }

  /// Cameras are out of step, as real ones are. One that is late leaves out what it cannot make up for.
  void camera(std::size_t index, MonoTime start, std::stop_token stop, Seen& seen) {
    const auto period = span_of(1 / settings_.fps);
    const MonoTime end = start + span_of(settings_.seconds);
    MonoTime due = start + period * static_cast<int>(index) / settings_.cameras;
    for (; due < end && !stop.stop_requested(); due += period) {
      ++seen.due;
      if (system_clock().now() > due + period) continue;
      system_clock().sleep_until(stop, due);
      try {
        seen.boxes += look(index + seen.due);
        seen.times_ms.push_back(duration<double, std::milli>(system_clock().now() - due).count());
      } catch (const std::exception&) {
        continue;  // due, and not answered
      }
    }
  }

  LoadResult sum(const std::vector<Seen>& all, const infer::ModelStats& before) const {
    const infer::ModelStats after = runner_.stats().at(0);
    LoadResult result;
    result.engine = after.engine;
    result.backend = after.backend;
    result.batch = static_cast<double>(after.requests - before.requests) /
                   static_cast<double>(std::max<std::uint64_t>(1, after.runs - before.runs));
    std::vector<double> times;
    result.least_answered = all.front().times_ms.size();
    for (const Seen& seen : all) {
      result.due += seen.due;
      result.boxes += seen.boxes;
      result.answered += seen.times_ms.size();
      result.least_answered = std::min(result.least_answered, seen.times_ms.size());
      times.insert(times.end(), seen.times_ms.begin(), seen.times_ms.end());
    }
    if (times.empty()) throw Error(Exit::fatal, "bench", model_.name, "no picture was answered");
    std::sort(times.begin(), times.end());
    result.median_ms = times[times.size() / 2];
    result.p99_ms = times[std::min(times.size() - 1, times.size() * 99 / 100)];
    return result;
  }

  const BenchModel& model_;
  const LoadSettings settings_;
  const std::vector<cv::Mat> pictures_;
  const bool has_choice_;
  infer::ModelRunner runner_;
  const sdk::Inference::Model id_;
};

}  // namespace

LoadResult run_load(const BenchModel& model, const LoadSettings& settings) { return Load(model, settings).run(); }

}  // namespace lynceus::tools
