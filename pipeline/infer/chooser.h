// Looks in the background for the back end a model runs best on, and brings a lost one back.
//
//   recorded() ──at once──► trial ──► settled            lost() ──5 s, doubling to 10 min──► trial ──► settled
//                             └── a back end could not be loaded or broke off ──► like lost()
//   loaded() ──at once──► the device's other batch sizes, one by one
//
// A trial's table goes to the log and to the executor, and the fastest set of nets that agrees with the CPU's is put
// into it; nobody waits for any of it. Owner: ModelRunner. Thread: any; trials run on a thread of its own, one at a
// time.
#pragma once

#include <chrono>
#include <condition_variable>
#include <list>
#include <memory>
#include <mutex>
#include <stop_token>
#include <thread>

#include "base/clock.h"
#include "pipeline/infer/executor.h"
#include "pipeline/infer/model_loader.h"

namespace lynceus::infer {

class Chooser {
 public:
  /// One model; kept while its executor lives.
  struct Model {
    std::weak_ptr<Executor> executor;
    sdk::ModelFile file;
    // Guarded by the chooser's mutex.
    std::chrono::seconds delay{0};   ///< of the next try
    MonoTime held_since{};           ///< when a back end was last put in
    bool starved = false;            ///< a try came before there was an input
    std::shared_ptr<Growth> growth;  ///< null: there is nothing to add
  };
  using ModelPtr = std::shared_ptr<Model>;

  Chooser(const ModelLoader& loader, Clock& clock);
  ~Chooser() { stop(); }

  /// The model serves, on a set that has yet to grow.
  void loaded(const ModelPtr& model, std::shared_ptr<Growth> growth);
  /// There is a recorded input: what has to be tried is tried now.
  void recorded(const ModelPtr& model);
  /// The model's device failed, or could not be loaded at first: try later.
  void lost(const ModelPtr& model);
  /// Ends after the run that is under way; joins.
  void stop();

 private:
  struct Job {
    ModelPtr model;
    MonoTime due;
  };

  void put(const ModelPtr& model, MonoTime due);
  void run(std::stop_token stop);
  ModelPtr next(std::stop_token stop);
  bool grow(const ModelPtr& model, std::stop_token stop);
  void choose(const ModelPtr& model, std::stop_token stop);
  void starve(const ModelPtr& model, const Executor& executor);

  const ModelLoader& loader_;
  Clock& clock_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::list<Job> jobs_;  // guarded by mutex_; at most one a model
  std::jthread thread_;
};

}  // namespace lynceus::infer
