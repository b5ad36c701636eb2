#include "daemon/api/file_part.h"

#include <string>

#include "daemon/api/problem.h"
#include "daemon/api/range.h"

namespace lynceus::daemon::http {

FilePart part_of(const FileAnswer& wanted, std::uint64_t size) {
  const std::string of_all = "/" + std::to_string(size);
  const Ranged ranged = parse_range(wanted.range, size);
  FilePart part;
  if (ranged.kind == RangeKind::outside) {
    part.head = problem(416, "the file has " + std::to_string(size) + " bytes");
    part.head.headers.emplace_back("Content-Range", "bytes *" + of_all);
    return part;
  }
  part.end = size;
  part.head.type = wanted.type;
  part.head.headers = {{"Accept-Ranges", "bytes"}, {"Cache-Control", "private, no-store"}};
  if (ranged.kind == RangeKind::whole) return part;
  part.head.status = 206;
  part.begin = ranged.range.first;
  part.end = ranged.range.last + 1;
  const std::string bytes = std::to_string(part.begin) + "-" + std::to_string(ranged.range.last);
  part.head.headers.emplace_back("Content-Range", "bytes " + bytes + of_all);
  return part;
}

}  // namespace lynceus::daemon::http
