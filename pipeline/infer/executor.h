// One model and the thread that runs it. The thread loads the networks, then serves: what waits when it comes free is
// the next batch; it never waits for more. The oldest request is always in it, so that nobody is passed over, and a
// caller has one request at a time, so that who asks often stands in line behind who asks seldom.
//
//   loading ──ok──► serving ──stop──► ended        loading ──error──► ended (ready() throws)
//
// The networks on the CPU are there all the time. While there is a device it runs everything; a batch that it fails
// runs on the CPU at once, and where that works the device is given up, so that no request is lost with it.
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
#include "pipeline/infer/batch_memory.h"
#include "pipeline/infer/model_loader.h"
#include "pipeline/infer/model_runner.h"
#include "pipeline/infer/net_set.h"

namespace lynceus::infer {

class Executor {
 public:
  struct Hooks {
    std::function<LoadedModel()> load;  ///< throws std::exception
    RunObserver observe;
    std::function<void()> recorded;  ///< there is an input worth a trial; may be null: none is kept then
    std::function<void()> lost;      ///< the device was given up, or could not be loaded
  };

  Executor(std::string model, std::size_t queue_bound, Hooks hooks, Clock& clock);
  ~Executor() { stop(); }

  void start();
  /// Waits until the model is loaded; throws what loading threw.
  void ready();
  /// Memory for one input; filled and given to infer() it lies where the batch does.
  cv::Mat input(const std::vector<int>& dims) { return memory_.slot(dims); }
  Tensors infer(Tensors inputs, std::stop_token stop);
  std::vector<int> batch_sizes() const;
  /// Of one request, without the batch; empty: the file does not tell.
  std::vector<std::vector<int>> input_shapes() const;
  ModelStats stats() const;

  /// An input that the model was asked to look at, for trials; empty: none so far.
  Tensors recorded() const;
  /// Runs there from the next batch on.
  void adopt(std::shared_ptr<NetSet> device);
  /// Another size of a set in use; false: the set is not in use any more.
  bool add(const std::weak_ptr<NetSet>& set, SizedNet net);
  /// Nothing is better than the CPU: no device is missed any more.
  void stay_home();
  /// What a trial measured, for stats().
  void tell(std::vector<TrialRow> rows);
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
  Batch next_batch(std::stop_token stop, std::shared_ptr<NetSet>& device);
  void settle_in();
  Batch take(std::size_t most);
  void serve(const Batch& batch, std::shared_ptr<NetSet> device);
  std::string run_all(const Batch& batch, NetSet& set, std::vector<Tensors>& outputs);
  void run_some(const Batch& batch, NetSet& set, std::vector<Tensors>& outputs);
  void show(const NetSet& set);
  void lie_as(const NetSet& set);
  void lose(const NetSet& device, const std::string& why);
  void record(const Tensors& inputs);
  void finish(const Batch& batch, std::vector<Tensors> outputs, const std::string& error);
  void end();
  void check(const Tensors& inputs) const;
  RequestPtr enqueue(Tensors inputs);

  const std::string model_;
  const std::size_t queue_bound_;
  const Hooks hooks_;
  Clock& clock_;
  NetSet home_;                             // the executor's thread
  BatchMemory memory_;                      // as the set in use wants it
  std::vector<int> sizes_;                  // guarded by mutex_
  std::vector<std::vector<int>> shapes_;    // constant once serving
  std::vector<std::vector<int>> accepted_;  // the same, -1 where any will do; constant once serving
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;   // a request came
  std::condition_variable_any answered_;  // loaded, or requests were answered
  State state_ = State::loading;          // guarded by mutex_
  std::exception_ptr failure_;            // guarded by mutex_
  std::deque<RequestPtr> queue_;          // guarded by mutex_
  std::shared_ptr<NetSet> device_;        // guarded by mutex_; its nets: the executor's thread
  std::vector<SizedNet> arrived_;         // guarded by mutex_; for the device's set
  Tensors recorded_;                      // guarded by mutex_
  ModelStats stats_;                      // guarded by mutex_
  std::mutex stopping_;                   // held by whoever joins
  std::jthread thread_;
};

}  // namespace lynceus::infer
