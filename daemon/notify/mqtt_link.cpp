#include "daemon/notify/mqtt_link.h"

#include <mosquitto.h>
#include <mqtt_protocol.h>
#include <poll.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace lynceus::daemon::notify {
namespace {

constexpr int kKeepAlive_s = 30;
constexpr int kMostUnderWay = 64;
constexpr int kMostPayloadBytes = 64 << 10;

/// The library as a whole; lives as long as the process.
void begin_library() {
  struct Library {
    Library() { mosquitto_lib_init(); }
    ~Library() { mosquitto_lib_cleanup(); }
  };
  static const Library library;
}

void check(int code, const char* what) {
  if (code == MOSQ_ERR_SUCCESS) return;
  const char* why = code == MOSQ_ERR_ERRNO ? std::strerror(errno) : mosquitto_strerror(code);
  throw std::runtime_error(std::string(what) + ": " + why);
}

std::string refusal(int code, int version) {
  const char* words = version == 5 ? mosquitto_reason_string(code) : mosquitto_connack_string(code);
  return std::string("the broker refused: ") + words;
}

}  // namespace

struct MqttLink::Callbacks {
  static MqttLink& self(void* object) { return *static_cast<MqttLink*>(object); }

  static void connect(mosquitto*, void* object, int code, int, const mosquitto_property*) {
    MqttLink& link = self(object);
    if (code != 0) {
      link.ended_ = refusal(code, link.sink_.version);
      return;
    }
    link.connected_ = true;
    link.events_.connected();
  }
  static void disconnect(mosquitto*, void* object, int code, const mosquitto_property*) {
    MqttLink& link = self(object);
    if (link.ended_.empty())
      link.ended_ = code == 0 ? "closed" : std::string("the connection was lost: ") + mosquitto_strerror(code);
  }
  static void publish(mosquitto*, void* object, int message, int reason, const mosquitto_property*) {
    self(object).events_.acknowledged(message, reason);
  }
  static void message(mosquitto*, void* object, const mosquitto_message* message, const mosquitto_property*) {
    if (message->payloadlen < 0 || message->payloadlen > kMostPayloadBytes) return;
    const std::string payload(static_cast<const char*>(message->payload),
                              static_cast<std::size_t>(message->payloadlen));
    self(object).events_.message(message->topic, payload, message->retain);
  }
};

void MqttLink::Free::operator()(mosquitto* handle) const { mosquitto_destroy(handle); }

MqttLink::MqttLink(const config::SinkSettings& sink, const std::string& client_id, const Will& will, LinkEvents& events)
    : events_(events), sink_(sink) {
  begin_library();
  handle_.reset(mosquitto_new(client_id.c_str(), true, this));
  if (!handle_) throw std::runtime_error("no client");
  set_up(sink, will);
}

MqttLink::~MqttLink() = default;

void MqttLink::set_up(const config::SinkSettings& sink, const Will& will) {
  mosquitto* handle = handle_.get();
  check(mosquitto_int_option(handle, MOSQ_OPT_PROTOCOL_VERSION,
                             sink.version == 5 ? MQTT_PROTOCOL_V5 : MQTT_PROTOCOL_V311),
        "the protocol");
  check(mosquitto_int_option(handle, MOSQ_OPT_SEND_MAXIMUM, kMostUnderWay), "the window");
  mosquitto_connect_v5_callback_set(handle, Callbacks::connect);
  mosquitto_disconnect_v5_callback_set(handle, Callbacks::disconnect);
  mosquitto_publish_v5_callback_set(handle, Callbacks::publish);
  mosquitto_message_v5_callback_set(handle, Callbacks::message);
  check(mosquitto_will_set(handle, will.topic.c_str(), static_cast<int>(will.payload.size()), will.payload.data(), 1,
                           true),
        "the last will");
  if (!sink.user.empty())
    check(mosquitto_username_pw_set(handle, sink.user.c_str(), sink.password.c_str()), "the user");
  if (!sink.tls) return;
  if (sink.ca_file.empty()) check(mosquitto_int_option(handle, MOSQ_OPT_TLS_USE_OS_CERTS, 1), "TLS");
  else
    check(mosquitto_tls_set(handle, sink.ca_file.c_str(), nullptr, nullptr, nullptr, nullptr),
          "the file of the authorities");
  check(mosquitto_tls_opts_set(handle, sink.verify_tls ? 1 : 0, nullptr, nullptr), "TLS");
  check(mosquitto_tls_insecure_set(handle, !sink.verify_tls), "TLS");
}

int port_of(const config::SinkSettings& sink) { return sink.port != 0 ? sink.port : sink.tls ? 8883 : 1883; }

void MqttLink::open() {
  check(mosquitto_connect(handle_.get(), sink_.host.c_str(), port_of(sink_), kKeepAlive_s), "connecting");
}

std::string MqttLink::turn(int wake_fd, std::chrono::milliseconds at_most) {
  mosquitto* handle = handle_.get();
  const int socket = mosquitto_socket(handle);
  if (socket < 0) return ended_.empty() ? "the connection was lost" : ended_;
  const short wanted = static_cast<short>(mosquitto_want_write(handle) ? POLLIN | POLLOUT : POLLIN);
  std::array<pollfd, 2> fds{{{socket, wanted, 0}, {wake_fd, POLLIN, 0}}};
  if (poll(fds.data(), fds.size(), static_cast<int>(at_most.count())) < 0 && errno != EINTR)
    return std::strerror(errno);
  int code = MOSQ_ERR_SUCCESS;
  if ((fds[0].revents & (POLLIN | POLLERR | POLLHUP)) != 0) code = mosquitto_loop_read(handle, 1);
  if (code == MOSQ_ERR_SUCCESS && ((fds[0].revents & POLLOUT) != 0 || mosquitto_want_write(handle)))
    code = mosquitto_loop_write(handle, 1);
  if (code == MOSQ_ERR_SUCCESS) code = mosquitto_loop_misc(handle);
  if (!ended_.empty()) return ended_;
  if (code == MOSQ_ERR_SUCCESS) return {};
  return std::string("the connection was lost: ") +
         (code == MOSQ_ERR_ERRNO ? std::strerror(errno) : mosquitto_strerror(code));
}

void MqttLink::close() {
  mosquitto_disconnect(handle_.get());
  mosquitto_loop_write(handle_.get(), 1);
}

int MqttLink::publish(const std::string& topic, const std::string& payload, bool retain) {
  int message = -1;
  const int code = mosquitto_publish(handle_.get(), &message, topic.c_str(), static_cast<int>(payload.size()),
                                     payload.data(), 1, retain);
  return code == MOSQ_ERR_SUCCESS ? message : -1;
}

void MqttLink::subscribe(const std::string& topic) { mosquitto_subscribe(handle_.get(), nullptr, topic.c_str(), 1); }

void MqttLink::unsubscribe(const std::string& topic) { mosquitto_unsubscribe(handle_.get(), nullptr, topic.c_str()); }

}  // namespace lynceus::daemon::notify
