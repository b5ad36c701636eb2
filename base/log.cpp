#include "base/log.h"

#include <unistd.h>

#include <array>
#include <atomic>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <mutex>

#include "base/clock.h"

namespace lynceus::log {
namespace {

std::atomic<Level> g_level{Level::info};

std::mutex& receiver_mutex() {
  static std::mutex mutex;
  return mutex;
}
std::function<void(std::string_view)>& receiver() {
  // Guarded by receiver_mutex(). Never destroyed: a thread that was left behind may log while the process ends.
  static auto& function = *new std::function<void(std::string_view)>;
  return function;
}

constexpr std::array kNames{"debug", "info", "warning", "error"};
constexpr std::array kJournalPriority{"<7>", "<6>", "<4>", "<3>"};

bool under_journal() {
  static const bool yes = std::getenv("JOURNAL_STREAM") != nullptr && !isatty(STDERR_FILENO);
  return yes;
}

bool needs_quotes(std::string_view text) {
  if (text.empty()) return true;
  for (const unsigned char c : text) {
    if (c <= ' ' || c == '"' || c == '=' || c == '\\' || c == 0x7f) return true;
  }
  return false;
}

void append_hex(std::string& out, char c) {
  char hex[4];
  std::snprintf(hex, sizeof hex, "%02x", static_cast<unsigned char>(c));
  out += hex;
}

/// U+0080 to U+009F in UTF-8: terminals obey some of them as they obey escape sequences.
bool is_c1_control(std::string_view two) {
  return two.size() == 2 && two[0] == '\xc2' && static_cast<unsigned char>(two[1]) < 0xa0;
}

/// Control characters never reach the terminal or the journal: a camera's text could forge lines.
void append_escaped(std::string& out, std::string_view text, bool quoted) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted && (c == '"' || c == '\\')) {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (is_c1_control(text.substr(i, 2))) {
      out += "\\u00";
      append_hex(out, text[++i]);
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      out += "\\x";
      append_hex(out, c);
    } else {
      out += c;
    }
  }
}

/// A value is redacted before it is escaped, for a secret that holds a quote would not be found after; the whole line
/// is redacted again, for a key may tell that its value is a secret.
void append_field(std::string& line, const Field& field) {
  line += ' ';
  line += field.key;
  line += '=';
  const std::string value = redact(field.value);
  const bool quoted = needs_quotes(value);
  if (quoted) line += '"';
  append_escaped(line, value, quoted);
  if (quoted) line += '"';
}

}  // namespace

std::string Field::text(double v) {
  if (!std::isfinite(v)) return std::isnan(v) ? "nan" : (v < 0 ? "-inf" : "inf");
  char out[32];
  std::snprintf(out, sizeof out, "%.6g", v);
  return out;
}

void write(Level level, std::string_view part, std::string_view message, Fields fields) {
  if (level < g_level.load(std::memory_order_relaxed)) return;
  std::string line;
  line.reserve(128);
  line += kNames[static_cast<std::size_t>(level)];
  line += ' ';
  line += part;
  line += ": ";
  append_escaped(line, redact(message), false);
  for (const Field& field : fields) append_field(line, field);
  line = redact(line);

  std::lock_guard lock(receiver_mutex());
  if (receiver()) return receiver()(line);
  // The journal stamps lines itself and reads the priority from a prefix.
  const std::string out = under_journal() ? kJournalPriority[static_cast<std::size_t>(level)] + line + "\n"
                                          : rfc3339(system_clock().wall()) + " " + line + "\n";
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, out.data(), out.size());
}

void set_level(Level level) { g_level = level; }

bool set_level(std::string_view name) {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (name == kNames[i]) {
      g_level = static_cast<Level>(i);
      return true;
    }
  }
  return false;
}

void capture(std::function<void(std::string_view)> function) {
  std::lock_guard lock(receiver_mutex());
  receiver() = std::move(function);
}

bool Limiter::allow(double now_s) {
  if (now_s < next_s_) {
    ++withheld_;
    return false;
  }
  next_s_ = now_s + period_s_;
  last_withheld_ = withheld_;
  withheld_ = 0;
  return true;
}

}  // namespace lynceus::log
