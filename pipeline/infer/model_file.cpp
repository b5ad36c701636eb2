#include "pipeline/infer/model_file.h"

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <system_error>

namespace lynceus::infer {
namespace {

constexpr std::uintmax_t kLargestModel = std::uintmax_t{512} << 20;
constexpr std::size_t kLongestReason = 300;

}  // namespace

std::vector<std::byte> read_model_file(const std::string& path) {
  std::error_code failed;
  const auto status = std::filesystem::status(path, failed);
  if (!std::filesystem::exists(status)) throw cannot_load(path, "no such file");
  if (!std::filesystem::is_regular_file(status)) throw cannot_load(path, "not a regular file");
  const std::uintmax_t size = std::filesystem::file_size(path, failed);
  if (failed) throw cannot_load(path, failed.message());
  if (size == 0) throw cannot_load(path, "it is empty");
  if (size > kLargestModel) throw cannot_load(path, "larger than 512 MiB");

  std::ifstream file(path, std::ios::binary);
  std::vector<std::byte> bytes(size);
  file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(size));
  if (!file || static_cast<std::uintmax_t>(file.gcount()) != size) throw cannot_load(path, "it cannot be read");
  return bytes;
}

bool ends_with_nocase(std::string_view text, std::string_view ending) {
  if (text.size() < ending.size()) return false;
  return std::equal(ending.begin(), ending.end(), text.end() - static_cast<std::ptrdiff_t>(ending.size()),
                    [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); });
}

std::string one_line(std::string_view text) {
  std::string line(text.substr(0, text.find('\n')).substr(0, kLongestReason));
  while (!line.empty() && std::isspace(static_cast<unsigned char>(line.back()))) line.pop_back();
  return line.empty() ? "unknown error" : line;
}

std::runtime_error cannot_load(const std::string& path, std::string_view why) {
  return std::runtime_error("cannot load model: " + path + ": " + one_line(why));
}

}  // namespace lynceus::infer
