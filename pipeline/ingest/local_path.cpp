#include "pipeline/ingest/local_path.h"

#include "pipeline/ingest/url.h"

namespace lynceus::ingest {

std::string local_path(const std::string& address) {
  const auto url = parse_url(address);
  if (!url) return address;
  // file://videos/a.mp4 is not what the RFC means, but what people write.
  const std::string host = url->address == "localhost" ? "" : url->address;
  return percent_decoded(host) + url->plain_path();
}

}  // namespace lynceus::ingest
