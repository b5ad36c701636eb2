// The files of web/, embedded at build time. Thread: constant.
#pragma once

#include <span>
#include <string_view>

namespace lynceus::daemon::http {

struct PageFile {
  std::string_view path;  ///< "/js/main.js"
  std::string_view type;
  std::string_view tag;  ///< of its content, quoted as an ETag is
  std::string_view content;
};

std::span<const PageFile> page_files();

}  // namespace lynceus::daemon::http
