// The seam of an analytic: a class derived from Analyzer, a table of options, and one line that makes it a plugin.
//
//   class Brightness : public sdk::Analyzer { … void process(const sdk::Input&, sdk::Observations&) override; };
//   LYNCEUS_PLUGIN("brightness", Brightness, info)      // info: a function returning sdk::PluginInfo
//
// The macro writes the ELF note that the daemon reads before it runs any code of the file, and the factory.
// One analyzer lives per camera, in that camera's thread, and keeps its own state. It opens no socket and no file,
// never sleeps, and keeps no Frame after the call.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "plugins/sdk/input.h"
#include "plugins/sdk/note.h"
#include "plugins/sdk/observations.h"
#include "plugins/sdk/options.h"
#include "plugins/sdk/services.h"

namespace lynceus::sdk {

class Analyzer {
 public:
  virtual ~Analyzer() = default;
  /// Called for one frame at a time. Throwing is contained: the call counts as an error, the analyzer goes on; after
  /// repeated failure it is disabled for its camera.
  virtual void process(const Input& input, Observations& observations) = 0;
};

/// What the daemon must know of a plugin before any camera runs it.
struct PluginInfo {
  std::string name;
  std::string version;
  std::string summary;
  /// every_frame, on_motion or a period such as 2s: the cadence when the configuration gives none.
  std::string when = "every_frame";
  /// A folder of pictures is one sequence (targets, context) or unrelated pictures (pipes, people, scene, health).
  bool folder_is_sequence = false;
  std::vector<OptionSpec> options;
  /// Condition and event kinds it may report, so that their series exist from the first scrape.
  std::vector<std::string> kinds;
  /// Views it can make.
  std::vector<std::string> views;
  /// Whether Input::take_reference means anything to it.
  bool takes_reference = false;
};

/// What the factory function returns; lives as long as the process.
class Plugin {
 public:
  virtual ~Plugin() = default;
  virtual const PluginInfo& info() const = 0;
  virtual std::unique_ptr<Analyzer> create(Services& services) const = 0;
};

template <class A>
class PluginOf final : public Plugin {
 public:
  explicit PluginOf(PluginInfo info) : info_(std::move(info)) {}
  const PluginInfo& info() const override { return info_; }
  std::unique_ptr<Analyzer> create(Services& services) const override { return std::make_unique<A>(services); }

 private:
  PluginInfo info_;
};

using PluginFactory = const Plugin*();

}  // namespace lynceus::sdk

#define LYNCEUS_PLUGIN(NAME, CLASS, INFO)                                                            \
  LYNCEUS_PLUGIN_NOTE(NAME)                                                                          \
  extern "C" __attribute__((visibility("default"))) const ::lynceus::sdk::Plugin* lynceus_plugin() { \
    static const ::lynceus::sdk::PluginOf<CLASS> plugin(INFO());                                     \
    return &plugin;                                                                                  \
  }
