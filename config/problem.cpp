#include "config/problem.h"

#include <algorithm>
#include <cstddef>
#include <cstdio>

#include "base/log.h"
#include "config/config.h"

namespace lynceus::config {
namespace {

constexpr std::size_t kMaxShown = 60;
constexpr std::size_t kMaxProblems = 100;

void append_printable(std::string& out, std::string_view text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte != 0x7f) {
      out += c;
      continue;
    }
    char hex[8];
    std::snprintf(hex, sizeof hex, "\\x%02x", byte);
    out += hex;
  }
}

/// Cuts at a character, not inside one.
std::string shortened(std::string_view text) {
  if (text.size() <= kMaxShown) return std::string(text);
  std::size_t end = kMaxShown;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return std::string(text.substr(0, end)) + "…";
}

/// Damerau–Levenshtein, adjacent letters swapped counting as one.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) d[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j) d[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
      d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
    }
  }
  return d[a.size()][b.size()];
}

/// `latency` for `latency_ms`.
bool begins(std::string_view name, std::string_view other) {
  return name.size() >= 4 && (other.starts_with(name) || (other.size() >= 4 && name.starts_with(other)));
}

}  // namespace

std::string Place::key() const {
  std::vector<const Path*> parts;
  for (const Path* part = path.get(); part != nullptr; part = part->parent.get()) parts.push_back(part);
  std::string out;
  for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
    if (!out.empty() && (*part)->key.front() != '[') out += '.';
    out += (*part)->key;
  }
  return out;
}

std::string Place::where() const {
  if (!file) return "default";
  if (line <= 0) return *file;
  return *file + ":" + std::to_string(line) + ":" + std::to_string(column);
}

Place Place::child(const std::string& name, int child_line, int child_column) const {
  // A key that is a URL (a mistake in the indentation) must not show its password in the path.
  std::string part = shown(name);
  part = part.substr(1, part.size() - 2);
  if (part.empty()) part = "''";
  return Place{file, child_line, child_column, std::make_shared<const Path>(Path{path, std::move(part)})};
}

void Problems::add(const Place& place, const std::string& why) {
  if (found_.size() >= kMaxProblems) return;
  const std::string key = place.key();
  std::string text = place.where() + ": " + (key.empty() ? "" : key + ": ") + why;
  const bool known = std::any_of(found_.begin(), found_.end(), [&](const Problem& p) { return p.text == text; });
  if (!known) found_.push_back({place.file ? *place.file : "", place.line, place.column, std::move(text)});
}

std::vector<std::string> Problems::lines() const {
  auto sorted = found_;
  std::vector<std::string> files;  // in the order they were met
  for (const Problem& p : found_) {
    if (std::find(files.begin(), files.end(), p.file) == files.end()) files.push_back(p.file);
  }
  const auto rank = [&](const Problem& p) { return std::find(files.begin(), files.end(), p.file) - files.begin(); };
  std::stable_sort(sorted.begin(), sorted.end(), [&](const Problem& a, const Problem& b) {
    if (a.file != b.file) return rank(a) < rank(b);
    return a.line != b.line ? a.line < b.line : a.column < b.column;
  });
  std::vector<std::string> out;
  for (Problem& p : sorted) out.push_back(std::move(p.text));
  return out;
}

void Problems::raise() const {
  if (any()) throw ConfigError(lines());
}

std::string shown(std::string_view text) {
  std::string out = "'";
  append_printable(out, shortened(log::redact(text)));
  return out + "'";
}

std::string nearest(std::string_view name, std::span<const std::string> names) {
  if (name.size() > 64) return {};
  const std::size_t reach = name.size() <= 3 ? 1 : 2;
  std::string best;
  std::size_t least = reach + 1;
  for (const std::string& candidate : names) {
    const std::size_t d = distance(name, candidate);
    if (d < least) {
      least = d;
      best = candidate;
    }
  }
  if (!best.empty()) return best;
  const auto begun = std::find_if(names.begin(), names.end(), [&](const std::string& n) { return begins(name, n); });
  return begun == names.end() ? "" : *begun;
}

std::string joined(std::span<const std::string> names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ", ") + name;
  return out;
}

std::string accepted(std::string_view name, std::span<const std::string> names) {
  const std::string near = nearest(name, names);
  if (!near.empty()) return "; did you mean '" + near + "'?";
  return names.empty() ? "; accepted: nothing" : "; accepted: " + joined(names);
}

}  // namespace lynceus::config
