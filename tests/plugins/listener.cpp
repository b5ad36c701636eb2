// Hears the fact that `teller` told and reports the floor's share of the picture.
#include <opencv2/core.hpp>

#include "plugins/sdk/plugin.h"

namespace {

namespace sdk = lynceus::sdk;

class Listener final : public sdk::Analyzer {
 public:
  explicit Listener(sdk::Services&) {}

  void process(const sdk::Input& input, sdk::Observations& out) override {
    if (!input.facts.floor_mask) return;
    const cv::Mat& mask = input.facts.floor_mask->mask;
    const double share = cv::countNonZero(mask) / static_cast<double>(mask.total());
    out.measurements.push_back({"floor_share", share, "", {}});
    out.details.set("floor_share", share);
  }
};

sdk::PluginInfo info() {
  sdk::PluginInfo info;
  info.name = "listener";
  info.version = "1";
  info.summary = "reports the floor that another analyzer found";
  return info;
}

}  // namespace

LYNCEUS_PLUGIN("listener", Listener, info)
