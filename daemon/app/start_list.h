// What is started in order and ended in reverse order, by name: a failing step ends those before it.
// Thread: bound to its owner.
//
//   list.step("http", [&] { http_ = …; }, [&] { http_.reset(); });
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace lynceus::daemon {

class StartList {
 public:
  using Action = std::function<void()>;

  StartList() = default;
  ~StartList() { unwind(); }
  StartList(const StartList&) = delete;
  StartList& operator=(const StartList&) = delete;

  /// Runs `start` now and remembers `end`. What `start` throws goes on to the caller.
  void step(const std::string& name, const Action& start, Action end);
  /// Ends everything, newest first. Idempotent.
  void unwind();

 private:
  struct Step {
    std::string name;
    Action end;
  };
  std::vector<Step> done_;
};

}  // namespace lynceus::daemon
