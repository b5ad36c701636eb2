// How a request comes in: Beast's parser within the server's bounds, what is refused before the API hears of it, and
// what the API gets to see. No socket, so that tests and the fuzz target take the very same way as a connection.
// Thread: pure functions.
//
//   Parser parser;
//   bound(parser, settings);
//   read_header(wire, buffer, parser, error);
//   if (const auto refused = error ? refusal_of(error) : refusal_of(parser.get())) …
#pragma once

#include <boost/beast/core/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <optional>

#include "daemon/api/message.h"
#include "daemon/http/server.h"

namespace lynceus::daemon::http {

using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;
using Message = Parser::value_type;

/// Before the first byte.
void bound(Parser& parser, const ServerSettings& settings);

/// The connection says so and ends.
struct Refused {
  int status = 400;
  const char* why = "";
};
/// Of a header that came whole, before its body is read.
std::optional<Refused> refusal_of(const Message& header);
/// Of what reading ended with; nothing where it was the wire that ended.
std::optional<Refused> refusal_of(const boost::beast::error_code& error);

/// The client sends the body once it is told to.
bool waits_for_continue(const Message& header);

/// How the request was made, as far as the answer's form depends on it.
struct Terms {
  unsigned version = 11;
  bool keep_alive = false;
  bool head = false;  ///< only the header is wanted
};
Terms terms_of(const Message& message);

/// What the API is asked; the body moves. Who asks and over what is the connection's to add.
Request request_of(Message& message);

}  // namespace lynceus::daemon::http
