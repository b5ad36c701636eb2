#include "config/settings_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "base/error.h"
#include "base/fd.h"
#include "config/canonical.h"
#include "config/yaml_tree.h"

namespace lynceus::config {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const std::string& file, const char* what) {
  throw Error(Exit::fatal, "settings", file, std::string(what) + ": " + std::strerror(errno));
}

void write_all(const std::string& file, const std::string& text) {
  const Fd out(::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0640));
  if (!out) fail(file, "cannot be opened");
  for (std::size_t done = 0; done < text.size();) {
    const ssize_t wrote = ::write(out.get(), text.data() + done, text.size() - done);
    if (wrote < 0 && errno != EINTR) fail(file, "cannot be written");
    if (wrote > 0) done += static_cast<std::size_t>(wrote);
  }
  if (::fsync(out.get()) != 0) fail(file, "cannot be written");
}

/// The name in the folder is on the disk, too.
void sync_folder(const fs::path& folder) {
  const Fd at(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (at) ::fsync(at.get());
}

}  // namespace

std::string settings_file(const std::string& directory, const std::string& camera) {
  return (fs::path(directory) / "settings.d" / (camera + ".yaml")).string();
}

std::optional<std::string> read_settings_file(const std::string& directory, const std::string& camera) {
  const std::string file = settings_file(directory, camera);
  std::error_code error;
  if (!fs::exists(file, error)) return {};
  return read_config_file(file);
}

void write_settings_file(const std::string& directory, const std::string& camera, const std::string& yaml) {
  const fs::path file = settings_file(directory, camera);
  const std::string draft = (file.parent_path() / ("." + camera + ".yaml.new")).string();  // no name that is read
  std::error_code error;
  fs::create_directories(file.parent_path(), error);
  try {
    write_all(draft, yaml);
    if (std::rename(draft.c_str(), file.c_str()) != 0) fail(file.string(), "cannot be replaced");
  } catch (const Error&) {
    ::unlink(draft.c_str());
    throw;
  }
  sync_folder(file.parent_path());
}

void remove_settings_file(const std::string& directory, const std::string& camera) {
  const std::string file = settings_file(directory, camera);
  if (::unlink(file.c_str()) != 0 && errno != ENOENT) fail(file, "cannot be removed");
  sync_folder(fs::path(file).parent_path());
}

std::string settings_json(const std::string& directory, const std::string& camera) {
  const auto text = read_settings_file(directory, camera);
  if (!text) return "{}";
  Problems problems;
  const auto root = parse_yaml(*text, settings_file(directory, camera), problems);
  problems.raise();
  return json_of(*root);
}

}  // namespace lynceus::config
