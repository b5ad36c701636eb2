// A request and what answers it, free of any network library: handlers and their tests see nothing else.
//
// Handlers run on the io threads and never wait: what takes time is answered later (DeferredAnswer), what is long is
// named and sent by the server (pictures, files, events). Thread: values.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace lynceus::daemon::http {

using Fields = std::map<std::string, std::string, std::less<>>;

struct Request {
  std::string method;
  std::string target;         ///< as sent: path and query
  std::string host;           ///< Host header; empty: none, or more than one
  std::string local_address;  ///< of our end of the connection
  std::string peer_address;
  bool tls = false;
  Fields headers;  ///< those of known_headers(), in lower case; one sent twice is joined by ", "
  std::string body;

  std::string_view header(std::string_view name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? std::string_view{} : std::string_view(found->second);
  }
};

/// The headers that handlers may see.
inline constexpr const char* kKnownHeaders[] = {"authorization", "content-type", "cookie", "if-none-match",
                                                "last-event-id", "origin",       "range",  "sec-fetch-site"};

struct Response {
  int status = 200;
  std::string type = "application/json";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
};

/// Answered with the newest picture of a camera, once or for as long as the client likes.
struct PictureAnswer {
  std::string camera, view;
  bool stream = false;
  double fps = 5;
};

/// Answered later. `begin` starts the work at once and calls its argument once, on any thread; a second call is
/// ignored, none within the server's time is 504.
using Reply = std::function<void(Response)>;
struct DeferredAnswer {
  std::function<void(Reply)> begin;
};

/// Answered with a file, or the part of it that `range` (the header) asks for.
struct FileAnswer {
  std::string path, type, range;
};

/// What one listener of Server-Sent Events is to be told.
class EventFeed {
 public:
  virtual ~EventFeed() = default;
  /// Before the first next(). `wake` is called on any thread when there may be more; must return at once.
  virtual void on_more(std::function<void()> wake) = 0;
  /// Text ready to be sent; empty: nothing now; nothing: the listener fell too far behind and is let go.
  virtual std::optional<std::string> next() = 0;
};
struct EventsAnswer {
  std::shared_ptr<EventFeed> feed;
};

using Answer = std::variant<Response, PictureAnswer, DeferredAnswer, FileAnswer, EventsAnswer>;

/// A target taken apart: percent-decoded path segments and query. Nothing for one that is malformed.
struct Target {
  std::vector<std::string> segments;
  Fields query;
};
std::optional<Target> parse_target(std::string_view target);

}  // namespace lynceus::daemon::http
