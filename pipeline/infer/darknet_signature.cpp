#include "pipeline/infer/darknet_signature.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <sstream>
#include <stdexcept>
#include <string>

namespace lynceus::infer {
namespace {

constexpr int kLongestSide = 4096;

std::string without_spaces(std::string line) {
  line.erase(std::remove_if(line.begin(), line.end(), [](unsigned char c) { return std::isspace(c) != 0; }),
             line.end());
  return line;
}

/// "width = 416" → 416 when the key is right, else -1.
int value_of(const std::string& spaced, const std::string& key) {
  const std::string line = without_spaces(spaced);
  if (!line.starts_with(key + "=")) return -1;
  int value = -1;
  std::from_chars(line.data() + key.size() + 1, line.data() + line.size(), value);
  return value;
}

std::string text_of(std::span<const std::byte> cfg) { return {reinterpret_cast<const char*>(cfg.data()), cfg.size()}; }

}  // namespace

std::vector<int> read_darknet_input(std::span<const std::byte> cfg) {
  std::istringstream lines(text_of(cfg));
  int channels = -1, height = -1, width = -1;
  bool inside = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("[")) {
      if (inside) break;
      inside = line.starts_with("[net]") || line.starts_with("[network]");
    }
    if (!inside) continue;
    channels = std::max(channels, value_of(line, "channels"));
    height = std::max(height, value_of(line, "height"));
    width = std::max(width, value_of(line, "width"));
  }
  if (height < 1 || width < 1 || height > kLongestSide || width > kLongestSide || channels > 4) {
    throw std::runtime_error("its cfg has no usable width, height and channels");
  }
  return {channels > 0 ? channels : 3, height, width};
}

std::string with_all_scores(std::span<const std::byte> cfg) {
  std::istringstream lines(text_of(cfg));
  std::string out;
  bool head = false;
  for (std::string line; std::getline(lines, line);) {
    if (head && without_spaces(line).starts_with("thresh=")) continue;
    out += line + '\n';
    if (!line.starts_with("[")) continue;
    head = line.starts_with("[yolo]") || line.starts_with("[region]");
    if (head) out += "thresh=0.001\n";
  }
  return out;
}

}  // namespace lynceus::infer
