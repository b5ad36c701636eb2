#include "daemon/store/sqlite_state.h"

#include <utility>

#include "base/error.h"
#include "daemon/store/migrations.h"

namespace lynceus::daemon {
namespace {

constexpr std::size_t kLongestName = 200;

}  // namespace

SqliteState::SqliteState(Settings settings, Clock& clock) : settings_(std::move(settings)), clock_(clock) {
  try {
    open();
    load_sizes();
  } catch (const DatabaseError& e) {
    throw Error(Exit::fatal, "storage", settings_.file, e.advice());
  }
  thread_ = std::jthread([this](std::stop_token stop) { run(std::move(stop)); });
}

SqliteState::~SqliteState() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

void SqliteState::open() {
  db_ = std::make_unique<Database>(settings_.file, Database::Mode::read_write, settings_.vfs);
  if (const std::string verdict = db_->quick_check(); verdict != "ok") throw DatabaseError(SQLITE_CORRUPT, verdict);
  db_->run("PRAGMA journal_mode=WAL");
  db_->run("PRAGMA synchronous=NORMAL");
  migrate(*db_, Schema::state);
  reader_ = std::make_unique<Database>(settings_.file, Database::Mode::read_only, settings_.vfs);
}

void SqliteState::load_sizes() {
  Statement rows(*db_, "SELECT camera, plugin, name, length(data) FROM blob");
  while (rows.step()) {
    const auto size = static_cast<std::size_t>(rows.number(3));
    Usage& usage = usage_[rows.text(0)];
    usage.bytes += size;
    ++usage.names;
    sizes_.emplace(Key{rows.text(0), rows.text(1), rows.text(2)}, size);
  }
}

std::optional<std::vector<std::byte>> SqliteState::read(const std::string& camera, const std::string& plugin,
                                                        const std::string& name) {
  const Key key{camera, plugin, name};
  {
    std::lock_guard lock(mutex_);
    if (!sizes_.contains(key)) return std::nullopt;
    for (const auto* place : {&owed_, &in_flight_}) {
      if (const auto found = place->find(key); found != place->end()) return *found->second;
    }
  }
  return read_stored(key);
}

std::optional<std::vector<std::byte>> SqliteState::read_stored(const Key& key) {
  std::lock_guard lock(reader_mutex_);
  try {
    Statement row(*reader_, "SELECT data FROM blob WHERE camera = ? AND plugin = ? AND name = ?");
    row.bind(1, std::get<0>(key)).bind(2, std::get<1>(key)).bind(3, std::get<2>(key));
    if (row.step()) return row.blob(0);
  } catch (const DatabaseError& e) {
    ++errors_;
    log::error("store", "a blob cannot be read",
               {{"camera", std::get<0>(key)}, {"plugin", std::get<1>(key)}, {"why", e.what()}});
  }
  return std::nullopt;
}

bool SqliteState::write(const std::string& camera, const std::string& plugin, const std::string& name,
                        std::vector<std::byte> blob) {
  if (name.size() > kLongestName) return false;
  Key key{camera, plugin, name};
  {
    std::lock_guard lock(mutex_);
    Usage& usage = usage_[camera];
    const auto known = sizes_.find(key);
    const std::size_t before = known == sizes_.end() ? 0 : known->second;
    if (usage.bytes - before + blob.size() > settings_.bytes_per_camera) return false;
    if (known == sizes_.end() && usage.names >= settings_.names_per_camera) return false;
    if (known == sizes_.end()) ++usage.names;
    usage.bytes += blob.size() - before;
    sizes_[key] = blob.size();
    owed_[std::move(key)] = std::make_shared<const std::vector<std::byte>>(std::move(blob));
  }
  changed_.notify_all();
  return true;
}

void SqliteState::run(std::stop_token stop) {
  MonoTime not_before = clock_.now();
  constexpr std::chrono::hours kLong{1};
  for (;;) {
    std::unique_lock lock(mutex_);
    clock_.wait_until(lock, changed_, stop, clock_.now() + kLong, [&] { return !owed_.empty() || flush_; });
    // What comes close together is written together; a flush or the end does not wait for more.
    clock_.wait_until(lock, changed_, stop, not_before, [&] { return flush_; });
    const bool ending = stop.stop_requested();
    if (owed_.empty()) {
      flush_ = false;
      changed_.notify_all();
      if (ending) return;
      continue;
    }
    in_flight_ = std::exchange(owed_, {});
    const auto batch = in_flight_;
    lock.unlock();
    const bool written = write_batch(batch);
    lock.lock();
    if (!written) owed_.merge(in_flight_);  // what came meanwhile is newer and stays
    in_flight_.clear();
    not_before = clock_.now() + (written ? settings_.gather : settings_.retry);
    flush_ = false;
    changed_.notify_all();
    if (ending && !written) return;
  }
}

bool SqliteState::write_batch(const std::map<Key, Blob>& batch) {
  writing_since_ns_ = clock_.now().time_since_epoch().count();
  bool written = false;
  try {
    Transaction transaction(*db_);
    Statement put(*db_, "INSERT INTO blob VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET data = excluded.data");
    for (const auto& [key, blob] : batch) {
      put.bind(1, std::get<0>(key)).bind(2, std::get<1>(key)).bind(3, std::get<2>(key));
      put.bind(4, std::span<const std::byte>(*blob)).run();
    }
    transaction.commit();
    written = true;
  } catch (const DatabaseError& e) {
    ++errors_;
    const double now_s = std::chrono::duration<double>(clock_.now().time_since_epoch()).count();
    if (limiter_.allow(now_s)) log::error("store", "state cannot be written, kept in memory", {{"why", e.what()}});
  }
  writing_since_ns_ = 0;
  return written;
}

bool SqliteState::flush(std::chrono::milliseconds within) {
  std::unique_lock lock(mutex_);
  if (owed_.empty() && in_flight_.empty()) return true;
  flush_ = true;
  changed_.notify_all();
  clock_.wait_until(lock, changed_, {}, clock_.now() + within, [&] { return !flush_ && in_flight_.empty(); });
  return owed_.empty() && in_flight_.empty();
}

bool SqliteState::alive(std::chrono::milliseconds patience) const {
  const std::int64_t since = writing_since_ns_.load();
  if (since == 0) return true;
  return clock_.now() - MonoTime(MonoTime::duration(since)) < patience;
}

std::uint64_t SqliteState::bytes() const { return bytes_on_disk(settings_.file); }

}  // namespace lynceus::daemon
