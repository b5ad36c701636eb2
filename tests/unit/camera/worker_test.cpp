#include <condition_variable>
#include <future>
#include <mutex>
#include <stdexcept>

#include "base/log.h"
#include "pipeline/camera/camera_worker.h"
#include "tests/support/catch.h"
#include "tests/support/test_frame.h"
#include "tests/unit/camera/fake_plugin.h"

namespace lynceus::camera {
namespace {

using namespace std::chrono_literals;
using test::Plugins;

class Reports final : public ReportSink {
 public:
  void on_report(const FrameReport& report) override {
    std::lock_guard lock(mutex_);
    sequences_.push_back(report.frame->sequence());
    changed_.notify_all();
  }
  std::vector<std::uint64_t> sequences() const {
    std::lock_guard lock(mutex_);
    return sequences_;
  }
  bool wait_for(std::size_t count) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, 10s, [&] { return sequences_.size() >= count; });
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::uint64_t> sequences_;  // guarded by mutex_
};

/// A door that a plugin may stand before, and the test opens.
class Door {
 public:
  void pass() {
    std::unique_lock lock(mutex_);
    inside_ = true;
    changed_.notify_all();
    changed_.wait(lock, [&] { return open_; });
  }
  void open() {
    std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }
  void wait_until_somebody_is_inside() {
    std::unique_lock lock(mutex_);
    REQUIRE(changed_.wait_for(lock, 10s, [&] { return inside_; }));
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = false, inside_ = false;  // guarded by mutex_
};

/// Fulfils the promise when the worker has let go of it, the last thing it does with a frame.
sdk::FramePtr frame_that_tells(std::promise<void>& done) {
  return {new test::TestFrame, [&done](const sdk::Frame* frame) {
            delete frame;
            done.set_value();
          }};
}

const NoDemand kNobody;

TEST_CASE("the newest frame is analysed, replaced ones are counted") {
  Plugins plugins;
  Reports reports;
  CameraWorker worker(plugins.settings, plugins.context(), kNobody, reports);
  CHECK_FALSE(worker.run_once());
  for (std::uint64_t i = 0; i < 3; ++i) worker.on_frame(test::test_frame(i, plugins.clock.now() + i * 200ms));
  CHECK(worker.run_once());
  CHECK_FALSE(worker.run_once());
  CHECK(reports.sequences() == std::vector<std::uint64_t>{2});
  CHECK(worker.stats().dropped_mailbox == 2);
  CHECK(worker.stats().frames_analyzed == 1);
}

/// One second of 25 frames; how many were analysed.
std::uint64_t analysed_of_25(Plugins& plugins, const Demand& demand) {
  Reports reports;
  CameraWorker worker(plugins.settings, plugins.context(), demand, reports);
  for (std::uint64_t i = 0; i < 25; ++i) {
    worker.on_frame(test::test_frame(i, plugins.clock.now()));
    worker.run_once();
    plugins.clock.advance(40ms);
  }
  const WorkerStats stats = worker.stats();
  CHECK(stats.frames_analyzed + stats.dropped_schedule == 25);
  return stats.frames_analyzed;
}

TEST_CASE("the worker sleeps through frames that are nobody's turn") {
  Plugins plugins;
  plugins.add(
      "slowly", [](const sdk::Input&, sdk::Observations&) {}, "500ms");
  CHECK(analysed_of_25(plugins, kNobody) == 5);
  plugins.add(
      "waiting", [](const sdk::Input&, sdk::Observations&) {}, "on_motion");
  CHECK(analysed_of_25(plugins, kNobody) == 10);
}

TEST_CASE("a camera that sees nothing move is looked at half as often, until something does") {
  Plugins plugins;
  Reports reports;
  plugins.add(
      "waiting", [](const sdk::Input&, sdk::Observations&) {}, "on_motion");
  CameraWorker worker(plugins.settings, plugins.context(), kNobody, reports);
  std::uint64_t sequence = 0, before = 0;
  const auto second = [&](bool moving) {
    for (int i = 0; i < 25; ++i, ++sequence) {
      cv::Mat picture(360, 640, CV_8UC1, cv::Scalar(80));
      if (moving) picture(cv::Rect((int(sequence) * 16) % 500, 100, 120, 160)).setTo(220);
      worker.on_frame(test::test_frame(sequence, plugins.clock.now(), picture));
      worker.run_once();
      plugins.clock.advance(40ms);
    }
    return worker.stats().frames_analyzed - std::exchange(before, worker.stats().frames_analyzed);
  };
  for (int i = 0; i < 15; ++i) second(false);
  CHECK(second(false) == 5);
  CHECK(second(true) >= 9);
  CHECK(second(true) == 10);
}

TEST_CASE("an analyzer that wants every frame gets every frame") {
  Plugins plugins;
  plugins.add("keen", [](const sdk::Input&, sdk::Observations&) {});
  CHECK(analysed_of_25(plugins, kNobody) == 25);
}

TEST_CASE("somebody who watches sees every frame") {
  struct Watcher final : Demand {
    std::vector<std::string> wanted(const std::string&) const override { return {"raw"}; }
  };
  Plugins plugins;
  CHECK(analysed_of_25(plugins, Watcher{}) == 25);
}

TEST_CASE("frames beyond the budget are skipped and counted") {
  Plugins plugins;
  Reports reports;
  plugins.add("slow", [&](const sdk::Input&, sdk::Observations&) { plugins.clock.advance(39ms); });
  CameraWorker worker(plugins.settings, plugins.context(), kNobody, reports);
  const MonoTime start = plugins.clock.now();
  for (std::uint64_t i = 0; i < 100; ++i) {
    const MonoTime captured = start + i * 40ms;
    if (captured > plugins.clock.now()) plugins.clock.advance(captured - plugins.clock.now());
    worker.on_frame(test::test_frame(i, captured));
    worker.run_once();
  }
  const WorkerStats stats = worker.stats();
  CHECK(stats.frames_analyzed + stats.dropped_load == 100);
  CHECK(stats.dropped_load > 40);
  CHECK(stats.fps_analyzed == Approx(12.5).margin(1));
}

TEST_CASE("a reconnect is told to the analyzers with the next frame") {
  Plugins plugins;
  Reports reports;
  std::vector<bool> told;
  plugins.add("eye", [&](const sdk::Input& in, sdk::Observations&) { told.push_back(in.discontinuity); });
  CameraWorker worker(plugins.settings, plugins.context(), kNobody, reports);
  for (std::uint64_t i = 0; i < 3; ++i) {
    if (i == 1) worker.on_discontinuity();
    worker.on_frame(test::test_frame(i, plugins.clock.now()));
    worker.run_once();
  }
  CHECK(told == std::vector<bool>{false, true, false});
}

TEST_CASE("errors of an analyzer show in the stats") {
  Plugins plugins;
  Reports reports;
  plugins.add("bad", [](const sdk::Input&, sdk::Observations&) { throw std::runtime_error("broken lens"); });
  CameraWorker worker(plugins.settings, plugins.context(), kNobody, reports);
  log::capture([](std::string_view) {});
  worker.on_frame(test::test_frame(0, plugins.clock.now()));
  worker.run_once();
  log::capture({});
  const WorkerStats stats = worker.stats();
  REQUIRE(stats.analyzers.size() == 1);
  CHECK(stats.analyzers[0].plugin == "bad");
  CHECK(stats.analyzers[0].errors == 1);
  CHECK(stats.analyzers[0].last_error == "broken lens");
}

TEST_CASE("the thread takes frames as they come and ends when told") {
  Plugins plugins;
  Reports reports;
  CameraWorker worker(plugins.settings, plugins.context(), kNobody, reports);
  worker.start();
  for (std::uint64_t i = 0; i < 5; ++i) {
    worker.on_frame(test::test_frame(i, plugins.clock.now() + i * 200ms));
    REQUIRE(reports.wait_for(i + 1));
  }
  CHECK(worker.stop(10s));
  CHECK(worker.stats().cpu_seconds > 0);
  CHECK_FALSE(worker.stats().stuck);
}

TEST_CASE("the camera's own stop ends the worker") {
  Plugins plugins;
  Reports reports;
  std::stop_source stop;
  ChainContext context = plugins.context();
  context.stop = stop.get_token();
  CameraWorker worker(plugins.settings, context, kNobody, reports);
  worker.start();
  stop.request_stop();
  CHECK(worker.stop(10s));
}

TEST_CASE("a plugin that does not return is seen, named and left behind") {
  Plugins plugins;
  Door door;
  std::promise<void> done;
  plugins.settings.id = "lobby";
  plugins.add("sleeper", [&](const sdk::Input&, sdk::Observations&) { door.pass(); });
  std::string line;
  {
    Reports reports;
    CameraWorker worker(plugins.settings, plugins.context(), kNobody, reports);
    worker.start();
    worker.on_frame(frame_that_tells(done));
    door.wait_until_somebody_is_inside();
    plugins.clock.advance(9s);
    CHECK_FALSE(worker.stats().stuck);
    plugins.clock.advance(2s);
    CHECK(worker.stats().stuck);
    CHECK(worker.stats().in_plugin == "sleeper");
    CHECK_FALSE(worker.stop(1ms));
    log::capture([&](std::string_view text) { line = text; });
  }  // the worker, its reports and its settings are gone; the thread is not
  log::capture({});
  CHECK(line.find("plugin=sleeper") != std::string::npos);
  door.open();
  REQUIRE(done.get_future().wait_for(10s) == std::future_status::ready);
}

TEST_CASE("the next frame becomes the reference of the plugin that was named, once, whether it is its turn or not") {
  Plugins plugins;
  Reports reports;
  std::vector<std::uint64_t> taken, others;
  plugins.add(
      "asked",
      [&](const sdk::Input& in, sdk::Observations&) {
        if (in.take_reference) taken.push_back(in.frame.sequence());
      },
      "10m");
  plugins.add("other", [&](const sdk::Input& in, sdk::Observations&) {
    if (in.take_reference) others.push_back(in.frame.sequence());
  });
  CameraWorker worker(plugins.settings, plugins.context(), kNobody, reports);
  const auto show = [&](std::uint64_t i) {
    worker.on_frame(test::test_frame(i, plugins.clock.now() + i * 100ms));
    worker.run_once();
  };
  show(0);
  worker.take_reference("asked");
  worker.take_reference("asked");
  for (std::uint64_t i = 1; i < 4; ++i) show(i);
  CHECK(taken == std::vector<std::uint64_t>{1});
  CHECK(others.empty());
}

}  // namespace
}  // namespace lynceus::camera
