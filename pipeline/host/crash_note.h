// Which plugin ran when the process crashed, kept over restarts: one that was in it at three crashes in a row is not
// called any more, until the configuration changes or the file is removed.
//
// While all is well nothing is written: a call is noted in memory, and only a fatal signal (SEGV, BUS, FPE, ILL, ABRT)
// appends to the file, by a handler that then lets the signal take its course. The thread that crashed names the
// plugin; where it was in none (a library's own thread), every plugin under call is named. SIGKILL and power loss name
// nobody. A clean end forgives what is not yet disabled.
//
// One at a time in a process. Owner: app. Thread: entry() and calls any, the rest the owner.
//
//   CrashNote note(directory + "/plugin-crashes");   note.configured(fingerprint);
//   CrashNote::Entry& entry = note.entry("lobby", "people");   if (!entry.disabled()) { CrashNote::Call call(&entry); …
//   }
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

namespace lynceus::host {

class CrashNote {
 public:
  static constexpr int kCrashesInARow = 3;

  /// One plugin of one camera. Lives as long as the note.
  class Entry {
   public:
    bool disabled() const { return crashes_.load() >= kCrashesInARow; }

   private:
    friend class CrashNote;
    std::string camera_, plugin_;
    std::string line_;  ///< what the handler writes, ready-made
    std::atomic<int> crashes_{0};
    std::atomic<int> calls_{0};  ///< under way
    Entry* next_ = nullptr;      ///< constant once published
  };

  /// Around each call into the plugin; null: nothing is noted.
  class Call {
   public:
    explicit Call(Entry* entry);
    ~Call();
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;

   private:
    Entry* const entry_;
    Entry* const before_;
  };

  /// Reads what the processes before left, and begins to watch. A file that cannot be read or written is told in the
  /// log and costs the protection, nothing else.
  explicit CrashNote(std::string file);
  ~CrashNote();  ///< a clean end
  CrashNote(const CrashNote&) = delete;
  CrashNote& operator=(const CrashNote&) = delete;

  /// With another configuration than the one noted, every plugin starts afresh.
  void configured(std::uint64_t fingerprint);
  Entry& entry(const std::string& camera, const std::string& plugin);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace lynceus::host
