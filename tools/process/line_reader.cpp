#include "tools/process/line_reader.h"

#include <unistd.h>

#include <cerrno>
#include <cstddef>

namespace lynceus::tools {
namespace {

constexpr std::size_t kLongestLine = 64 << 10;

}  // namespace

bool LineReader::fill() {
  char bytes[4096];
  const ssize_t got = read(fd_, bytes, sizeof bytes);
  if (got < 0) return errno == EINTR || errno == EAGAIN;
  pending_.append(bytes, static_cast<std::size_t>(got));
  return got > 0;
}

std::optional<std::string> LineReader::take() {
  auto end = pending_.find('\n');
  if (end == std::string::npos && pending_.size() < kLongestLine) return std::nullopt;
  if (end == std::string::npos) end = kLongestLine;
  std::string line = pending_.substr(0, end);
  pending_.erase(0, end + 1);
  if (line.ends_with('\r')) line.pop_back();
  return line;
}

}  // namespace lynceus::tools
