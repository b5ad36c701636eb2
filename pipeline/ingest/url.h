// A camera's address taken apart: credentials leave the text at once, so that no library ever sees or quotes them.
//
//   const auto url = parse_url("rtsp://joe:p%40ss@10.0.0.7:554/main?channel=1");
//   url->bare()   → "rtsp://10.0.0.7:554/main?channel=1"      url->password → "p@ss"
//
// Thread: reentrant.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace lynceus::ingest {

struct Url {
  std::string scheme;          ///< lower case, without "://"
  std::string user, password;  ///< percent-escapes decoded
  std::string address;         ///< host or host:port; the whole of a local name such as a scene
  std::string path;            ///< from the first '/', '?' or '#' behind the address to the end

  std::string bare() const { return scheme + "://" + address + path; }
  /// Name and value of the query part, decoded; the last of equal names counts.
  std::map<std::string, std::string> query() const;
  /// The path without query and fragment, decoded.
  std::string plain_path() const;
};

/// Nothing when the text has no "scheme://".
std::optional<Url> parse_url(std::string_view text);
std::string percent_decoded(std::string_view text);

}  // namespace lynceus::ingest
