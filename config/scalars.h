// Texts of the file as numbers, durations, sizes and times of day. YAML 1.1's surprises (octal 010, 1:30 as 90, yes as
// true, 1_000) are refused rather than guessed at. Thread: reentrant.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lynceus::config {

std::optional<std::int64_t> parse_integer(std::string_view text);
/// Finite only.
std::optional<double> parse_number(std::string_view text);
/// "2s", "500ms", "1.5m", "1h" → seconds.
std::optional<double> parse_duration(std::string_view text);
/// 1048576, 64MiB, 2GB → bytes.
std::optional<std::int64_t> parse_size(std::string_view text);
/// "08:30" → minutes since midnight; up to 24:00.
std::optional<int> parse_clock(std::string_view text);

std::string number_text(double value);
std::string duration_text(double seconds);
std::string size_text(std::int64_t bytes);
std::string clock_text(int minutes);

}  // namespace lynceus::config
