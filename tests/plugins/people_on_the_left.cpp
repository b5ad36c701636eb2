// Calls itself people and says of every frame that somebody stands in its left third.
#include <opencv2/core.hpp>

#include "plugins/sdk/plugin.h"

namespace {

namespace sdk = lynceus::sdk;

class PeopleOnTheLeft final : public sdk::Analyzer {
 public:
  explicit PeopleOnTheLeft(sdk::Services&) {}

  void process(const sdk::Input& input, sdk::Observations& out) override {
    const cv::Size size = input.frame.size();
    sdk::Entity person;
    person.id = 1;
    person.label = "person";
    person.box = cv::Rect2d(0, 0, size.width / 3.0, size.height);
    out.entities.push_back(person);
  }
};

sdk::PluginInfo info() {
  sdk::PluginInfo info;
  info.name = "people";
  info.version = "1";
  info.summary = "says that somebody stands on the left";
  return info;
}

}  // namespace

LYNCEUS_PLUGIN("people", PeopleOnTheLeft, info)
