#include <charconv>
#include <optional>
#include <string_view>

#include "pipeline/camera/camera_settings.h"

namespace lynceus::camera {
namespace {

constexpr long kLongestMs = 24L * 3600 * 1000;

/// Milliseconds of a unit; 0 for a word that is none.
long unit_ms(std::string_view unit) {
  if (unit == "ms") return 1;
  if (unit == "s") return 1000;
  if (unit == "m" || unit == "min") return 60'000;
  if (unit == "h") return 3'600'000;
  return 0;
}

}  // namespace

std::optional<Cadence> parse_cadence(std::string_view text) {
  if (text == "every_frame") return Cadence{Cadence::Mode::every_frame, {}};
  if (text == "on_motion") return Cadence{Cadence::Mode::on_motion, {}};
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
  if (error != std::errc{} || !(number > 0)) return std::nullopt;
  const double ms = number * double(unit_ms(text.substr(std::size_t(end - text.data()))));
  if (!(ms >= 1 && ms <= double(kLongestMs))) return std::nullopt;  // "inf" times no unit is not a number
  return Cadence{Cadence::Mode::period, std::chrono::milliseconds(static_cast<long>(ms + 0.5))};
}

}  // namespace lynceus::camera
