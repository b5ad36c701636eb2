// Plugins inside the test: what an analyzer does is a function, what it was given is written down.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <opencv2/core.hpp>
#include <string>
#include <utility>
#include <vector>

#include "base/log.h"
#include "pipeline/camera/chain.h"
#include "pipeline/host/plugin_host.h"
#include "plugins/sdk/plugin.h"
#include "tests/support/fake_clock.h"

namespace lynceus::test {

using Work = std::function<void(const sdk::Input&, sdk::Observations&)>;

class FakePlugin final : public sdk::Plugin {
 public:
  FakePlugin(std::string name, Work work) : work_(std::move(work)) { info_.name = std::move(name); }
  const sdk::PluginInfo& info() const override { return info_; }
  std::unique_ptr<sdk::Analyzer> create(sdk::Services&) const override { return std::make_unique<Runner>(work_); }

 private:
  class Runner final : public sdk::Analyzer {
   public:
    explicit Runner(const Work& work) : work_(work) {}
    void process(const sdk::Input& input, sdk::Observations& said) override { work_(input, said); }

   private:
    const Work& work_;
  };

  sdk::PluginInfo info_;
  Work work_;
};

/// A host full of fake plugins, and settings that run them.
class Plugins {
 public:
  Plugins() {
    log::set_level(log::Level::warning);
    auto loader = std::make_unique<Loader>(plugins_);
    host_ = std::make_unique<host::PluginHost>(std::move(loader));
  }
  void add(const std::string& name, Work work, const std::string& when = "every_frame") {
    plugins_[name] = std::make_unique<FakePlugin>(name, std::move(work));
    host_->load_file("lynceus_" + name + ".so");
    camera::AnalyzerSettings analyzer;
    analyzer.plugin = name;
    analyzer.when = camera::parse_cadence(when).value();
    settings.analyzers.push_back(analyzer);
  }
  camera::ChainContext context() {
    camera::ChainContext context;
    context.plugins = host_.get();
    context.clock = &clock;
    return context;
  }

  FakeClock clock;
  camera::CameraSettings settings;

 private:
  using Map = std::map<std::string, std::unique_ptr<FakePlugin>>;
  class Loader final : public host::PluginLoader {
   public:
    explicit Loader(const Map& plugins) : plugins_(plugins) {}
    const sdk::Plugin* load(const std::string& file) override {
      return plugins_.at(file.substr(8, file.size() - 8 - 3)).get();
    }

   private:
    const Map& plugins_;
  };

  Map plugins_;
  std::unique_ptr<host::PluginHost> host_;
};

}  // namespace lynceus::test
