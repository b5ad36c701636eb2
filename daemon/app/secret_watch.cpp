#include "daemon/app/secret_watch.h"

#include <sys/stat.h>

#include <utility>

namespace lynceus::daemon {

SecretWatch::Print SecretWatch::print_of(const std::string& file) {
  struct stat now {};
  if (::stat(file.c_str(), &now) != 0) return {};
  const std::int64_t changed = std::int64_t{now.st_mtim.tv_sec} * 1'000'000'000 + now.st_mtim.tv_nsec;
  return {now.st_dev, now.st_ino, now.st_size, changed};
}

SecretWatch::Prints SecretWatch::prints() const {
  Prints all;
  for (const std::string& file : files_) all.push_back(print_of(file));
  return all;
}

void SecretWatch::watch(std::vector<std::string> files) {
  std::lock_guard lock(mutex_);
  files_ = std::move(files);
  told_ = last_ = prints();
}

bool SecretWatch::look() {
  std::lock_guard lock(mutex_);
  Prints now = prints();
  const bool settled = now == last_;
  last_ = now;
  if (!settled || now == told_) return false;
  told_ = std::move(now);
  return true;
}

}  // namespace lynceus::daemon
