#include "pipeline/ingest/reader.h"

#include <glob.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "pipeline/ingest/local_path.h"
#include "pipeline/ingest/readers.h"
#include "pipeline/ingest/source_settings.h"
#include "pipeline/ingest/url.h"
#include "pipeline/picture/picture_io.h"

namespace lynceus::ingest {
namespace {

namespace fs = std::filesystem;

bool digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }

/// The run of digits at `at` without leading zeros.
std::string_view number_at(std::string_view text, std::size_t& at) {
  std::size_t begin = at;
  while (at < text.size() && digit(text[at])) ++at;
  while (begin + 1 < at && text[begin] == '0') ++begin;
  return text.substr(begin, at - begin);
}

/// Runs of digits compare as numbers: frame2 before frame10.
bool natural_less(std::string_view a, std::string_view b) {
  std::size_t i = 0, j = 0;
  while (i < a.size() && j < b.size()) {
    if (digit(a[i]) && digit(b[j])) {
      const auto first = number_at(a, i), second = number_at(b, j);
      if (first.size() != second.size()) return first.size() < second.size();
      if (first != second) return first < second;
    } else {
      if (a[i] != b[j]) return a[i] < b[j];
      ++i, ++j;
    }
  }
  if (i < a.size() || j < b.size()) return i >= a.size();
  return a < b;
}

bool is_pattern(const std::string& input) {
  std::error_code ignored;
  return input.find_first_of("*?[") != std::string::npos && !fs::exists(input, ignored);
}

std::vector<std::string> matches_of(const std::string& pattern) {
  glob_t found{};
  std::vector<std::string> paths;
  if (::glob(pattern.c_str(), 0, nullptr, &found) == 0) {
    for (std::size_t i = 0; i < found.gl_pathc; ++i) paths.emplace_back(found.gl_pathv[i]);
  }
  ::globfree(&found);
  std::sort(paths.begin(), paths.end(), natural_less);
  return paths;
}

}  // namespace

InputKind kind_of(const std::string& input) {
  const auto url = parse_url(input);
  if (url && url->scheme != "file") return InputKind::live;
  const std::string path = local_path(input);
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) return InputKind::folder;
  if (is_pattern(path) || picture::has_picture_suffix(path)) return InputKind::image;
  return InputKind::video;
}

std::vector<std::string> pictures_of(const std::string& folder) {
  std::error_code trouble;
  std::vector<std::string> paths;
  for (fs::directory_iterator at(folder, trouble), end; !trouble && at != end; at.increment(trouble)) {
    std::error_code ignored;
    if (at->is_regular_file(ignored) && picture::has_picture_suffix(at->path().string())) {
      paths.push_back(at->path().string());
    }
  }
  if (trouble) throw Error(Exit::unreadable, "cannot read", folder, trouble.message());
  std::sort(paths.begin(), paths.end(), natural_less);
  return paths;
}

std::unique_ptr<Reader> open_reader(const std::string& input) {
  const std::string path = local_path(input);
  switch (kind_of(input)) {
    case InputKind::live:
      return read_live(input);
    case InputKind::folder: {
      auto pictures = pictures_of(path);
      if (pictures.empty()) throw Error(Exit::unreadable, "cannot read", input, "no picture in this folder");
      return read_pictures(std::move(pictures), true);
    }
    case InputKind::image: {
      if (!is_pattern(path)) return read_pictures({path}, false);
      auto pictures = matches_of(path);
      if (pictures.empty()) throw Error(Exit::unreadable, "cannot read", input, "nothing matches");
      return read_pictures(std::move(pictures), false);
    }
    case InputKind::video:
      break;
  }
  return read_video(path);
}

}  // namespace lynceus::ingest
