// What is sent of a file: all of it or the range a player asked for, with the header that says so. Thread: pure
// functions.
#pragma once

#include <cstdint>

#include "daemon/api/message.h"

namespace lynceus::daemon::http {

struct FilePart {
  Response head;                     ///< 200 or 206 without a body; 416, then it is all of the answer
  std::uint64_t begin = 0, end = 0;  ///< bytes of the file, end not included
};

/// `size` is that of the open file.
FilePart part_of(const FileAnswer& wanted, std::uint64_t size);

}  // namespace lynceus::daemon::http
