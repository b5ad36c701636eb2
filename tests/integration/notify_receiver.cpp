// clang-format off: Asio of Boost 1.74 needs <utility> before its coroutines
#include <utility>
// clang-format on

#include <openssl/evp.h>
#include <openssl/params.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <cctype>
#include <optional>
#include <sstream>

#include "tests/integration/notify_receiver.h"

namespace lynceus::test {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;

std::string from_base64(std::string text) {
  std::string out(text.size(), '\0');
  auto* bytes = reinterpret_cast<unsigned char*>(out.data());
  const int size =
      EVP_DecodeBlock(bytes, reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  if (size < 0) return {};
  const auto padding = static_cast<std::size_t>(text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0);
  out.resize(static_cast<std::size_t>(size) - padding);
  return out;
}

std::string hmac_sha256(const std::string& key, const std::string& text) {
  const std::unique_ptr<EVP_MAC, void (*)(EVP_MAC*)> mac(EVP_MAC_fetch(nullptr, "HMAC", nullptr), EVP_MAC_free);
  const std::unique_ptr<EVP_MAC_CTX, void (*)(EVP_MAC_CTX*)> context(EVP_MAC_CTX_new(mac.get()), EVP_MAC_CTX_free);
  std::string digest = "SHA256";
  const std::array<OSSL_PARAM, 2> parameters{OSSL_PARAM_construct_utf8_string("digest", digest.data(), 0),
                                             OSSL_PARAM_construct_end()};
  std::string out(32, '\0');
  std::size_t size = 0;
  EVP_MAC_init(context.get(), reinterpret_cast<const unsigned char*>(key.data()), key.size(), parameters.data());
  EVP_MAC_update(context.get(), reinterpret_cast<const unsigned char*>(text.data()), text.size());
  EVP_MAC_final(context.get(), reinterpret_cast<unsigned char*>(out.data()), &size, out.size());
  return out;
}

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

}  // namespace

bool signature_holds(const std::string& secret, const WebhookRequest& request) {
  const auto header = [&](const char* name) {
    const auto found = request.headers.find(name);
    return found == request.headers.end() ? std::string() : found->second;
  };
  const std::string key = from_base64(secret.substr(std::string("whsec_").size()));
  const std::string signed_text = header("webhook-id") + "." + header("webhook-timestamp") + "." + request.body;
  const std::string expected = hmac_sha256(key, signed_text);
  std::istringstream all(header("webhook-signature"));
  for (std::string one; all >> one;) {
    if (one.starts_with("v1,") && from_base64(one.substr(3)) == expected) return true;
  }
  return false;
}

struct WebhookReceiver::Impl {
  Impl(Settings given, Reply answer) : settings(std::move(given)), reply(std::move(answer)), acceptor(io) {
    acceptor.open(tcp::v4());
    acceptor.set_option(tcp::acceptor::reuse_address(true));
    acceptor.bind({asio::ip::address_v4::loopback(), static_cast<unsigned short>(settings.port)});
    acceptor.listen();
    port = acceptor.local_endpoint().port();
    if (!settings.certificate.empty()) {
      context.use_certificate_chain_file(settings.certificate);
      context.use_private_key_file(settings.key, asio::ssl::context::pem);
    }
    thread = std::thread([this] { run(); });
  }

  ~Impl() {
    {
      std::lock_guard lock(mutex);
      ended = true;
      changed.notify_all();
      ::shutdown(acceptor.native_handle(), SHUT_RDWR);
      for (auto& [number, fd] : open) ::shutdown(fd, SHUT_RDWR);
    }
    thread.join();
    for (std::thread& one : connections) one.join();
  }

  void run() {
    for (;;) {
      boost::system::error_code error;
      auto socket = std::make_shared<tcp::socket>(io);
      acceptor.accept(*socket, error);
      std::lock_guard lock(mutex);
      if (error || ended) return;
      const std::size_t number = ++last_connection;
      open[number] = socket->native_handle();
      connections.emplace_back([this, socket, number] {
        try {
          begin(*socket, number);
        } catch (const std::exception&) {  // the peer went
        }
        std::lock_guard closing(mutex);
        open.erase(number);
        boost::system::error_code ignored;
        socket->close(ignored);
      });
    }
  }

  void begin(tcp::socket& socket, std::size_t number) {
    if (settings.certificate.empty()) return serve(socket, number);
    asio::ssl::stream<tcp::socket&> stream(socket, context);
    stream.handshake(asio::ssl::stream_base::server);
    serve(stream, number);
  }

  template <class Stream>
  void serve(Stream& stream, std::size_t number) {
    beast::flat_buffer buffer;
    for (;;) {
      http::request<http::string_body> request;
      http::read(stream, buffer, request);
      const WebhookRequest seen = note(request, number);
      const WebhookReply answer = reply(seen);
      if (answer.close) return;
      if (answer.hang) {
        std::unique_lock lock(mutex);
        changed.wait(lock, [&] { return ended; });
        return;
      }
      http::response<http::string_body> response{static_cast<http::status>(answer.status), 11};
      for (const auto& [name, value] : answer.headers) response.set(name, value);
      response.prepare_payload();
      http::write(stream, response);
    }
  }

  WebhookRequest note(const http::request<http::string_body>& request, std::size_t number) {
    WebhookRequest out;
    out.target = std::string(request.target());
    out.body = request.body();
    for (const auto& field : request) out.headers[lower(std::string(field.name_string()))] = std::string(field.value());
    out.verified = !settings.secret.empty() && signature_holds(settings.secret, out);
    out.connection = number;
    out.at = std::chrono::steady_clock::now();
    std::lock_guard lock(mutex);
    requests.push_back(out);
    changed.notify_all();
    return out;
  }

  const Settings settings;
  const Reply reply;
  asio::io_context io;
  asio::ssl::context context{asio::ssl::context::tls_server};
  tcp::acceptor acceptor;
  int port = 0;
  mutable std::mutex mutex;
  mutable std::condition_variable changed;
  // Guarded by mutex:
  bool ended = false;
  std::size_t last_connection = 0;
  std::map<std::size_t, int> open;
  std::list<std::thread> connections;
  std::vector<WebhookRequest> requests;
  std::thread thread;
};

WebhookReceiver::WebhookReceiver(Settings settings, Reply reply)
    : impl_(std::make_unique<Impl>(std::move(settings), std::move(reply))) {}
WebhookReceiver::~WebhookReceiver() = default;

int WebhookReceiver::port() const { return impl_->port; }

std::vector<WebhookRequest> WebhookReceiver::requests() const {
  std::lock_guard lock(impl_->mutex);
  return impl_->requests;
}

bool WebhookReceiver::wait_for(std::size_t count, std::chrono::milliseconds within) const {
  std::unique_lock lock(impl_->mutex);
  return impl_->changed.wait_for(lock, within, [&] { return impl_->requests.size() >= count; });
}

}  // namespace lynceus::test
