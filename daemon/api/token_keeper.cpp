#include "daemon/api/token_keeper.h"

#include <sys/stat.h>

#include <exception>
#include <utility>

namespace lynceus::daemon::http {

TokenKeeper::TokenKeeper(std::string state_directory)
    : directory_(std::move(state_directory)), file_(config::tokens_file(directory_)), read_(stamp()) {
  tokens_ = config::read_tokens(directory_);
  made_ = !tokens_.empty();
}

TokenKeeper::Stamp TokenKeeper::stamp() const {
  struct stat facts {};
  if (::stat(file_.c_str(), &facts) != 0) return {};
  return {facts.st_ino, facts.st_mtim.tv_sec, facts.st_mtim.tv_nsec, facts.st_size};
}

void TokenKeeper::refresh() {
  const Stamp now = stamp();
  if (now == read_) return;
  read_ = now;
  try {
    tokens_ = config::read_tokens(directory_);
    made_ = made_ || !tokens_.empty();
    log::info("http", "tokens read", {{"tokens", tokens_.size()}});
  } catch (const std::exception& e) {
    log::error("http", "the tokens stay as they were", {{"why", e.what()}});
  }
}

bool TokenKeeper::none_made() {
  std::lock_guard lock(mutex_);
  refresh();
  return !made_;
}

std::optional<config::Token> TokenKeeper::find(std::string_view secret) {
  std::lock_guard lock(mutex_);
  refresh();
  const config::Token* found = config::match(tokens_, secret);
  return found != nullptr ? std::optional(*found) : std::nullopt;
}

}  // namespace lynceus::daemon::http
