// mosquitto of the distribution as a child process, on a port of its own, and a listener beside the daemon's code.
//
//   MosquittoBroker broker({.password = "…"});     MqttListener listener(broker, "lynceus/#");
#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/child_process.h"
#include "tests/support/temp_folder.h"

struct mosquitto;
struct mosquitto_message;

namespace lynceus::test {

/// Where it is installed; empty: nowhere.
std::string mosquitto_program();

class MosquittoBroker {
 public:
  struct Settings {
    std::string user, password;    ///< empty: anybody
    std::string certificate, key;  ///< PEM files; empty: plain
  };
  explicit MosquittoBroker(Settings settings);
  int port() const { return port_; }
  const Settings& settings() const { return settings_; }
  void stop();   ///< kill -9
  void start();  ///< on the same port; what was retained is forgotten

 private:
  const Settings settings_;
  TempFolder folder_;
  int port_ = 0;
  std::optional<ChildProcess> process_;
};

/// Hears everything on a filter, over a connection of its own.
class MqttListener {
 public:
  MqttListener(const MosquittoBroker& broker, const std::string& filter);
  ~MqttListener();
  MqttListener(const MqttListener&) = delete;
  MqttListener& operator=(const MqttListener&) = delete;

  void publish(const std::string& topic, const std::string& payload, bool retain = false);
  /// The last payload of a topic; "(nothing)" when there was none.
  std::string last(const std::string& topic) const;
  bool wait_for(const std::string& topic, const std::string& part,
                std::chrono::milliseconds within = std::chrono::seconds{20}) const;
  std::size_t count(const std::string& topic) const;

 private:
  static void on_message(mosquitto* handle, void* self, const mosquitto_message* message);
  struct Free {
    void operator()(mosquitto* handle) const;
  };
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::map<std::string, std::vector<std::string>> heard_;  // guarded by mutex_
  std::unique_ptr<mosquitto, Free> handle_;
};

}  // namespace lynceus::test
