// An engine without networks: output = input + 1, under the test's control.
//
// The test can hold runs at a gate, make a run throw, or make batches lie as OpenCV 4.6 does. The record of what ran is
// shared by all nets. Thread: any.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "pipeline/infer/engine.h"

namespace lynceus::test {

/// What a test sets and reads; shared by the engine, its nets and the test.
class FakeEngineControl {
 public:
  void hold() { set([this] { held_ = true; }); }
  void release() { set([this] { held_ = false; }); }
  /// The next run of at least this batch throws.
  void throw_in_runs(std::string what, int least_batch = 1) {
    set([&] {
      thrown_ = std::move(what);
      least_batch_ = least_batch;
    });
  }
  /// Waits until this many runs have begun.
  void wait_for_runs(std::size_t count);
  /// Batch sizes of the runs begun so far.
  std::vector<int> runs() const;
  std::vector<int> loads() const;

  // Set before load.
  std::string name = "fake";
  std::vector<infer::Backend> backends{infer::Backend::cpu};
  std::vector<std::vector<int>> shapes{{2}};
  std::string load_error;
  bool batches_lie = false;

  // Called by the engine.
  void loaded(int batch) { set([&] { loads_.push_back(batch); }); }
  void enter_run(int batch);

 private:
  template <class Change>
  void set(Change change) {
    {
      std::lock_guard lock(mutex_);
      change();
    }
    changed_.notify_all();
  }

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool held_ = false;         // guarded by mutex_
  std::string thrown_;        // guarded by mutex_
  int least_batch_ = 1;       // guarded by mutex_
  std::vector<int> runs_;     // guarded by mutex_
  std::vector<int> loads_;    // guarded by mutex_
};

using FakeControlPtr = std::shared_ptr<FakeEngineControl>;

std::unique_ptr<infer::Engine> make_fake_engine(FakeControlPtr control);

/// 1×2, both of this value.
cv::Mat two(float value);

}  // namespace lynceus::test
