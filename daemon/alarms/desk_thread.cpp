#include "daemon/alarms/desk_thread.h"

#include <algorithm>
#include <exception>
#include <filesystem>
#include <system_error>
#include <utility>

namespace lynceus::daemon {
namespace {

using std::chrono::seconds;

constexpr seconds kComeBy{1};  ///< values move without a call
constexpr seconds kTidy{30};
constexpr seconds kSpace{10};
constexpr std::size_t kMostInMemory = 50'000;  ///< alarms, while the database refuses writes

sdk::Condition of_storage(const char* kind, bool active, sdk::Severity severity, std::string summary) {
  sdk::Condition condition;
  condition.kind = kind;
  condition.active = active;
  condition.severity = severity;
  condition.summary = std::move(summary);
  return condition;
}

}  // namespace

DeskThread::DeskThread(const AlarmDesk::Settings& settings, const config::Config& config, AlarmStore& store,
                       Around around)
    : settings_(settings),
      clock_(around.clock),
      inbox_(around.inbox),
      live_(around.live),
      outbox_(around.outbox),
      store_(store),
      engine_(Rulebook(config), moment()),
      next_row_(store.last_row() + 1) {
  engine_.restore(store.raised(), store.shelves(), moment());
  gather(moment());
  next_tidy_ = next_space_ = clock_.now();
  show();
}

void DeskThread::round(bool now_or_never) {
  const Moment now = moment();
  DeskInbox::Content content = inbox_.take();
  for (const DeskInbox::Order& order : content.orders) obey(order, now);
  for (const auto& [source, word] : content.words) look_at(source, word, now);
  engine_.tick(now);
  look_at_space(now);
  gather(now);
  outbox_.take_reports(batch_);
  if (owes() && (now_or_never || now.mono >= not_before_)) {
    commit(now);
  } else if (!durable()) {
    tell(now);
  }
  if (!unseen_.empty() && batch_.alarms.empty()) show();
  tidy(now);
}

/// One that fails is one that fails; the desk goes on.
void DeskThread::obey(const DeskInbox::Order& order, Moment now) {
  try {
    order(now);
  } catch (const std::exception& e) {
    log::error("alarms", "an order failed", {{"why", e.what()}});
  }
}

MonoTime DeskThread::next() const {
  MonoTime next = clock_.now() + kComeBy;
  if (const auto due = engine_.due()) next = std::min(next, *due);
  if (owes()) next = std::min(next, not_before_);
  return next;
}

void DeskThread::look_at(const SourceName& source, const Word& word, Moment now) {
  std::vector<sdk::Condition> passing;
  for (const auto& [key, was] : word.passing) passing.push_back(was.condition);
  if (!passing.empty()) {
    engine_.conditions(source, passing, word.passing.begin()->second.captured, now);
  }
  if (word.newest) engine_.conditions(source, word.newest->conditions, word.captured, now);
  for (const auto& [key, happened] : word.events) {
    engine_.event(source, happened.event, happened.times, happened.captured, now);
  }
}

void DeskThread::gather(Moment now) {
  for (const Decision& decision : engine_.take()) add(decision, now);
  for (Shelf& shelf : engine_.shelved()) batch_.shelves[{shelf.camera, shelf.plugin, shelf.key}] = std::move(shelf);
  unseen_.merge(engine_.touched());
}

void DeskThread::add(const Decision& decision, Moment now) {
  const AlarmChange& change = decision.change;
  batch_.alarms[change.alarm.id] = {change.alarm, decision.told, decision.held_until};
  fresh_.insert(change.alarm.id);
  for (const Notice& notice : decision.notices) {
    Owed owed;
    owed.row = next_row_++;
    owed.sink = notice.sink;
    owed.change = change;
    owed.change.type = notice.type;
    owed.since = now.wall;
    sinks_.insert(notice.sink);
    batch_.rows.emplace(owed.row, std::move(owed));
  }
  unseen_.insert(change.alarm.id);
  untold_.push_back(change);
}

void DeskThread::commit(Moment now) {
  const bool was = durable();
  const bool written = batch_.empty() || write(now);
  durable_ = written;
  not_before_ = clock_.now() + (written ? settings_.gather : settings_.retry);
  if (was != written) {
    engine_.own("", of_storage("storage_failed", !written, sdk::Severity::critical, "the database refuses writes"),
                now);
    gather(now);
  }
  if (written && !was) {
    log::info("alarms", "the database takes writes again");
    if (!batch_.empty()) durable_ = write(now);
  }
  tell(now);
}

bool DeskThread::write(Moment now) {
  writing_since_ns_ = now.mono.time_since_epoch().count();
  bool written = false;
  try {
    store_.write(batch_);
    for (const auto& [id, kept] : batch_.alarms) unseen_.insert(id);  // those that were not durable are now
    batch_ = {};
    fresh_.clear();
    outbox_.written();
    written = true;
  } catch (const DatabaseError& e) {
    const double now_s = std::chrono::duration<double>(now.mono.time_since_epoch()).count();
    if (limiter_.allow(now_s)) log::error("alarms", "cannot be written, kept in memory", {{"why", e.what()}});
    const auto most = static_cast<std::int64_t>(engine_.rules().notify().max_rows);
    if (const std::size_t gone = batch_.collapse(most)) {
      outbox_.show_only(batch_.rows);
      log::warning("alarms", "owed deliveries collapsed in memory", {{"rows", gone}});
    }
  }
  writing_since_ns_ = 0;
  return written;
}

void DeskThread::tell(Moment) {
  if (!durable()) {
    for (auto row = batch_.rows.upper_bound(shown_row_); row != batch_.rows.end(); ++row) {
      row->second.change.alarm.durable = false;
      outbox_.show(row->second);
    }
    shown_row_ = next_row_ - 1;
  }
  show();
  for (AlarmChange& change : untold_) change.alarm.durable = durable();
  const auto changes = std::exchange(untold_, {});
  if (!changes.empty()) {
    for (AlarmListener* listener : listeners_) listener->on_changes(changes);
  }
  const auto sinks = std::exchange(sinks_, {});
  outbox_.owed({sinks.begin(), sinks.end()});
  for (const auto& done : std::exchange(dones_, {})) done();
}

void DeskThread::show() {
  LiveAlarms::Update update;
  const auto shown = [this](Alarm alarm) {
    alarm.durable = durable() || !batch_.alarms.contains(alarm.id);
    return std::make_shared<const Alarm>(std::move(alarm));
  };
  for (const std::string& id : std::exchange(unseen_, {})) {
    const Alarm* alarm = engine_.find(id);
    update.shown[id] = alarm != nullptr ? shown(*alarm) : nullptr;
  }
  update.all_written = durable();
  if (!durable()) {
    for (const std::string& id : std::exchange(fresh_, {})) update.unwritten[id] = shown(batch_.alarms.at(id).alarm);
    update.forgotten = batch_.forget(kMostInMemory);
  }
  update.site_shelved_until = engine_.site_shelved_until();
  live_.update(update);
}

void DeskThread::tidy(Moment now) {
  if (now.mono < next_tidy_ || !durable()) return;
  const auto& rules = engine_.rules();
  AlarmStore::Limits limits{now.wall - rules.alarms().keep, rules.alarms().keep_rows, now.wall - rules.notify().max_age,
                            rules.notify().max_rows};
  for (const auto& sink : rules.notify().sinks) limits.sinks.push_back(sink.name);
  bool more = false;
  try {
    const AlarmStore::Tidied tidied = store_.tidy(limits);
    more = tidied.alarms + tidied.rows > 0;
    if (tidied.rows > 0) log::warning("alarms", "owed deliveries collapsed", {{"rows", tidied.rows}});
  } catch (const DatabaseError& e) {
    log::warning("alarms", "what is old cannot be removed", {{"why", e.what()}});
  }
  next_tidy_ = now.mono + (more ? seconds{1} : kTidy);
}

void DeskThread::look_at_space(Moment now) {
  if (now.mono < next_space_) return;
  next_space_ = now.mono + kSpace;
  std::error_code error;
  const auto folder = std::filesystem::path(settings_.file).parent_path();
  const auto space = std::filesystem::space(folder.empty() ? "." : folder, error);
  if (error) return;
  const bool low = space.available < settings_.low_bytes;
  engine_.own("", of_storage("storage_low", low, sdk::Severity::warning, "little room is left where the state lies"),
              now);
}

std::optional<Kept> DeskThread::kept(const std::string& id) {
  if (const auto mine = batch_.alarms.find(id); mine != batch_.alarms.end()) return mine->second;
  try {
    return store_.kept(id);
  } catch (const DatabaseError& e) {
    log::warning("alarms", "an alarm cannot be read", {{"alarm", id}, {"why", e.what()}});
    return std::nullopt;
  }
}

}  // namespace lynceus::daemon
