// Any request is answered: the first line is METHOD TARGET, then headers, an empty line, the body. Everybody is admin
// here, so that the handlers behind the table are reached.
#include <cstddef>
#include <cstdint>
#include <sstream>
#include <string>
#include <string_view>

#include "daemon/http/range.h"
#include "tests/unit/daemon/api_room.h"

namespace {

using lynceus::daemon::http::Request;

Request request_of(const std::string& text) {
  std::istringstream lines(text);
  Request request = lynceus::test::ApiRoom::request("GET", "/");
  std::string line;
  std::getline(lines, line);
  const auto space = line.find(' ');
  request.method = line.substr(0, space);
  if (space != std::string::npos) request.target = line.substr(space + 1);
  while (std::getline(lines, line) && !line.empty()) {
    const auto colon = line.find(':');
    const std::string name = line.substr(0, colon), value = colon == std::string::npos ? "" : line.substr(colon + 1);
    if (name == "host") request.host = value;
    for (const char* known : lynceus::daemon::http::kKnownHeaders) {
      if (name == known) request.headers[name] = value;
    }
  }
  request.body.assign(std::istreambuf_iterator<char>(lines), {});
  return request;
}

lynceus::test::ApiRoom& room() {
  static auto* const made = [] {
    lynceus::daemon::http::Access::Settings open;
    open.none = true;
    open.reads_per_second = open.writes_per_second = 1e9;
    return new lynceus::test::ApiRoom(open);
  }();
  return *made;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Request request = request_of(std::string(reinterpret_cast<const char*>(data), size));
  lynceus::daemon::http::parse_range(request.header("range"), 1000);
  const lynceus::daemon::http::Answer answer = room().api->answer(request);
  if (const auto* later = std::get_if<lynceus::daemon::http::DeferredAnswer>(&answer)) {
    later->begin([](const lynceus::daemon::http::Response&) {});
  }
  if (const auto* now = std::get_if<lynceus::daemon::http::Response>(&answer); now && now->status == 500) __builtin_trap();
  return 0;
}
