#include "plugins/people/boxes_file.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <stdexcept>
#include <string_view>

namespace lynceus::people {
namespace {

constexpr std::size_t kNeeded = 6, kScore = 6;
constexpr double kLargest = 1e7;

std::string_view next_line(std::string_view& rest) {
  const std::size_t end = rest.find('\n');
  std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
  return line;
}

/// How many numbers the line holds, the first seven of them.
std::size_t numbers(std::string_view line, std::array<double, 7>& out) {
  std::size_t n = 0;
  while (!line.empty() && n < out.size()) {
    const std::size_t skip = line.find_first_not_of(" ,\t");
    if (skip == std::string_view::npos) break;
    line.remove_prefix(skip);
    const auto [end, fault] = std::from_chars(line.data(), line.data() + line.size(), out[n]);
    if (fault != std::errc() || !std::isfinite(out[n]) || std::abs(out[n]) > kLargest) return 0;
    line.remove_prefix(std::size_t(end - line.data()));
    ++n;
  }
  return n;
}

}  // namespace

BoxesFile::BoxesFile(const std::string& text) {
  std::string_view rest = text;
  bool shares = true;
  for (std::size_t row = 1; !rest.empty(); ++row) {
    const std::string_view line = next_line(rest);
    if (line.empty()) continue;
    std::array<double, 7> v{};
    v[kScore] = 1;
    if (numbers(line, v) < kNeeded || v[0] < 1 || v[0] != std::floor(v[0])) {
      throw std::runtime_error("line " + std::to_string(row) + ": accepted is frame,id,x,y,width,height,score");
    }
    if (!(v[4] > 0) || !(v[5] > 0)) continue;
    shares = shares && v[kScore] >= 0 && v[kScore] <= 1;
    frames_[std::uint64_t(v[0]) - 1].push_back({{v[2], v[3], v[4], v[5]}, v[kScore]});
  }
  for (auto& [frame, boxes] : frames_) {
    std::stable_sort(boxes.begin(), boxes.end(),
                     [](const Detection& a, const Detection& b) { return a.score > b.score; });
    if (shares) continue;
    for (Detection& d : boxes) d.score = d.score > 0 ? 1 : 0.1;
  }
}

const std::vector<Detection>& BoxesFile::at(std::uint64_t frame) const {
  static const std::vector<Detection> none;
  const auto found = frames_.find(frame);
  return found == frames_.end() ? none : found->second;
}

}  // namespace lynceus::people
