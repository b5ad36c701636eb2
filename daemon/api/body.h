// The JSON object of a request's body, read with bounds: known keys only, of the right type, not nested deeply.
//
//   const Body body(call.request.body, {"minutes"});
//   const auto minutes = body.whole("minutes", 30, 0, 10080);
//
// Throws Refusal (400) that names the key. Thread: bound to its owner.
#pragma once

#include <initializer_list>
#include <memory>
#include <optional>
#include <string>

namespace lynceus::daemon::http {

class Body {
 public:
  /// An empty body is an object without keys.
  Body(const std::string& text, std::initializer_list<const char*> known);
  ~Body();

  std::string text(const char* key) const;  ///< must be there, not empty, at most 256 bytes
  bool flag(const char* key) const;         ///< must be there
  /// Absent: `otherwise`, or refused where that is nothing.
  long whole(const char* key, std::optional<long> otherwise, long least, long greatest) const;

 private:
  struct Parsed;
  std::unique_ptr<Parsed> parsed_;
};

/// Refuses what is no JSON object, is nested deeper than 32 levels, or has an object of more than 1000 keys.
void check_json_object(const std::string& text);

}  // namespace lynceus::daemon::http
