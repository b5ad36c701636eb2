#include "tools/process/webhook_receiver.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <map>
#include <optional>
#include <stop_token>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"

namespace lynceus::tools {
namespace {

constexpr std::size_t kMostBytes = std::size_t{1} << 20;
constexpr std::string_view kPrefix = "whsec_";

std::string base64(const unsigned char* bytes, std::size_t size) {
  std::string text(4 * ((size + 2) / 3), '\0');
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes, static_cast<int>(size));
  return text;
}

std::string unbase64(std::string_view text) {
  std::string bytes(text.size(), '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  const auto padding = static_cast<std::size_t>(std::count(text.begin(), text.end(), '='));
  bytes.resize(size < 0 ? 0 : static_cast<std::size_t>(size) - padding);
  return bytes;
}

/// The value of a header, whatever its case; empty where there is none.
std::string header(std::string_view head, std::string_view name) {
  const auto same = [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; };
  const std::string wanted = "\r\n" + std::string(name) + ":";
  const auto found = std::search(head.begin(), head.end(), wanted.begin(), wanted.end(), same);
  if (found == head.end()) return {};
  std::string_view rest = head.substr(static_cast<std::size_t>(found - head.begin()) + wanted.size());
  rest = rest.substr(0, rest.find("\r\n"));
  rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
  return std::string(rest);
}

/// The first whole request of what came; it is taken off. Throws std::length_error for one that is too long.
std::optional<Delivery> take_request(std::string& came) {
  const std::size_t head = came.find("\r\n\r\n");
  if (head == std::string::npos) return std::nullopt;
  const std::string_view lines = std::string_view(came).substr(0, head + 2);
  const std::string length = header(lines, "content-length");
  std::size_t size = 0;
  std::from_chars(length.data(), length.data() + length.size(), size);
  if (size > kMostBytes || came.size() - head - 4 < size) return std::nullopt;
  Delivery delivery{header(lines, "webhook-id"), header(lines, "webhook-timestamp"), header(lines, "webhook-signature"),
                    came.substr(head + 4, size), false};
  came.erase(0, head + 4 + size);
  return delivery;
}

std::string answer(const Verdict& verdict) {
  std::string text = "HTTP/1.1 " + std::to_string(verdict.status) + " -\r\nContent-Length: 0\r\n";
  if (verdict.retry_after_s > 0) text += "Retry-After: " + std::to_string(verdict.retry_after_s) + "\r\n";
  return text + "\r\n";
}

int listen_on(int port, int& chosen) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const any = reinterpret_cast<sockaddr*>(&address);
  if (fd < 0 || bind(fd, any, size) != 0 || listen(fd, 64) != 0 || getsockname(fd, any, &size) != 0) {
    if (fd >= 0) close(fd);
    throw Error(Exit::fatal, "receiver", "127.0.0.1:" + std::to_string(port), "cannot listen");
  }
  chosen = ntohs(address.sin_port);
  return fd;
}

/// The connections, each with what came of its next request.
class Connections {
 public:
  explicit Connections(const WebhookReceiver::Settings& settings) : settings_(settings) {}
  ~Connections() {
    for (const auto& [fd, came] : open_) close(fd);
  }
  Connections(const Connections&) = delete;
  Connections& operator=(const Connections&) = delete;

  void accept_one(int listener) {
    const int fd = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd >= 0) open_[fd];
  }
  void add_to(std::vector<pollfd>& list) const {
    for (const auto& [fd, came] : open_) list.push_back({fd, POLLIN, 0});
  }
  void serve(int fd) {
    if (read_from(fd)) return;
    close(fd);
    open_.erase(fd);
  }

 private:
  bool read_from(int fd) {
    std::array<char, 16384> bytes;
    const ssize_t got = recv(fd, bytes.data(), bytes.size(), 0);
    if (got <= 0) return false;
    std::string& came = open_[fd];
    came.append(bytes.data(), static_cast<std::size_t>(got));
    while (auto delivery = take_request(came)) {
      delivery->genuine = webhook_genuine(settings_.secret, *delivery);
      const std::string text = answer(settings_.judge(*delivery));
      if (send(fd, text.data(), text.size(), MSG_NOSIGNAL) < 0) return false;
    }
    return came.size() < 2 * kMostBytes;
  }

  const WebhookReceiver::Settings& settings_;
  std::map<int, std::string> open_;
};

}  // namespace

std::string make_webhook_secret() {
  std::array<unsigned char, 32> key{};
  if (RAND_bytes(key.data(), static_cast<int>(key.size())) != 1)
    throw Error(Exit::fatal, "receiver", "secret", "no randomness");
  return std::string(kPrefix) + base64(key.data(), key.size());
}

bool webhook_genuine(const std::string& secret, const Delivery& delivery) {
  if (!secret.starts_with(kPrefix)) return false;
  const std::string key = unbase64(std::string_view(secret).substr(kPrefix.size()));
  const std::string text = delivery.id + "." + delivery.timestamp + "." + delivery.body;
  std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
  unsigned size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(text.data()),
       text.size(), mac.data(), &size);
  const std::string wanted = "v1," + base64(mac.data(), size);
  for (std::string_view rest = delivery.signature; !rest.empty();) {
    const std::string_view one = rest.substr(0, rest.find(' '));
    if (one.size() == wanted.size() && CRYPTO_memcmp(one.data(), wanted.data(), one.size()) == 0) return true;
    rest.remove_prefix(std::min(one.size() + 1, rest.size()));
  }
  return false;
}

WebhookReceiver::WebhookReceiver(Settings settings)
    : settings_(std::move(settings)),
      listener_(listen_on(settings_.port, port_)),
      wake_(eventfd(0, EFD_CLOEXEC)),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

WebhookReceiver::~WebhookReceiver() {
  thread_.request_stop();
  thread_.join();
  close(listener_);
  close(wake_);
}

void WebhookReceiver::run(const std::stop_token& stop) {
  const std::stop_callback wake(stop, [this] { eventfd_write(wake_, 1); });
  Connections connections(settings_);
  while (!stop.stop_requested()) {
    std::vector<pollfd> list{{wake_, POLLIN, 0}, {listener_, POLLIN, 0}};
    connections.add_to(list);
    if (poll(list.data(), list.size(), -1) < 0) continue;
    if (list[1].revents != 0) connections.accept_one(listener_);
    for (std::size_t i = 2; i < list.size(); ++i) {
      if (list[i].revents != 0) connections.serve(list[i].fd);
    }
  }
}

}  // namespace lynceus::tools
