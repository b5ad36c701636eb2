// One model and the thread that runs it. The thread loads the networks (a Net is bound to it), then serves: what waits
// when it comes free is the next batch; it never waits for more.
//
//   loading ──ok──► serving ──stop──► ended        loading ──error──► ended (ready() throws)
//
// Owner: ModelRunner, and every caller inside infer(). Thread: ready(), infer(), stop() and the readers from any.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "pipeline/infer/batch.h"
#include "pipeline/infer/model_runner.h"

namespace lynceus::infer {

/// Every net of one model, by batch size, ascending; the first is of size 1.
struct LoadedModel {
  std::string engine;
  Backend backend = Backend::cpu;
  bool fallback = false;
  std::vector<std::pair<int, std::unique_ptr<Net>>> nets;
};

class Executor {
 public:
  struct Hooks {
    std::function<LoadedModel()> load;  ///< throws std::exception
    RunObserver observe;
  };

  Executor(std::string model, std::size_t queue_bound, Hooks hooks, Clock& clock);
  ~Executor() { stop(); }

  /// Waits until the model is loaded; throws what loading threw.
  void ready();
  Tensors infer(Tensors inputs, std::stop_token stop);
  std::vector<int> batch_sizes() const;
  /// Of one request, without the batch; empty: the file does not tell.
  std::vector<std::vector<int>> input_shapes() const;
  ModelStats stats() const;
  /// Fails what waits, joins. The run under way is finished.
  void stop();

 private:
  struct Request {
    Tensors inputs;
    Tensors outputs;
    std::string error;
    bool done = false;
    bool abandoned = false;
  };
  using RequestPtr = std::shared_ptr<Request>;
  using Batch = std::vector<RequestPtr>;
  enum class State { loading, serving, ended };

  void run(std::stop_token stop);
  bool load();
  Batch next_batch(std::stop_token stop);
  void serve(const Batch& batch);
  static std::vector<Tensors> run_net(const Batch& batch, Net& net, int size);
  void finish(const Batch& batch, std::vector<Tensors> outputs, const std::string& error, int size, double seconds);
  void end();
  void check(const Tensors& inputs) const;
  RequestPtr enqueue(Tensors inputs);

  const std::string model_;
  const std::size_t queue_bound_;
  const Hooks hooks_;
  Clock& clock_;
  LoadedModel loaded_;  // the executor's thread while loading; its nets ever after; the rest constant from then on
  std::vector<int> sizes_;                    // constant once serving
  std::vector<std::vector<int>> shapes_;      // constant once serving
  std::vector<std::vector<int>> accepted_;    // the same, -1 where any will do; constant once serving
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;       // a request came
  std::condition_variable_any answered_;      // loaded, or requests were answered
  State state_ = State::loading;              // guarded by mutex_
  std::exception_ptr failure_;                // guarded by mutex_
  std::deque<RequestPtr> queue_;              // guarded by mutex_
  ModelStats stats_;                          // guarded by mutex_
  std::mutex stopping_;                       // held by whoever joins
  std::jthread thread_;
};

}  // namespace lynceus::infer
