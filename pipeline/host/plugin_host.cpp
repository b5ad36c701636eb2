#include "pipeline/host/plugin_host.h"

#include <dlfcn.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <exception>
#include <filesystem>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "base/log.h"
#include "pipeline/host/elf_note.h"
#include "pipeline/host/option_table.h"

namespace lynceus::host {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPrefix = "lynceus_";
constexpr std::string_view kSuffix = ".so";

/// Why what lies there may be changed by somebody else; empty when only root and we may.
std::string trust_fault(const std::string& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) return std::generic_category().message(errno);
  if (info.st_uid != 0 && info.st_uid != ::geteuid()) return "belongs to another user (chown it to root)";
  if ((info.st_mode & (S_IWGRP | S_IWOTH)) != 0) return "others may write there (chmod go-w)";
  return {};
}

bool plugin_file_name(const std::string& name) {
  return name.size() > kPrefix.size() + kSuffix.size() && name.starts_with(kPrefix) && name.ends_with(kSuffix);
}

std::string name_in(const std::string& file) {
  const std::string name = fs::path(file).filename().string();
  if (!plugin_file_name(name)) throw std::runtime_error("its name is not lynceus_<plugin>.so");
  return name.substr(kPrefix.size(), name.size() - kPrefix.size() - kSuffix.size());
}

/// Reads the note first, opens the library only when it fits. What was opened stays: nothing is ever unloaded, since
/// types and threads of a library may outlive every sign of them.
class FileLoader final : public PluginLoader {
 public:
  const sdk::Plugin* load(const std::string& file) override {
    const std::string fault = trust_fault(file);
    if (!fault.empty()) throw std::runtime_error(fault);
    check_note(file);
    void* library = ::dlopen(fs::absolute(file).c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) throw std::runtime_error(dl_error());
    void* symbol = ::dlsym(library, "lynceus_plugin");
    if (symbol == nullptr) throw std::runtime_error("it has no function lynceus_plugin");
    const sdk::Plugin* plugin = reinterpret_cast<sdk::PluginFactory*>(symbol)();
    if (plugin == nullptr) throw std::runtime_error("its function lynceus_plugin returned nothing");
    if (plugin->info().name != name_in(file)) throw std::runtime_error("it calls itself '" + plugin->info().name + "'");
    return plugin;
  }

 private:
  static void check_note(const std::string& file) {
    const PluginNote note = read_plugin_note(file);
    const std::string difference = build_difference(note.built_for, LYNCEUS_BUILT_FOR);
    if (!difference.empty()) throw std::runtime_error(difference);
    if (note.plugin != name_in(file)) throw std::runtime_error("its note names the plugin '" + note.plugin + "'");
  }

  static std::string dl_error() {
    const char* text = ::dlerror();
    return text != nullptr ? text : "the library cannot be opened";
  }
};

/// Sorted, so that what is loaded first does not depend on the file system.
std::vector<std::string> plugin_files(const std::string& directory) {
  std::vector<std::string> files;
  for (const auto& entry : fs::directory_iterator(directory)) {
    if (plugin_file_name(entry.path().filename().string())) files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

const std::vector<std::string>& PluginHost::built_in_names() {
  static const std::vector<std::string> names{"context", "health", "people", "pipes"};
  return names;
}

PluginHost::PluginHost(std::unique_ptr<PluginLoader> loader)
    : loader_(loader ? std::move(loader) : std::make_unique<FileLoader>()) {}

void PluginHost::load_directory(const std::string& directory) {
  const std::string fault = trust_fault(directory);
  if (!fault.empty()) throw Error(Exit::bad_config, "plugin directory", directory, fault);
  if (!fs::is_directory(directory)) throw Error(Exit::bad_config, "plugin directory", directory, "not a directory");
  try {
    for (const std::string& file : plugin_files(directory)) load_file(file);
  } catch (const fs::filesystem_error& error) {
    throw Error(Exit::bad_config, "plugin directory", directory, error.code().message());
  }
}

void PluginHost::load_file(const std::string& file) {
  try {
    const sdk::Plugin* plugin = loader_->load(file);
    const std::string fault = table_fault(plugin->info());
    if (!fault.empty()) throw std::runtime_error(fault);
    if (!plugins_.emplace(plugin->info().name, plugin).second) throw std::runtime_error("another file has this plugin");
    log::info("plugins", "loaded",
              {{"plugin", plugin->info().name}, {"version", plugin->info().version}, {"file", file}});
    return;
  } catch (const std::exception& error) {
    refused_.push_back({file, error.what()});
  } catch (...) {
    refused_.push_back({file, "it threw something that is no std::exception"});
  }
  log::warning("plugins", "refused", {{"file", file}, {"why", refused_.back().why}});
}

const sdk::Plugin* PluginHost::find(std::string_view name) const {
  const auto found = plugins_.find(name);
  return found == plugins_.end() ? nullptr : found->second;
}

std::vector<const sdk::PluginInfo*> PluginHost::catalogue() const {
  std::vector<const sdk::PluginInfo*> infos;
  for (const auto& [name, plugin] : plugins_) infos.push_back(&plugin->info());
  return infos;
}

}  // namespace lynceus::host
