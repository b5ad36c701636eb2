// The server's certificate and key; read again when the files change, so that a renewed one needs no restart.
// Owner: Server. Thread: any.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

namespace lynceus::daemon::http {

class Tls {
 public:
  /// Throws Error (Exit::bad_config) for files that cannot be read or do not belong together.
  Tls(std::string certificate, std::string key);

  /// What a new connection is to use. A changed file that is wrong is told in the log, once; the old one goes on.
  std::shared_ptr<boost::asio::ssl::context> context();

 private:
  using Stamp = std::pair<std::int64_t, std::int64_t>;
  Stamp stamp() const;
  std::shared_ptr<boost::asio::ssl::context> load() const;

  const std::string certificate_, key_;
  std::mutex mutex_;
  Stamp read_;                                          // guarded by mutex_
  std::shared_ptr<boost::asio::ssl::context> context_;  // guarded by mutex_
};

}  // namespace lynceus::daemon::http
