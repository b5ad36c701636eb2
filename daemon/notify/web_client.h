// One receiver over HTTP or HTTPS: certificates verified, no redirects, every step with its time, answers bounded.
//
// Connections are kept and used again; a kept one that turns out to be closed is replaced once, without a word.
// Owner: a webhook's lane. Thread: as Poster says; works on a strand of the io threads.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "daemon/notify/poster.h"

namespace boost::asio {
class io_context;
}

namespace lynceus::daemon::notify {

class WebClient final : public Poster {
 public:
  struct Settings {
    std::string url;
    bool verify_tls = true;
    std::string ca_file;  ///< empty: the system's
    std::chrono::milliseconds timeout{10'000};
    std::string user_agent = "Lynceus";
  };
  WebClient(boost::asio::io_context& io, Settings settings);
  ~WebClient() override;

  void post(Post request, std::function<void(const Answer&)> done) override;
  void cancel() override;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace lynceus::daemon::notify
