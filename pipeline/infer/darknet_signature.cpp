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

/// "width = 416" → 416 when the key is right, else -1.
int value_of(std::string line, const std::string& key) {
  line.erase(std::remove_if(line.begin(), line.end(), [](unsigned char c) { return std::isspace(c) != 0; }), line.end());
  if (!line.starts_with(key + "=")) return -1;
  int value = -1;
  std::from_chars(line.data() + key.size() + 1, line.data() + line.size(), value);
  return value;
}

}  // namespace

std::vector<int> read_darknet_input(std::span<const std::byte> cfg) {
  std::istringstream lines(std::string(reinterpret_cast<const char*>(cfg.data()), cfg.size()));
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

}  // namespace lynceus::infer
