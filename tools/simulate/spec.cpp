#include "tools/simulate/spec.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <functional>
#include <map>
#include <optional>

#include "base/error.h"

namespace lynceus::tools {
namespace {

[[noreturn]] void refuse(std::string_view key, std::string_view value, const std::string& accepted) {
  throw Error(Exit::usage, "simulate", std::string(key) + "=" + std::string(value), accepted);
}

template <class T>
std::optional<T> number(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

template <class T>
T number_within(std::string_view key, std::string_view text, T least, T most) {
  const auto value = number<T>(text);
  if (!value || !(*value >= least && *value <= most))
    refuse(key, text, "a number from " + std::to_string(least) + " to " + std::to_string(most) + " expected");
  return *value;
}

bool flag(std::string_view key, std::string_view text) {
  if (text == "1" || text == "true") return true;
  if (text == "0" || text == "false") return false;
  refuse(key, text, "0 or 1 expected");
}

void set_size(CameraSpec& spec, std::string_view text) {
  const auto x = std::min(text.find('x'), text.size());
  const int w = number<int>(text.substr(0, x)).value_or(0);
  const int h = number<int>(text.substr(std::min(x + 1, text.size()))).value_or(0);
  // Even, because 4:2:0 is; JPEG over RTP counts in blocks of eight.
  if (w < 64 || h < 64 || w > 3840 || h > 2160 || w % 8 || h % 8)
    refuse("size", text, "WIDTHxHEIGHT expected, 64x64 to 3840x2160, multiples of 8");
  spec.width = w;
  spec.height = h;
}

Codec codec_of(std::string_view text) {
  for (const Codec codec : {Codec::h264, Codec::h265, Codec::mjpeg})
    if (text == codec_name(codec)) return codec;
  refuse("codec", text, "h264, h265 or mjpeg expected");
}

CameraSpec::Transport transport_of(std::string_view text) {
  if (text == "any") return CameraSpec::Transport::any;
  if (text == "tcp") return CameraSpec::Transport::tcp;
  if (text == "udp") return CameraSpec::Transport::udp;
  refuse("transport", text, "any, tcp or udp expected");
}

CameraSpec::Auth auth_of(std::string_view text) {
  if (text == "any") return CameraSpec::Auth::any;
  if (text == "basic") return CameraSpec::Auth::basic;
  if (text == "digest") return CameraSpec::Auth::digest;
  refuse("auth", text, "any, basic or digest expected");
}

PlannedFault planned(std::string_view text) {
  const auto at = text.find('@');
  const auto plus = text.find('+', at == std::string_view::npos ? 0 : at);
  if (at == std::string_view::npos || plus == std::string_view::npos)
    refuse("fault", text, "NAME@START+DURATION or NAME@START+DURATION/EVERY expected");
  const auto slash = text.find('/', plus);
  PlannedFault plan;
  plan.fault = parse_fault(text.substr(0, at));
  plan.start_s = parse_seconds(text.substr(at + 1, plus - at - 1), "fault");
  plan.duration_s =
      parse_seconds(text.substr(plus + 1, slash == std::string_view::npos ? slash : slash - plus - 1), "fault");
  if (slash == std::string_view::npos) return plan;
  plan.every_s = parse_seconds(text.substr(slash + 1), "fault");
  if (plan.every_s <= plan.duration_s) refuse("fault", text, "EVERY longer than DURATION expected");
  return plan;
}

using Setter = std::function<void(CameraSpec&, std::string_view)>;

const std::map<std::string, Setter, std::less<>>& setters() {
  static const std::map<std::string, Setter, std::less<>> table{
      {"fps", [](auto& s, auto v) { s.fps = number_within<double>("fps", v, 0.2, 120); }},
      {"size", set_size},
      {"codec", [](auto& s, auto v) { s.codec = codec_of(v); }},
      {"gop", [](auto& s, auto v) { s.gop_s = std::clamp(parse_seconds(v, "gop"), 0.05, 60.0); }},
      {"loop", [](auto& s, auto v) { s.loop_s = std::clamp(parse_seconds(v, "loop"), 1.0, 600.0); }},
      {"fault-at", [](auto& s, auto v) { s.fault_at_s = v == "never" ? -1 : parse_seconds(v, "fault-at"); }},
      {"night", [](auto& s, auto v) { s.night = flag("night", v); }},
      {"seed", [](auto& s, auto v) { s.seed = number_within<std::uint64_t>("seed", v, 0, UINT64_MAX); }},
      {"bframes", [](auto& s, auto v) { s.bframes = number_within<int>("bframes", v, 0, 4); }},
      {"quantizer", [](auto& s, auto v) { s.quantizer = number_within<int>("quantizer", v, 0, 50); }},
      {"matrix",
       [](auto& s, auto v) {
         if (v != "bt601" && v != "bt709") refuse("matrix", v, "bt601 or bt709 expected");
         s.matrix = v;
       }},
      {"range",
       [](auto& s, auto v) {
         if (v != "full" && v != "limited") refuse("range", v, "full or limited expected");
         s.full_range = v == "full";
       }},
      {"user", [](auto& s, auto v) { s.user = v; }},
      {"password", [](auto& s, auto v) { s.password = v; }},
      {"auth", [](auto& s, auto v) { s.auth = auth_of(v); }},
      {"transport", [](auto& s, auto v) { s.transport = transport_of(v); }},
      {"fault", [](auto& s, auto v) { s.faults.push_back(planned(v)); }},
  };
  return table;
}

std::string known_keys() {
  std::string all;
  for (const auto& [key, setter] : setters()) all += (all.empty() ? "" : ", ") + key;
  return all;
}

void set_source(CameraSpec& spec, std::string_view source) {
  if (source.starts_with("scene:")) spec.scene = source.substr(6);
  if (source.starts_with("clip:")) spec.clip = source.substr(5);
  if (spec.scene.empty() && spec.clip.empty())
    throw Error(Exit::usage, "simulate", "camera " + spec.id, "scene:NAME or clip:PATH expected after ID=");
}

void set_option(CameraSpec& spec, std::string_view option) {
  const auto equals = option.find('=');
  const auto setter = setters().find(option.substr(0, equals));
  if (setter == setters().end() || equals == std::string_view::npos)
    throw Error(Exit::usage, "simulate", "camera " + spec.id + ": " + std::string(option.substr(0, equals)),
                "unknown key; known are " + known_keys());
  setter->second(spec, option.substr(equals + 1));
}

void check_whole(const CameraSpec& spec) {
  if (spec.user.empty() != spec.password.empty())
    throw Error(Exit::usage, "simulate", "camera " + spec.id, "user and password go together");
  if (spec.loop_s * spec.fps > 20'000)
    throw Error(Exit::usage, "simulate", "camera " + spec.id, "loop times fps at most 20000 pictures");
}

bool id_allowed(std::string_view id) {
  return !id.empty() && id.size() <= 64 && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

}  // namespace

double parse_seconds(std::string_view text, std::string_view key) {
  auto digits = text;
  double unit = 1;
  if (text.ends_with("ms")) digits.remove_suffix(2), unit = 1e-3;
  else if (text.ends_with("s")) digits.remove_suffix(1);
  else if (text.ends_with("m")) digits.remove_suffix(1), unit = 60;
  const auto value = number<double>(digits);
  if (!value || !std::isfinite(*value) || *value < 0 || *value * unit > 1e7)
    refuse(key, text, "a duration like 15, 1.5s, 500ms or 2m expected");
  return *value * unit;
}

CameraSpec parse_camera(std::string_view text) {
  const auto equals = text.find('=');
  CameraSpec spec;
  spec.id = text.substr(0, equals);
  if (equals == std::string_view::npos || !id_allowed(spec.id))
    throw Error(Exit::usage, "simulate", "camera " + spec.id,
                "ID=scene:NAME,… or ID=clip:PATH,… expected (letters, digits, - and _ in ID)");
  auto rest = text.substr(equals + 1);
  for (bool first = true; !rest.empty() || first; first = false) {
    const auto comma = rest.find(',');
    const auto part = rest.substr(0, comma);
    if (first) set_source(spec, part);
    else set_option(spec, part);
    rest = comma == std::string_view::npos ? std::string_view{} : rest.substr(comma + 1);
  }
  if (spec.fps == 0 && !spec.scene.empty()) spec.fps = 10;
  check_whole(spec);
  return spec;
}

}  // namespace lynceus::tools
