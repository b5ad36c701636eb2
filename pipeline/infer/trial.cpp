#include "pipeline/infer/trial.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <limits>
#include <utility>

#include "base/log.h"
#include "pipeline/infer/model_loader.h"

namespace lynceus::infer {
namespace {

constexpr int kRuns = 3;

double seconds_of(Net& net, const Tensors& inputs, Clock& clock) {
  net.run(inputs);  // the first run still fetches memory and picks algorithms
  double least = std::numeric_limits<double>::infinity();
  for (int i = 0; i < kRuns; ++i) {
    const MonoTime start = clock.now();
    net.run(inputs);
    least = std::min(least, std::chrono::duration<double>(clock.now() - start).count());
  }
  return least;
}

/// The largest difference of any part of a batch of the same input.
double apart(const Tensors& reference, const Tensors& together, int size) {
  double largest = 0;
  for (int i = 0; i < size; ++i) largest = std::max(largest, difference(reference, part(together, i, size)));
  return largest;
}

class Judge {
 public:
  Judge(const Tensors& input, bool cpu_competes, Clock& clock, std::stop_token stop)
      : input_(input), cpu_competes_(cpu_competes), clock_(clock), stop_(std::move(stop)) {}

  /// The first set is what the others are compared with.
  void measure(std::shared_ptr<NetSet> set) {
    const bool first = reference_.empty();
    if (first) reference_ = set->single().run(input_);
    double best = std::numeric_limits<double>::infinity();
    bool agrees = true;
    for (SizedNet& sized : set->nets) {
      if (stop_.stop_requested()) return;
      const TrialRow row = row_of(*set, sized);
      agrees = agrees && row.refused.empty();
      best = std::min(best, row.seconds / sized.size);
      trial_.rows.push_back(row);
    }
    if (first && !cpu_competes_) return;
    if (agrees && best < fastest_) {
      fastest_ = best;
      trial_.best = first ? nullptr : std::move(set);
    }
  }

  void refused(const Engine& engine, Backend backend, const std::string& why) {
    trial_.failed = true;
    TrialRow row;
    row.engine = engine.name();
    row.backend = name(backend);
    row.refused = why;
    trial_.rows.push_back(std::move(row));
  }

  Trial take() { return std::move(trial_); }

 private:
  TrialRow row_of(const NetSet& set, SizedNet& sized) {
    const Tensors inputs =
        stack(std::vector<const Tensors*>(static_cast<std::size_t>(sized.size), &input_), sized.size);
    TrialRow row{set.engine, name(set.backend), sized.size, seconds_of(*sized.net, inputs, clock_), 0, {}};
    sized.seconds = row.seconds;
    row.difference = apart(reference_, sized.net->run(inputs), sized.size);
    if (!(row.difference <= tolerance_of(set.backend))) row.refused = "its outputs differ from the CPU's";
    return row;
  }

  const Tensors& input_;
  const bool cpu_competes_;
  Clock& clock_;
  const std::stop_token stop_;
  Tensors reference_;
  double fastest_ = std::numeric_limits<double>::infinity();
  Trial trial_;
};

}  // namespace

double tolerance_of(Backend backend) {
  switch (backend) {
    case Backend::cuda_fp16:
      return 6e-2;
    case Backend::cuda:
    case Backend::opencl:
      return 2e-2;
    default:
      return 1e-3;
  }
}

Trial try_back_ends(const ModelLoader& loader, const sdk::ModelFile& file, const Tensors& input, Clock& clock,
                    std::stop_token stop) {
  Judge judge(input, loader.wanted() == Backend::automatic, clock, stop);
  judge.measure(std::make_shared<NetSet>(loader.load_home(file)));
  for (const auto& [engine, backend] : loader.candidates()) {
    if (stop.stop_requested()) break;
    try {
      judge.measure(std::make_shared<NetSet>(loader.load_on(*engine, file, backend)));
    } catch (const std::exception& error) {
      judge.refused(*engine, backend, error.what());
    }
  }
  return judge.take();
}

}  // namespace lynceus::infer
