// What a crash leaves behind and what the next start makes of it; the crashes are those of child processes.
#include "pipeline/host/crash_note.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <thread>

#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"
#include "tests/unit/host/captured_log.h"

namespace lynceus::host {
namespace {

using test::CapturedLog;
using test::TempFolder;

/// Runs it in a child; how the child ended: the signal, 0 when it returned.
int in_child(const std::function<void()>& work) {
  const pid_t child = ::fork();
  if (child == 0) {
    const rlimit no_core{0, 0};
    ::setrlimit(RLIMIT_CORE, &no_core);
    work();
    ::_exit(0);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

/// A daemon whose plugin people of the lobby dies of the signal; another is under call in another thread.
int crash(const std::string& file, int signal, const char* plugin = "people") {
  return in_child([&] {
    CrashNote note(file);
    note.configured(7);
    CrashNote::Call other(&note.entry("yard", "health"));
    CrashNote::Call call(&note.entry("lobby", plugin));
    ::raise(signal);
  });
}

bool disabled(const std::string& file, const std::string& camera, const std::string& plugin,
              std::uint64_t fingerprint = 7) {
  CrashNote note(file);
  note.configured(fingerprint);
  return note.entry(camera, plugin).disabled();
}

std::string text(const std::string& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("three crashes in a row disable the plugin that crashed, and no other") {
  const CapturedLog log;
  const TempFolder folder;
  const std::string file = folder / "plugin-crashes";
  for (int i = 1; i <= 3; ++i) {
    REQUIRE(crash(file, SIGSEGV) == SIGSEGV);
    REQUIRE(text(file).find("died 11\nin lobby people\n") != std::string::npos);
    REQUIRE(text(file).find("in yard") == std::string::npos);
  }
  REQUIRE(disabled(file, "lobby", "people"));
  REQUIRE(log.count("the daemon crashed when it ran last signal=11") == 1);
  REQUIRE_FALSE(disabled(file, "yard", "people"));
  REQUIRE_FALSE(disabled(file, "yard", "health"));
  REQUIRE(disabled(file, "lobby", "people"));  // also after clean ends

  REQUIRE_FALSE(disabled(file, "lobby", "people", 8));  // another configuration
  REQUIRE_FALSE(disabled(file, "lobby", "people", 7));  // and that is remembered
}

TEST_CASE("two crashes, a clean end, two crashes: not in a row; nor when others crash between") {
  const CapturedLog log;
  const TempFolder folder;
  const std::string file = folder / "plugin-crashes";
  for (int i = 0; i < 2; ++i) REQUIRE(crash(file, SIGABRT) == SIGABRT);
  REQUIRE_FALSE(disabled(file, "lobby", "people"));
  for (int i = 0; i < 2; ++i) REQUIRE(crash(file, SIGBUS) == SIGBUS);
  REQUIRE(crash(file, SIGFPE, "scene") == SIGFPE);
  REQUIRE(crash(file, SIGILL) == SIGILL);
  REQUIRE_FALSE(disabled(file, "lobby", "people"));
}

TEST_CASE("a crash outside any plugin blames those under call; a kill blames nobody") {
  const CapturedLog log;
  const TempFolder folder;
  const std::string file = folder / "plugin-crashes";
  const auto die_elsewhere = [&](int signal) {
    return in_child([&] {
      CrashNote note(file);
      note.configured(7);
      std::atomic<bool> inside{false};
      note.entry("yard", "idle");
      std::thread worker([&] {
        const CrashNote::Call call(&note.entry("lobby", "people"));
        inside = true;
        inside.notify_all();
        ::pause();
      });
      inside.wait(false);
      ::kill(::getpid(), signal);
      worker.join();
    });
  };
  for (int i = 0; i < 2; ++i) REQUIRE(die_elsewhere(SIGABRT) == SIGABRT);
  for (int i = 0; i < 5; ++i) REQUIRE(die_elsewhere(SIGKILL) == SIGKILL);
  REQUIRE(text(file).find("crashes 2 lobby people") != std::string::npos);
  REQUIRE(die_elsewhere(SIGABRT) == SIGABRT);
  REQUIRE(disabled(file, "lobby", "people"));
  REQUIRE_FALSE(disabled(file, "yard", "idle"));
}

TEST_CASE("removing the file lifts it; garbage in it is no trouble; no folder costs the note only") {
  const CapturedLog log;
  const TempFolder folder;
  const std::string file = folder / "plugin-crashes";
  for (int i = 0; i < 3; ++i) REQUIRE(crash(file, SIGSEGV) == SIGSEGV);
  REQUIRE(disabled(file, "lobby", "people"));
  std::filesystem::remove(file);
  REQUIRE_FALSE(disabled(file, "lobby", "people"));

  std::ofstream(file) << "crashes x\ncrashes 99999999999999 a b\ndied\nin\n"
                      << std::string(5000, '\xff') << "\nconfiguration zz\n";
  REQUIRE_FALSE(disabled(file, "lobby", "people"));
  std::ofstream(file) << std::string(std::size_t{2} << 20, 'x');
  REQUIRE_FALSE(disabled(file, "lobby", "people"));

  REQUIRE(crash(folder / "nowhere/plugin-crashes", SIGSEGV) == SIGSEGV);
  REQUIRE_FALSE(disabled(folder / "nowhere/plugin-crashes", "lobby", "people"));
  REQUIRE(log.count("crashes cannot be noted") > 0);
}

}  // namespace lynceus::host
