#include "daemon/alarms/alarm.h"

namespace lynceus::daemon {

const char* name(Alarm::State state) {
  switch (state) {
    case Alarm::State::pending:
      return "pending";
    case Alarm::State::raised:
      return "raised";
    case Alarm::State::cleared:
      return "cleared";
  }
  return "cleared";
}

const char* name(AlarmChange::Type type) {
  switch (type) {
    case AlarmChange::Type::raised:
      return "raised";
    case AlarmChange::Type::acknowledged:
      return "acknowledged";
    case AlarmChange::Type::updated:
      return "updated";
    case AlarmChange::Type::cleared:
      return "cleared";
  }
  return "updated";
}

}  // namespace lynceus::daemon
