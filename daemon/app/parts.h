// Everything the daemon is made of, in the order in which App starts it; ended in reverse. Owner: App.
#pragma once

#include <memory>

#include "daemon/alarms/alarm_desk.h"
#include "daemon/api/alarm_events.h"
#include "daemon/api/api.h"
#include "daemon/api/desk_book.h"
#include "daemon/api/event_hub.h"
#include "daemon/api/token_keeper.h"
#include "daemon/app/alarm_ears.h"
#include "daemon/app/control.h"
#include "daemon/app/fleet.h"
#include "daemon/app/io_loop.h"
#include "daemon/app/network_watch.h"
#include "daemon/app/own_conditions.h"
#include "daemon/app/reload.h"
#include "daemon/app/reports.h"
#include "daemon/evidence/evidence.h"
#include "daemon/http/server.h"
#include "daemon/live/live_board.h"
#include "daemon/live/measurement_log.h"
#include "daemon/live/pictures.h"
#include "daemon/metrics/metrics.h"
#include "daemon/notify/notifier.h"
#include "daemon/store/directory.h"
#include "daemon/store/sqlite_state.h"
#include "pipeline/host/crash_note.h"
#include "pipeline/infer/model_runner.h"

namespace lynceus::daemon {

struct Parts {
  std::unique_ptr<Metrics> metrics;
  std::unique_ptr<StorageDirectory> directory;
  std::unique_ptr<SqliteState> state;
  std::unique_ptr<AlarmEars> ears;
  std::unique_ptr<AlarmEar> metrics_ear;
  std::unique_ptr<AlarmDesk> desk;
  std::unique_ptr<OwnConditions> own;
  std::unique_ptr<host::CrashNote> crashes;
  std::unique_ptr<infer::ModelRunner> models;
  std::unique_ptr<LiveBoard> board;
  std::unique_ptr<Pictures> pictures;
  std::unique_ptr<MeasurementLog> measurements;
  std::unique_ptr<http::EventHub> events;
  std::unique_ptr<http::AlarmEvents> alarm_events;
  std::unique_ptr<Evidence> evidence;
  std::unique_ptr<Reports> reports;
  std::unique_ptr<Fleet> fleet;
  std::unique_ptr<Reload> reload;
  std::unique_ptr<AppControl> control;
  std::unique_ptr<IoLoop> io;
  std::unique_ptr<NetworkWatch> network;
  std::unique_ptr<Notifier> notifier;
  std::unique_ptr<http::TokenKeeper> tokens;
  std::unique_ptr<http::DeskBook> book;
  std::unique_ptr<http::Api> api;
  std::unique_ptr<http::Server> server;
};

}  // namespace lynceus::daemon
