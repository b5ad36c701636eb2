// Structured logging: one line an event, key=value, to stderr (or the journal's stderr with its priority prefix).
//
// There is one sink for the whole process and it redacts there, once: credentials in URLs, authorization headers, query
// parameters that name secrets, and every value registered with `add_secret`. Library messages (GStreamer, OpenCV) are
// routed into the same sink. Thread: any.
//
//   log::info("camera", "streaming", {{"camera", id}, {"width", 1280}});
//   → 2026-03-01T12:34:56.789Z info camera: streaming camera=lobby width=1280
#pragma once

#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>

namespace lynceus::log {

enum class Level { debug, info, warning, error };

template <class T>
concept Number = std::is_arithmetic_v<T>;

/// One key=value; numbers, booleans and text are taken as they are.
struct Field {
  template <Number T>
  Field(std::string_view k, T v) : key(k), value(text(v)) {}
  Field(std::string_view k, std::string_view v) : key(k), value(v) {}
  Field(std::string_view k, const std::string& v) : key(k), value(v) {}
  Field(std::string_view k, const char* v) : key(k), value(v) {}

  std::string_view key;
  std::string value;

 private:
  static std::string text(bool v) { return v ? "true" : "false"; }
  static std::string text(double v);
  template <class T>
  static std::string text(T v) {
    if constexpr (std::is_floating_point_v<T>) return text(static_cast<double>(v));
    return std::to_string(v);
  }
};
using Fields = std::initializer_list<Field>;

void write(Level level, std::string_view part, std::string_view message, Fields fields = {});
inline void debug(std::string_view part, std::string_view message, Fields f = {}) {
  write(Level::debug, part, message, f);
}
inline void info(std::string_view part, std::string_view message, Fields f = {}) {
  write(Level::info, part, message, f);
}
inline void warning(std::string_view part, std::string_view message, Fields f = {}) {
  write(Level::warning, part, message, f);
}
inline void error(std::string_view part, std::string_view message, Fields f = {}) {
  write(Level::error, part, message, f);
}

/// Lines below this level are not written. Default info.
void set_level(Level level);
/// "debug", "info", "warning", "error"; false when the name is none of them.
bool set_level(std::string_view name);

/// A value that never appears in any line from now on (a password, a token). Values shorter than 4 characters are
/// ignored: they would blank out ordinary words.
void add_secret(std::string_view value);

/// What the sink does to every line; also for error texts that leave by HTTP or on stdout.
std::string redact(std::string_view text);

/// For tests: lines go here instead of stderr; an empty function restores stderr.
void capture(std::function<void(std::string_view line)> receiver);

/// Says yes at most once per period per object; how many were withheld since is in `withheld()`.
class Limiter {
 public:
  explicit Limiter(double period_s = 1.0) : period_s_(period_s) {}
  bool allow(double now_s);
  long withheld() const { return last_withheld_; }

 private:
  double period_s_;
  double next_s_ = -1e300;
  long withheld_ = 0;
  long last_withheld_ = 0;
};

}  // namespace lynceus::log
