#include "pipeline/host/crash_note.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <mutex>
#include <set>
#include <sstream>
#include <system_error>
#include <utility>
#include <vector>

#include "base/log.h"

// The file is text, a line each:
//   configuration 1f2e3d…         of which the counts below are
//   crashes 2 lobby people        in a row
//   died 11                       appended by the handler, with the signal
//   in lobby people               …and who ran

namespace lynceus::host {
namespace {

constexpr std::array kFatal{SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
constexpr std::size_t kMostBytes = std::size_t{1} << 20;
constexpr std::size_t kStackBytes = 16384;

// What the handler sees. It may run at any point of any thread and so takes no lock and no memory.
std::atomic<int> note_fd{-1};
std::atomic<CrashNote::Entry*> first_entry{nullptr};
std::atomic<bool> died{false};
thread_local CrashNote::Entry* current_entry = nullptr;

/// A thread that overran its stack has none left to run the handler on.
struct HandlerStack {
  HandlerStack() {
    stack_t before{};
    if (sigaltstack(nullptr, &before) != 0 || (before.ss_flags & SS_DISABLE) == 0) return;
    stack_t own{};
    own.ss_sp = bytes.data();
    own.ss_size = bytes.size();
    set = sigaltstack(&own, nullptr) == 0;
  }
  ~HandlerStack() {
    if (!set) return;
    stack_t none{};
    none.ss_flags = SS_DISABLE;
    sigaltstack(&none, nullptr);
  }
  HandlerStack(const HandlerStack&) = delete;
  HandlerStack& operator=(const HandlerStack&) = delete;

  std::vector<char> bytes = std::vector<char>(kStackBytes);
  bool set = false;
};

struct Count {
  int crashes = 0;
  std::string camera, plugin;
};

/// What the file says, with the crash at its end (if there was one) counted in.
struct Past {
  std::uint64_t configuration = 0;
  std::vector<Count> counts;
  int signal = 0;  ///< the process before died of; 0: it did not crash
};

int& count_of(Past& past, const std::string& camera, const std::string& plugin) {
  for (Count& count : past.counts) {
    if (count.camera == camera && count.plugin == plugin) return count.crashes;
  }
  past.counts.push_back({0, camera, plugin});
  return past.counts.back().crashes;
}

Past parse(const std::string& text) {
  Past past;
  std::set<std::pair<std::string, std::string>> named;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string word, camera, plugin;
    int number = 0;
    words >> word;
    if (word == "configuration") words >> std::hex >> past.configuration;
    if (word == "crashes" && words >> number >> camera >> plugin) count_of(past, camera, plugin) = number;
    if (word == "died") words >> past.signal;
    if (word == "in" && words >> camera >> plugin) named.emplace(camera, plugin);
  }
  if (past.signal == 0) return past;
  for (const auto& [camera, plugin] : named) ++count_of(past, camera, plugin);
  for (Count& count : past.counts) {
    const bool again = named.count({count.camera, count.plugin}) > 0;
    if (!again && count.crashes < CrashNote::kCrashesInARow) count.crashes = 0;  // not in a row
  }
  return past;
}

std::string read(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(in)), {});
  return text.size() > kMostBytes ? std::string{} : text;
}

void write_text(int fd, const char* text, std::size_t size) {
  while (size > 0) {
    const ssize_t done = ::write(fd, text, size);
    if (done <= 0) return;
    text += done;
    size -= static_cast<std::size_t>(done);
  }
}

}  // namespace

struct CrashNote::Impl {
  std::string file;
  Past past;
  std::mutex mutex;
  std::vector<std::unique_ptr<Entry>> entries;  // guarded by mutex; reached by the handler through first_entry
  std::array<struct sigaction, kFatal.size()> before{};

  static void on_fatal(int signal);
  void watch();
  void rewrite(bool clean);
};

/// Only what may be called in a handler. The first thread to crash writes; the others would tell of the consequences.
void CrashNote::Impl::on_fatal(int signal) {
  const int fd = note_fd.load();
  if (fd >= 0 && !died.exchange(true)) {
    std::array<char, 8> line{
        'd', 'i', 'e', 'd', ' ', static_cast<char>('0' + signal / 10), static_cast<char>('0' + signal % 10), '\n'};
    write_text(fd, line.data(), line.size());
    if (Entry* const own = current_entry) {
      write_text(fd, own->line_.data(), own->line_.size());
    } else {
      for (Entry* entry = first_entry.load(); entry != nullptr; entry = entry->next_) {
        if (entry->calls_.load() > 0) write_text(fd, entry->line_.data(), entry->line_.size());
      }
    }
  }
  ::raise(signal);  // its own action is back by SA_RESETHAND; it comes once this handler returns
}

void CrashNote::Impl::watch() {
  note_fd = ::open(file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (note_fd < 0) {
    log::warning("plugins", "crashes cannot be noted",
                 {{"file", file}, {"why", std::generic_category().message(errno)}});
  }
  struct sigaction action {};
  action.sa_handler = &Impl::on_fatal;
  action.sa_flags = static_cast<int>(SA_RESETHAND | SA_ONSTACK);
  for (std::size_t i = 0; i < kFatal.size(); ++i) sigaction(kFatal[i], &action, &before[i]);
}

/// Whole or not at all.
void CrashNote::Impl::rewrite(bool clean) {
  const std::string draft = file + ".new";
  {
    std::ofstream out(draft, std::ios::trunc);
    out << "configuration " << std::hex << past.configuration << std::dec << "\n";
    for (const Count& count : past.counts) {
      const bool keep = count.crashes >= (clean ? kCrashesInARow : 1);
      if (keep) out << "crashes " << count.crashes << " " << count.camera << " " << count.plugin << "\n";
    }
    if (!out.flush()) return log::warning("plugins", "crashes cannot be noted", {{"file", draft}});
  }
  if (std::rename(draft.c_str(), file.c_str()) != 0) {
    log::warning("plugins", "crashes cannot be noted",
                 {{"file", file}, {"why", std::generic_category().message(errno)}});
  }
}

CrashNote::CrashNote(std::string file) : impl_(std::make_unique<Impl>()) {
  impl_->file = std::move(file);
  impl_->past = parse(read(impl_->file));
  if (impl_->past.signal != 0) {
    log::error("plugins", "the daemon crashed when it ran last", {{"signal", impl_->past.signal}});
  }
  impl_->rewrite(false);
  died = false;
  impl_->watch();
}

CrashNote::~CrashNote() {
  for (std::size_t i = 0; i < kFatal.size(); ++i) sigaction(kFatal[i], &impl_->before[i], nullptr);
  first_entry = nullptr;
  if (const int fd = note_fd.exchange(-1); fd >= 0) ::close(fd);
  struct stat info {};
  const bool removed = ::stat(impl_->file.c_str(), &info) != 0;
  if (!removed) impl_->rewrite(true);
}

void CrashNote::configured(std::uint64_t fingerprint) {
  if (impl_->past.configuration == fingerprint) return;
  impl_->past.configuration = fingerprint;
  std::lock_guard lock(impl_->mutex);
  impl_->past.counts.clear();
  for (const auto& entry : impl_->entries) entry->crashes_ = 0;
  const int old = note_fd.exchange(-1);
  if (old >= 0) ::close(old);
  impl_->rewrite(false);
  note_fd = ::open(impl_->file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
}

CrashNote::Entry& CrashNote::entry(const std::string& camera, const std::string& plugin) {
  std::lock_guard lock(impl_->mutex);
  for (const auto& known : impl_->entries) {
    if (known->camera_ == camera && known->plugin_ == plugin) return *known;
  }
  auto made = std::make_unique<Entry>();
  made->camera_ = camera;
  made->plugin_ = plugin;
  made->line_ = "in " + camera + " " + plugin + "\n";
  for (const Count& count : impl_->past.counts) {
    if (count.camera == camera && count.plugin == plugin) made->crashes_ = count.crashes;
  }
  made->next_ = first_entry.load();
  first_entry = made.get();
  impl_->entries.push_back(std::move(made));
  return *impl_->entries.back();
}

CrashNote::Call::Call(Entry* entry) : entry_(entry), before_(current_entry) {
  if (entry_ == nullptr) return;
  thread_local HandlerStack stack;
  ++entry_->calls_;
  current_entry = entry_;
}

CrashNote::Call::~Call() {
  if (entry_ == nullptr) return;
  current_entry = before_;
  --entry_->calls_;
}

}  // namespace lynceus::host
