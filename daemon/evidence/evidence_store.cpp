#include "daemon/evidence/evidence_store.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <stdexcept>
#include <string_view>
#include <system_error>

#include "base/log.h"
#include "daemon/evidence/mp4.h"

namespace lynceus::daemon {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPart = ".part";
constexpr int kMode = 0600;

const char* suffix(EvidenceStore::Kind kind) { return kind == EvidenceStore::Kind::snapshot ? ".jpg" : ".mp4"; }

/// Alarms have UUIDs; anything else is no file of ours, and no path either.
bool is_alarm(std::string_view id) {
  return id.size() == 36 && id.find_first_not_of("0123456789abcdef-") == std::string_view::npos;
}

std::optional<EvidenceFile> file_at(const std::string& path, const char* type) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  return EvidenceFile{path, type, static_cast<std::uint64_t>(status.st_size)};
}

std::uint64_t whole_bytes(int fd, std::uint64_t size) {
  return whole_mp4(size, [fd](std::uint64_t at) {
    std::vector<std::uint8_t> head(16);
    const ssize_t got = ::pread(fd, head.data(), head.size(), static_cast<off_t>(at));
    head.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return head;
  });
}

}  // namespace

EvidenceStore::EvidenceStore(Settings settings, Clock& clock, Gone gone)
    : settings_(std::move(settings)), clock_(clock), gone_(std::move(gone)) {
  std::error_code error;
  fs::create_directories(settings_.directory, error);
  if (!fs::is_directory(settings_.directory))
    throw std::runtime_error(settings_.directory + ": " + (error ? error.message() : "is no folder"));
  fs::permissions(settings_.directory, fs::perms::owner_all, error);
  scan();
}

EvidenceStore::~EvidenceStore() = default;

std::string EvidenceStore::path(const std::string& alarm, Kind kind) const {
  return settings_.directory + "/" + alarm + suffix(kind);
}

std::optional<EvidenceFile> EvidenceStore::snapshot(const std::string& alarm) const {
  if (!is_alarm(alarm)) return std::nullopt;
  return file_at(path(alarm, Kind::snapshot), "image/jpeg");
}

std::optional<EvidenceFile> EvidenceStore::clip(const std::string& alarm) const {
  if (!is_alarm(alarm)) return std::nullopt;
  return file_at(path(alarm, Kind::clip), "video/mp4");
}

// ---- what is there -----------------------------------------------------------------------------------------------

void EvidenceStore::scan() {
  std::vector<std::string> parts, whole;
  std::error_code error;
  for (fs::directory_iterator at(settings_.directory, error), end; !error && at != end; at.increment(error)) {
    const std::string name = at->path().filename().string();
    (name.ends_with(kPart) ? parts : whole).push_back(name);
  }
  for (const std::string& part : parts) adopt(part);
  for (const std::string& name : whole) {
    const auto dot = std::min(name.find('.'), name.size());
    const std::string alarm = name.substr(0, dot), ending = name.substr(dot);
    if (!is_alarm(alarm)) continue;
    if (ending == ".jpg") note(alarm, Kind::snapshot);
    if (ending == ".mp4") note(alarm, Kind::clip);
  }
}

/// A picture is made again or not at all; a clip is worth what is whole of it.
void EvidenceStore::adopt(const std::string& part) {
  const std::string from = settings_.directory + "/" + part;
  const std::string name = part.substr(0, part.size() - kPart.size());
  const std::string alarm = name.substr(0, std::min(name.find('.'), name.size()));
  struct stat status {};
  const Fd file(name.ends_with(".mp4") && is_alarm(alarm) ? ::open(from.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW) : -1);
  const bool known = file && ::fstat(file.get(), &status) == 0;
  const std::uint64_t whole = known ? whole_bytes(file.get(), static_cast<std::uint64_t>(status.st_size)) : 0;
  if (whole == 0 || ::ftruncate(file.get(), static_cast<off_t>(whole)) != 0 ||
      ::rename(from.c_str(), (settings_.directory + "/" + name).c_str()) != 0) {
    ::unlink(from.c_str());
    return;
  }
  note(alarm, Kind::clip);
  adopted_.push_back(alarm);
}

void EvidenceStore::note(const std::string& alarm, Kind kind) {
  struct stat status {};
  if (::stat(path(alarm, kind).c_str(), &status) != 0) return;
  const Key key{std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec, status.st_ino};
  File& file = files_[key];
  bytes_[static_cast<std::size_t>(kind)] += status.st_size - file.bytes;
  file.kind = kind;
  file.bytes = status.st_size;
  file.alarms.push_back(alarm);
}

// ---- room --------------------------------------------------------------------------------------------------------

bool EvidenceStore::remove_oldest() {
  if (files_.empty()) return false;
  const auto oldest = files_.extract(files_.begin());
  const File& file = oldest.mapped();
  for (const std::string& alarm : file.alarms) ::unlink(path(alarm, file.kind).c_str());
  bytes_[static_cast<std::size_t>(file.kind)] -= file.bytes;
  gone_(file.alarms, file.kind);
  return true;
}

/// Nothing when the disk has enough left, or cannot be asked.
std::optional<std::uint64_t> EvidenceStore::disk_short_of() const {
  struct statvfs disk {};
  if (::statvfs(settings_.directory.c_str(), &disk) != 0 || disk.f_blocks == 0) return std::nullopt;
  const std::uint64_t block = disk.f_frsize;
  const std::uint64_t least = std::min<std::uint64_t>(settings_.least_free, disk.f_blocks * block / 20);
  const std::uint64_t free = disk.f_bavail * block;
  if (free >= least) return std::nullopt;
  return least - free;
}

bool EvidenceStore::tidy() {
  const std::int64_t oldest_kept =
      std::chrono::nanoseconds(clock_.wall().time_since_epoch() - settings_.max_age).count();
  while (!files_.empty() && (files_.begin()->first.first < oldest_kept ||
                             bytes(Kind::snapshot) + bytes(Kind::clip) > settings_.max_bytes)) {
    remove_oldest();
  }
  bool forced = false;
  while (disk_short_of() && remove_oldest()) forced = true;
  return forced;
}

bool EvidenceStore::room() { return !disk_short_of(); }

// ---- writing -----------------------------------------------------------------------------------------------------

bool EvidenceStore::write_all(int fd, std::span<const std::uint8_t> bytes) {
  while (!bytes.empty()) {
    const ssize_t put = ::write(fd, bytes.data(), bytes.size());
    if (put > 0) {
      bytes = bytes.subspan(static_cast<std::size_t>(put));
    } else if (errno == ENOSPC || errno == EDQUOT) {
      if (!remove_oldest()) return false;
    } else if (errno != EINTR) {
      return false;
    }
  }
  return true;
}

bool EvidenceStore::put(const std::string& alarm, std::span<const std::byte> jpeg) {
  if (!is_alarm(alarm)) return false;
  const std::string to = path(alarm, Kind::snapshot), part = to + std::string(kPart);
  {
    const Fd file(::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, kMode));
    const auto* data = reinterpret_cast<const std::uint8_t*>(jpeg.data());
    if (!file || !write_all(file.get(), {data, jpeg.size()})) {
      ::unlink(part.c_str());
      return false;
    }
  }
  if (::rename(part.c_str(), to.c_str()) != 0) return false;
  note(alarm, Kind::snapshot);
  return true;
}

bool EvidenceStore::share(const std::string& alarm, const std::string& other, Kind kind) {
  if (!is_alarm(other) || ::link(path(alarm, kind).c_str(), path(other, kind).c_str()) != 0) return false;
  note(other, kind);
  return true;
}

std::unique_ptr<EvidenceStore::Growing> EvidenceStore::grow_clip(const std::string& alarm) {
  if (!is_alarm(alarm)) return nullptr;
  const std::string part = path(alarm, Kind::clip) + std::string(kPart);
  const int fd = ::open(part.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, kMode);
  if (fd < 0) return nullptr;
  return std::make_unique<Growing>(*this, alarm, fd);
}

EvidenceStore::Growing::Growing(EvidenceStore& store, std::string alarm, int fd)
    : store_(store), alarms_{std::move(alarm)}, file_(fd) {}

EvidenceStore::Growing::~Growing() {
  if (finished_) return;
  count(0);
  for (const std::string& alarm : alarms_) ::unlink((store_.path(alarm, Kind::clip) + std::string(kPart)).c_str());
}

/// What it takes on the disk by now; 0: it is a file like others, or gone.
void EvidenceStore::Growing::count(std::int64_t bytes) {
  store_.bytes_[static_cast<std::size_t>(Kind::clip)] += bytes - counted_;
  counted_ = bytes;
}

bool EvidenceStore::Growing::append(std::span<const std::uint8_t> bytes) {
  const std::int64_t grown = counted_ + static_cast<std::int64_t>(bytes.size());
  if (grown > store_.settings_.max_bytes || !store_.write_all(file_.get(), bytes)) return false;
  count(grown);
  return true;
}

bool EvidenceStore::Growing::overwrite(std::size_t at, std::span<const std::uint8_t> bytes) {
  return ::pwrite(file_.get(), bytes.data(), bytes.size(), static_cast<off_t>(at)) ==
         static_cast<ssize_t>(bytes.size());
}

bool EvidenceStore::Growing::share(const std::string& other) {
  if (!is_alarm(other)) return false;
  const std::string part(kPart);
  if (::link((store_.path(alarms_.front(), Kind::clip) + part).c_str(),
             (store_.path(other, Kind::clip) + part).c_str()) != 0)
    return false;
  alarms_.push_back(other);
  return true;
}

std::vector<std::string> EvidenceStore::Growing::finish() {
  finished_ = true;
  count(0);
  std::vector<std::string> done;
  for (const std::string& alarm : alarms_) {
    const std::string to = store_.path(alarm, Kind::clip);
    if (::rename((to + std::string(kPart)).c_str(), to.c_str()) != 0) continue;
    store_.note(alarm, Kind::clip);
    done.push_back(alarm);
  }
  return done;
}

}  // namespace lynceus::daemon
