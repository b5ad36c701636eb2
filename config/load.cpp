// The loader: main file, settings files, one camera after the other; all problems at once or a Config that is right.
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "base/state_directory.h"
#include "config/alarm_kinds.h"
#include "config/camera_builder.h"
#include "config/config.h"
#include "config/layers.h"
#include "config/sinks.h"
#include "config/tables.h"
#include "config/walker.h"

namespace lynceus::config {
namespace {

std::string host_name() {
  std::array<char, 256> name{};
  if (gethostname(name.data(), name.size() - 1) != 0 || name[0] == '\0') return "lynceus";
  return name.data();
}

/// Of a file: the folder relative paths start at.
std::string folder_of(const std::string& file) {
  std::error_code error;
  const auto path = std::filesystem::absolute(file, error);
  return error ? "." : path.parent_path().string();
}

/// FNV-1a: the same on every machine and in every release.
class Fingerprint {
 public:
  void add(const std::string& text) {
    for (const char c : text) mix(static_cast<unsigned char>(c));
    mix(0xff);  // ends a text, and is in none
  }
  std::uint64_t value() const { return value_; }

 private:
  void mix(unsigned byte) { value_ = (value_ ^ byte) * 0x100000001b3ULL; }
  std::uint64_t value_ = 0xcbf29ce484222325ULL;
};

/// Parts of the root that others are made of.
const Row& cameras_row() {
  for (const Row& row : root_table().rows) {
    if (row.type == Type::named) return row;
  }
  throw std::logic_error("no cameras");
}

const Row& shared_row() {
  for (const Row& row : root_table().rows) {
    if (row.shared) return row;
  }
  throw std::logic_error("no defaults");
}

/// Reads one configuration; made for one call of load.
class Loader {
 public:
  Loader(std::string name, std::string folder, const Catalogue& plugins)
      : name_(std::move(name)), folder_(std::move(folder)), plugins_(plugins) {}

  LoadResult run(const std::string& text) {
    auto root = parse_yaml(text, name_, problems_);
    problems_.raise();
    return finish(*root);
  }

  LoadResult run_with_settings(const std::string& text, const std::string& state_directory,
                               const SettingsDraft* draft) {
    auto root = parse_yaml(text, name_, problems_);
    problems_.raise();
    settings_ = read_settings(state_directory.empty() ? peek(*root) : state_directory, draft, problems_);
    return finish(*root);
  }

 private:
  LoadResult finish(Node& root) {
    check_shared(root);
    layer_cameras(root);
    read(root);
    problems_.raise();
    result_.fingerprint = fingerprint();
    return std::move(result_);
  }

  std::uint64_t fingerprint() const {
    Fingerprint all;
    for (const Origin& origin : result_.origins) {
      all.add(origin.key);
      all.add(origin.value);
    }
    for (const sdk::PluginInfo* plugin : plugins_) {
      all.add(plugin->name);
      all.add(plugin->version);
    }
    return all.value();
  }

  /// `storage` is needed before the rest: the settings files lie there.
  std::string peek(const Node& root) {
    Problems quiet;  // they are found again
    Walker walker(quiet, folder_, name_, nullptr);
    Config config;
    Target target{.config = &config};
    for (const Row& row : root_table().rows) {
      const Node* node = root.find(row.key);
      if (row.key == "storage" && node != nullptr) walker.section(row.rows, *node, target, row.key);
    }
    return config.storage.directory.empty() ? default_state_directory() : config.storage.directory;
  }

  /// Read on its own, for problems of what no camera uses.
  void check_shared(Node& root) {
    const Node* node = root.find(shared_row().key);
    if (node == nullptr) return;
    shared_ = normalized(camera_table(), *node, problems_);
    Walker walker(problems_, folder_, name_, nullptr);
    CameraDraft draft;
    Target target{.camera = &draft};
    walker.section(camera_table(), shared_, target, shared_row().key);
    CameraBuilder(plugins_, walker, result_.warnings).check(draft);
  }

  /// In place: every camera with what it shares below and its settings on top.
  void layer_cameras(Node& root) {
    const std::string& key = cameras_row().key;
    for (Node::Entry& entry : root.entries) {
      if (entry.key != key) continue;
      for (Node::Entry& camera : entry.value.entries) layer(camera);
    }
    for (const Node::Entry& unused : settings_) {
      result_.warnings.push_back(unused.place.where() + ": there is no camera '" + unused.key +
                                 "'; the file is not used");
    }
  }

  void layer(Node::Entry& camera) {
    Node node = normalized(camera_table(), camera.value, problems_);
    if (!shared_.empty()) node = merged(camera_table(), shared_, node);
    const auto found =
        std::find_if(settings_.begin(), settings_.end(), [&](const auto& s) { return s.key == camera.key; });
    if (found != settings_.end()) {
      const Place place = node.place;
      node = merged(camera_table(), node, normalized(camera_table(), found->value, problems_));
      node.place = place;
      settings_.erase(found);
    }
    if (node.empty()) node.kind = Node::Kind::map;
    camera.value = std::move(node);
  }

  void read(const Node& root) {
    Walker walker(problems_, folder_, name_, &result_.origins);
    walker.tell_files(&result_.secret_files);
    std::vector<CameraDraft> drafts;
    Config& config = result_.config;
    Target target{.config = &config, .cameras = &drafts};
    walker.section(root_table().rows, root, target, "");
    if (config.site.empty()) config.site = host_name();
    check_server(root);
    CameraBuilder builder(plugins_, walker, result_.warnings);
    for (CameraDraft& draft : drafts) config.cameras.push_back(builder.build(std::move(draft)));
    check_sinks(root, config, problems_, result_.warnings);
    if (!plugins_.empty()) check_kinds(root, config, plugins_, result_.warnings);
    auto& files = result_.secret_files;
    std::sort(files.begin(), files.end());
    files.erase(std::unique(files.begin(), files.end()), files.end());
  }

  /// What concerns more than one key.
  void check_server(const Node& root) {
    const ServerSettings& server = result_.config.server;
    if (result_.config.site.find_first_of("/+#") != std::string::npos) {
      const Node* site = root.find("site");
      problems_.add(site != nullptr ? site->place : root.place, "a '/', '+' or '#'; accepted: a name without them");
    }
    const Node* node = root.find("server");
    if (node == nullptr) return;
    if (server.tls_certificate.empty() != server.tls_key.empty()) {
      problems_.add(node->place, "'tls_certificate' and 'tls_key' belong together; accepted: both or none");
    }
    for (const char* key : {"tls_certificate", "tls_key"}) {
      const Node* given = node->find(key);
      const std::string& file = std::string(key) == "tls_key" ? server.tls_key : server.tls_certificate;
      std::error_code error;
      if (given != nullptr && !file.empty() &&
          (!std::filesystem::exists(file, error) || std::filesystem::is_directory(file, error))) {
        problems_.add(given->place, "there is no file " + shown(file));
      }
    }
  }

  const std::string name_, folder_;
  const Catalogue& plugins_;
  Problems problems_;
  Node shared_;
  std::vector<Node::Entry> settings_;
  LoadResult result_;
};

}  // namespace

LoadResult load(const std::string& file, const Catalogue& plugins, const std::string& state_directory,
                const SettingsDraft* draft) {
  const std::string text = read_config_file(file);
  return Loader(file, folder_of(file), plugins).run_with_settings(text, state_directory, draft);
}

LoadResult load_text(const std::string& text, const std::string& name, const std::string& folder,
                     const Catalogue& plugins) {
  return Loader(name, folder, plugins).run(text);
}

std::string plugin_directory(const std::string& file) {
  const Node root = read_yaml(file);
  Problems quiet;  // load() finds them again
  Walker walker(quiet, folder_of(file), file, nullptr);
  Config config;
  Target target{.config = &config};
  if (const Node* node = root.find("server")) walker.section(server_table(), *node, target, "server");
  return config.server.plugin_dir;
}

std::vector<std::string> model_mirrors(const std::string& file) {
  const Node root = read_yaml(file);
  Problems problems;
  Walker walker(problems, folder_of(file), file, nullptr);
  Config config;
  Target target{.config = &config};
  const Row* row = find_row(root_table().rows, "inference");
  const Node* node = root.find("inference");
  if (row != nullptr && node != nullptr) walker.section(row->rows, *node, target, row->key);
  problems.raise();
  return config.model_mirrors;
}

bool names_cameras(const std::string& file) { return read_yaml(file).find(cameras_row().key) != nullptr; }

}  // namespace lynceus::config
