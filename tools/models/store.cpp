#include "tools/models/store.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <optional>
#include <span>

#include "base/error.h"
#include "base/fd.h"
#include "config/url.h"
#include "pipeline/models/sha256.h"
#include "tools/models/fetch.h"

namespace lynceus::tools {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void cannot_write(const std::string& path) {
  throw Error(Exit::fatal, "models", path, std::string("cannot be written: ") + std::strerror(errno));
}

/// The file on its way: goes unless it is kept.
class Draft {
 public:
  Draft(const models::ModelFile& wanted, const std::string& folder)
      : wanted_(wanted),
        place_((fs::path(folder) / wanted.name).string()),
        path_((fs::path(folder) / ("." + wanted.name + ".part")).string()),
        file_(::open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644)) {
    if (!file_) cannot_write(path_);
  }
  ~Draft() {
    if (!path_.empty()) ::unlink(path_.c_str());
  }
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;

  /// False for more than the file has, and when it cannot be written.
  bool take(std::span<const std::byte> bytes) {
    got_ += bytes.size();
    if (got_ > wanted_.bytes) return false;
    sum_.add(bytes);
    while (!bytes.empty()) {
      const ssize_t put = ::write(file_.get(), bytes.data(), bytes.size());
      if (put < 0 && errno == EINTR) continue;
      if (put <= 0) {
        failed_ = errno;
        return false;
      }
      bytes = bytes.subspan(static_cast<std::size_t>(put));
    }
    return true;
  }

  /// Empty when it is in its place; else why it is not the file that was asked for.
  std::string keep() {
    if (failed_ != 0) {
      errno = failed_;
      cannot_write(path_);
    }
    if (got_ != wanted_.bytes) {
      return (got_ > wanted_.bytes ? "more than the " : "less than the ") + std::to_string(wanted_.bytes) +
             " bytes it has";
    }
    if (sum_.hex() != wanted_.sha256) return "other bytes, by their SHA-256";
    if (::fsync(file_.get()) != 0 || std::rename(path_.c_str(), place_.c_str()) != 0) cannot_write(place_);
    path_.clear();
    const Fd folder(::open(fs::path(place_).parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder) ::fsync(folder.get());
    return {};
  }

 private:
  const models::ModelFile& wanted_;
  const std::string place_;
  std::string path_;
  const Fd file_;
  models::Sha256 sum_;
  std::uint64_t got_ = 0;
  int failed_ = 0;
};

std::string copy(const std::string& path, Draft& draft) {
  const Fd from(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat about {};
  if (!from || ::fstat(from.get(), &about) != 0) return std::strerror(errno);
  if (!S_ISREG(about.st_mode)) return "is no file";
  std::array<std::byte, 1 << 16> piece;
  for (;;) {
    const ssize_t got = ::read(from.get(), piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return std::strerror(errno);
    if (got == 0 || !draft.take(std::span(piece).first(static_cast<std::size_t>(got)))) return {};  // keep() tells
  }
}

std::string joined(const std::string& folder, const std::string& name) {
  return folder + (folder.ends_with('/') ? "" : "/") + name;
}

/// Empty when it worked.
std::string from_web(const std::string& url, const models::ModelFile& file, const std::string& folder) {
  Draft draft(file, folder);
  const std::string why = fetch(url, {}, [&](auto bytes) { return draft.take(bytes); });
  const std::string wrong = draft.keep();  // tells more where the transfer was ended by us
  return wrong.empty() || why.empty() || why == "it cannot be kept" ? wrong : why;
}

std::vector<std::string> addresses(const models::ModelFile& file, const Origins& origins) {
  std::vector<std::string> out;
  for (const std::string& mirror : origins.mirrors) out.push_back(joined(mirror, file.name));
  if (!file.url.empty()) out.push_back(file.url);
  return out;
}

}  // namespace

void pull(const models::ModelFile& file, const std::string& folder, const Origins& origins) {
  if (!origins.folder.empty()) {
    const std::string path = joined(origins.folder, file.name);
    Draft draft(file, folder);
    std::string why = copy(path, draft);
    if (why.empty()) why = draft.keep();
    if (!why.empty()) throw Error(Exit::unreadable, "models", path, why);
    return;
  }
  std::string all;
  for (const std::string& url : addresses(file, origins)) {
    const std::string why = from_web(url, file, folder);
    if (why.empty()) return;
    all += (all.empty() ? "" : "; ") + config::shown_web_url(url) + ": " + why;
  }
  throw Error(Exit::unreadable, "models", file.name, all.empty() ? "comes with the program; no mirror is named" : all);
}

}  // namespace lynceus::tools
