// Loads plugins and stands between them and everything else.
//
// A file is opened only after its ELF note was read and matches (elf_note.h); then RTLD_NOW | RTLD_LOCAL, never dlclose.
// The directory is refused if others than its owner may write there. Owner: app. Thread: load once at start; then const.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "plugins/sdk/plugin.h"

namespace lynceus::host {

/// A file that was not taken, and why; one log line and, in the daemon, one alarm each.
struct Refused {
  std::string file, why;
};

/// Seam: tests give plugins without files.
class PluginLoader {
 public:
  virtual ~PluginLoader() = default;
  /// Throws std::runtime_error with the reason.
  virtual const sdk::Plugin* load(const std::string& file) = 0;
};

class PluginHost {
 public:
  /// The plugins built with the project, by name; files are <dir>/lynceus_<name>.so.
  static const std::vector<std::string>& built_in_names();

  explicit PluginHost(std::unique_ptr<PluginLoader> loader = nullptr);  ///< null: the real one

  /// Loads every lynceus_*.so of the directory; a bad file is refused and the rest goes on.
  /// Throws Error (Exit::bad_config) when the directory is missing or writable by others.
  void load_directory(const std::string& directory);
  void load_file(const std::string& file);

  const sdk::Plugin* find(std::string_view name) const;
  std::vector<const sdk::PluginInfo*> catalogue() const;
  const std::vector<Refused>& refused() const { return refused_; }

 private:
  std::unique_ptr<PluginLoader> loader_;
  std::map<std::string, const sdk::Plugin*, std::less<>> plugins_;
  std::vector<Refused> refused_;
};

}  // namespace lynceus::host
