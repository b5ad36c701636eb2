// What the API may ask the daemon to do to itself. Implemented by app/, faked in tests.
//
// Everything that takes time answers through `done`, once, on any thread. Texts are JSON. Thread: any.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace lynceus::daemon::http {

struct Outcome {
  enum class Kind { done, unknown, invalid, failed } kind = Kind::done;
  std::string body;                 ///< JSON of the answer, may be empty
  std::string why;                  ///< one line for people when it is not done
  std::vector<std::string> errors;  ///< invalid: each "FILE:LINE:COLUMN: KEY: why" or "KEY: why"
};
using Done = std::function<void(const Outcome&)>;

class Control {
 public:
  virtual ~Control() = default;
  virtual void reload(Done done) = 0;
  virtual std::string config() const = 0;  ///< JSON, secrets masked, with each value's origin

  virtual void settings(const std::string& camera, Done done) = 0;
  /// Checked as the file is, written to settings.d/CAMERA.yaml and applied; invalid: nothing changed.
  virtual void put_settings(const std::string& camera, const std::string& json, Done done) = 0;
  virtual void delete_settings(const std::string& camera, Done done) = 0;
  virtual void enable(const std::string& camera, bool enabled, Done done) = 0;
  /// The analyzer takes the picture of now as its reference (health `moved`, scene `layout_changed` …).
  virtual void reference(const std::string& camera, const std::string& plugin, Done done) = 0;
  virtual void proposals(const std::string& camera, Done done) = 0;

  /// A test message to a sink; the answer says what the receiver said.
  virtual void test_sink(const std::string& sink, Done done) = 0;
};

}  // namespace lynceus::daemon::http
