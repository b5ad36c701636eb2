// file:///a/b, v4l2:///dev/video0 and plain paths: the path they mean. Thread: reentrant.
#pragma once

#include <string>

namespace lynceus::ingest {

std::string local_path(const std::string& address);

}  // namespace lynceus::ingest
