// An engine without networks: output = input + 1, under the test's control.
//
// The test can hold runs at a gate, make a run throw, make batches lie as OpenCV 4.6 does, and give each back end a
// speed (in virtual time), an error, memory, or a failure. The record of what ran is shared by all nets. Thread: any.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "pipeline/infer/engine.h"
#include "tests/support/fake_clock.h"

namespace lynceus::test {

/// What a test sets and reads; shared by the engine, its nets and the test.
class FakeEngineControl {
 public:
  void hold() {
    set([this] { held_ = true; });
  }
  void release() {
    set([this] { held_ = false; });
  }
  /// Loads of at least this batch on devices wait until this is less strict; 0: none does.
  void hold_loads(int least_batch) {
    set([&] { held_loads_ = least_batch; });
  }
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
  std::string missing;                                       ///< why a back end is not there
  std::map<infer::Backend, float> wrong;                     ///< how much its answers are off
  std::map<infer::Backend, std::chrono::nanoseconds> takes;  ///< a run, whatever the batch; turns `clock`
  FakeClock* clock = nullptr;
  std::int64_t memory = -1;     ///< free on devices before anything is loaded
  std::int64_t net_memory = 0;  ///< what each net takes of it

  /// From now on loads and runs there fail; empty: no more.
  void break_device(infer::Backend backend, std::string why) {
    set([&] { broken_[backend] = std::move(why); });
  }
  /// Waits until so many loads were tried there.
  void wait_for_loads(infer::Backend backend, int count);
  int loads_on(infer::Backend backend) const;

  // Called by the engine.
  void enter_load(infer::Backend backend, int batch);
  void enter_run(infer::Backend backend, int batch);
  void unload(infer::Backend backend) {
    set([&] { nets_ -= backend == infer::Backend::cpu ? 0 : 1; });
  }
  std::int64_t memory_left() const;

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
  bool held_ = false;                             // guarded by mutex_
  int held_loads_ = 0;                            // guarded by mutex_
  std::string thrown_;                            // guarded by mutex_
  int least_batch_ = 1;                           // guarded by mutex_
  std::vector<int> runs_;                         // guarded by mutex_
  std::vector<int> loads_;                        // guarded by mutex_
  std::map<infer::Backend, std::string> broken_;  // guarded by mutex_
  std::map<infer::Backend, int> tried_;           // guarded by mutex_
  std::int64_t nets_ = 0;                         // guarded by mutex_; on devices
};

using FakeControlPtr = std::shared_ptr<FakeEngineControl>;

std::unique_ptr<infer::Engine> make_fake_engine(FakeControlPtr control);

/// 1×2, both of this value.
cv::Mat two(float value);

}  // namespace lynceus::test
