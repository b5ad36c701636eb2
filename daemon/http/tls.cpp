#include "daemon/http/tls.h"

#include <openssl/ssl.h>
#include <sys/stat.h>

#include "base/error.h"
#include "base/log.h"

namespace lynceus::daemon::http {
namespace {

namespace ssl = boost::asio::ssl;
using ErrorCode = boost::system::error_code;

std::int64_t changed_ns(const std::string& file) {
  struct stat facts {};
  if (::stat(file.c_str(), &facts) != 0) return 0;
  return std::int64_t{facts.st_mtim.tv_sec} * 1'000'000'000 + facts.st_mtim.tv_nsec;
}

void check(const ErrorCode& error, const char* key, const std::string& file) {
  if (error) throw Error(Exit::bad_config, "config", key, "'" + file + "': " + error.message());
}

}  // namespace

Tls::Tls(std::string certificate, std::string key)
    : certificate_(std::move(certificate)), key_(std::move(key)), read_(stamp()), context_(load()) {}

Tls::Stamp Tls::stamp() const { return {changed_ns(certificate_), changed_ns(key_)}; }

std::shared_ptr<ssl::context> Tls::load() const {
  auto made = std::make_shared<ssl::context>(ssl::context::tls_server);
  ErrorCode error;
  made->set_options(ssl::context::default_workarounds | ssl::context::no_tlsv1 | ssl::context::no_tlsv1_1 |
                    ssl::context::single_dh_use);
  SSL_CTX_set_options(made->native_handle(), SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_cipher_list(made->native_handle(), "ECDHE+AESGCM:ECDHE+CHACHA20");  // of TLS 1.2; those of 1.3 are good
  made->set_password_callback([](std::size_t, ssl::context::password_purpose) { return std::string(); });
  made->use_certificate_chain_file(certificate_, error);
  check(error, "server.tls_certificate", certificate_);
  made->use_private_key_file(key_, ssl::context::pem, error);
  check(error, "server.tls_key", key_);
  if (SSL_CTX_check_private_key(made->native_handle()) != 1) {
    throw Error(Exit::bad_config, "config", "server.tls_key", "'" + key_ + "' is not the key of the certificate");
  }
  return made;
}

std::shared_ptr<ssl::context> Tls::context() {
  std::lock_guard lock(mutex_);
  const Stamp now = stamp();
  if (now == read_) return context_;
  read_ = now;
  try {
    context_ = load();
    log::info("http", "the certificate was renewed", {{"file", certificate_}});
  } catch (const Error& e) {
    log::error("http", "the certificate stays as it was", {{"why", e.what()}});
  }
  return context_;
}

}  // namespace lynceus::daemon::http
