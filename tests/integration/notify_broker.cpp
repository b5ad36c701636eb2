#include "tests/integration/notify_broker.h"

#include <arpa/inet.h>
#include <mosquitto.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "tests/support/http_client.h"

namespace lynceus::test {
namespace {

using namespace std::chrono_literals;

/// mosquitto cannot be asked for "any port": one that was free a moment ago.
int free_port() {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  const bool bound = ::bind(fd, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                     ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  ::close(fd);
  if (!bound) throw std::runtime_error("no free port");
  return ntohs(address.sin_port);
}

bool takes_connections(int port) {
  try {
    const Connection connection(port, 200ms);
    return true;
  } catch (const std::runtime_error&) {
    return false;
  }
}

}  // namespace

std::string mosquitto_program() {
  for (const char* path : {"/usr/sbin/mosquitto", "/usr/bin/mosquitto", "/usr/local/sbin/mosquitto"}) {
    if (std::filesystem::exists(path)) return path;
  }
  return {};
}

MosquittoBroker::MosquittoBroker(Settings settings) : settings_(std::move(settings)) {
  for (int attempt = 0; attempt < 5; ++attempt) {
    port_ = free_port();
    try {
      start();
      return;
    } catch (const std::runtime_error&) {  // somebody took the port meanwhile
      if (attempt == 4) throw;
    }
  }
}

void MosquittoBroker::start() {
  std::ofstream config(folder_ / "mosquitto.conf");
  config << "listener " << port_ << " 127.0.0.1\npersistence false\nlog_dest stderr\nuser root\n";
  if (settings_.user.empty()) {
    config << "allow_anonymous true\n";
  } else {
    ChildProcess passwd({"mosquitto_passwd", "-c", "-b", folder_ / "passwords", settings_.user, settings_.password});
    if (passwd.wait(20s) != 0) throw std::runtime_error("mosquitto_passwd: " + passwd.output());
    config << "allow_anonymous false\npassword_file " << (folder_ / "passwords") << "\n";
  }
  if (!settings_.certificate.empty())
    config << "certfile " << settings_.certificate << "\nkeyfile " << settings_.key << "\n";
  config.close();
  process_.emplace(std::vector<std::string>{mosquitto_program(), "-c", folder_ / "mosquitto.conf"});
  const auto end = std::chrono::steady_clock::now() + 20s;
  while (!takes_connections(port_)) {
    if (process_->wait(10ms) || std::chrono::steady_clock::now() > end)
      throw std::runtime_error("mosquitto: " + process_->output());
  }
}

void MosquittoBroker::stop() {
  process_->signal(SIGKILL);
  process_->wait(10s);
}

void MqttListener::Free::operator()(mosquitto* handle) const { mosquitto_destroy(handle); }

MqttListener::MqttListener(const MosquittoBroker& broker, const std::string& filter) {
  mosquitto_lib_init();
  handle_.reset(mosquitto_new(nullptr, true, this));
  const auto& settings = broker.settings();
  if (!settings.user.empty())
    mosquitto_username_pw_set(handle_.get(), settings.user.c_str(), settings.password.c_str());
  if (!settings.certificate.empty()) {
    mosquitto_tls_set(handle_.get(), settings.certificate.c_str(), nullptr, nullptr, nullptr, nullptr);
    mosquitto_tls_insecure_set(handle_.get(), true);
  }
  mosquitto_message_callback_set(handle_.get(), on_message);
  if (mosquitto_connect(handle_.get(), "127.0.0.1", broker.port(), 30) != MOSQ_ERR_SUCCESS)
    throw std::runtime_error("the listener cannot connect");
  mosquitto_subscribe(handle_.get(), nullptr, filter.c_str(), 1);
  mosquitto_loop_start(handle_.get());
}

MqttListener::~MqttListener() {
  mosquitto_disconnect(handle_.get());
  mosquitto_loop_stop(handle_.get(), false);
}

void MqttListener::on_message(mosquitto*, void* self, const mosquitto_message* message) {
  auto& listener = *static_cast<MqttListener*>(self);
  std::lock_guard lock(listener.mutex_);
  listener.heard_[message->topic].emplace_back(static_cast<const char*>(message->payload),
                                               static_cast<std::size_t>(message->payloadlen));
  listener.changed_.notify_all();
}

void MqttListener::publish(const std::string& topic, const std::string& payload, bool retain) {
  mosquitto_publish(handle_.get(), nullptr, topic.c_str(), static_cast<int>(payload.size()), payload.data(), 1, retain);
}

std::string MqttListener::last(const std::string& topic) const {
  std::lock_guard lock(mutex_);
  const auto found = heard_.find(topic);
  return found == heard_.end() ? "(nothing)" : found->second.back();
}

std::size_t MqttListener::count(const std::string& topic) const {
  std::lock_guard lock(mutex_);
  const auto found = heard_.find(topic);
  return found == heard_.end() ? 0 : found->second.size();
}

bool MqttListener::wait_for(const std::string& topic, const std::string& part, std::chrono::milliseconds within) const {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, within, [&] {
    const auto found = heard_.find(topic);
    return found != heard_.end() && found->second.back().find(part) != std::string::npos;
  });
}

}  // namespace lynceus::test
