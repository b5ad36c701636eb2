#include "daemon/store/directory.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "base/error.h"
#include "base/state_directory.h"

namespace lynceus::daemon {

std::string state_directory(const std::string& configured) {
  return configured.empty() ? default_state_directory() : configured;
}

StorageDirectory::StorageDirectory(const std::string& configured) : path_(state_directory(configured)) {
  std::error_code error;
  if (std::filesystem::create_directories(path_, error); error) {
    throw Error(Exit::fatal, "storage", path_, "cannot be made: " + error.message());
  }
  const std::string lock = path_ + "/lock";
  lock_ = ::open(lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock_ < 0) throw Error(Exit::fatal, "storage", lock, std::strerror(errno));
  if (::flock(lock_, LOCK_EX | LOCK_NB) != 0) {
    ::close(lock_);
    throw Error(Exit::fatal, "storage", path_, "another lynceusd keeps its state here");
  }
}

StorageDirectory::~StorageDirectory() {
  if (lock_ >= 0) ::close(lock_);
}

}  // namespace lynceus::daemon
