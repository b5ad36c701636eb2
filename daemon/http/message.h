// A request and what answers it, free of any network library: handlers and their tests see nothing else.
// Thread: values.
#pragma once

#include <map>
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
  std::string host;           ///< Host header; empty: none
  std::string local_address;  ///< of our end of the connection
};

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

using Answer = std::variant<Response, PictureAnswer>;

/// A target taken apart: percent-decoded path segments and query. Nothing for one that is malformed.
struct Target {
  std::vector<std::string> segments;
  Fields query;
};
std::optional<Target> parse_target(std::string_view target);

}  // namespace lynceus::daemon::http
