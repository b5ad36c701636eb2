#include "daemon/http/intake.h"

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/field.hpp>
#include <boost/beast/http/verb.hpp>
#include <cstdint>
#include <string>
#include <utility>

namespace lynceus::daemon::http {

namespace bhttp = boost::beast::http;

void bound(Parser& parser, const ServerSettings& settings) {
  parser.header_limit(static_cast<std::uint32_t>(settings.header_bytes));
  parser.body_limit(settings.body_bytes);
}

std::optional<Refused> refusal_of(const Message& header) {
  if (header.count(bhttp::field::transfer_encoding) > 0 && header.count(bhttp::field::content_length) > 0) {
    return Refused{400, "two lengths of one body"};
  }
  return std::nullopt;
}

std::optional<Refused> refusal_of(const boost::beast::error_code& error) {
  if (error == bhttp::error::header_limit || error == bhttp::error::buffer_overflow) {
    return Refused{431, "the header is too large"};
  }
  if (error == bhttp::error::body_limit) return Refused{413, "the body is too large"};
  const bool of_the_parser = error.category() == bhttp::make_error_code(bhttp::error::bad_version).category();
  if (!of_the_parser || error == bhttp::error::end_of_stream || error == bhttp::error::partial_message) {
    return std::nullopt;
  }
  return Refused{400, "this is not HTTP/1.1"};
}

bool waits_for_continue(const Message& header) {
  return boost::beast::iequals(header[bhttp::field::expect], "100-continue");
}

Terms terms_of(const Message& message) {
  return {message.version(), message.keep_alive(), message.method() == bhttp::verb::head};
}

Request request_of(Message& message) {
  Request request;
  request.method = std::string(message.method_string());
  request.target = std::string(message.target());
  if (message.count(bhttp::field::host) == 1) request.host = std::string(message[bhttp::field::host]);
  for (const char* name : kKnownHeaders) {
    const auto [begin, end] = message.equal_range(name);
    for (auto field = begin; field != end; ++field) {
      std::string& value = request.headers[name];
      value += (value.empty() ? "" : ", ") + std::string(field->value());
    }
  }
  request.body = std::move(message.body());
  return request;
}

}  // namespace lynceus::daemon::http
