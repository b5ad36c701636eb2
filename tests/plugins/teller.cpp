// Says something of every sort: a fact for the analyzers after it, an event, a counter, details, and a State blob that
// counts its starts over the life of the store.
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "plugins/sdk/plugin.h"

namespace {

namespace sdk = lynceus::sdk;

/// Reads the number of starts so far and writes it back one larger.
std::int64_t count_start(sdk::State& state) {
  std::int64_t starts = 0;
  const auto blob = state.read("starts");
  if (blob && blob->size() == sizeof starts) std::memcpy(&starts, blob->data(), sizeof starts);
  ++starts;
  state.write("starts", std::as_bytes(std::span(&starts, 1)));
  return starts;
}

class Teller final : public sdk::Analyzer {
 public:
  explicit Teller(sdk::Services& services)
      : floor_share_(services.options().number("floor_share")), starts_(count_start(services.state())) {
    services.log().write(sdk::LogLevel::info, "teller starts");
  }

  void process(const sdk::Input& input, sdk::Observations& out) override {
    out.facts.floor_mask = sdk::FloorMask{floor(input.frame.size()), 1.0};
    sdk::Event event;
    event.kind = "told";
    event.summary = "The teller told something";
    out.events.push_back(event);
    out.counters.push_back({"tellings", 1, {}});
    out.details.set("starts", starts_).set("frame", static_cast<std::int64_t>(input.frame.sequence()));
  }

 private:
  /// The lower part of the picture.
  cv::Mat floor(cv::Size size) const {
    cv::Mat mask = cv::Mat::zeros(size, CV_8UC1);
    const int rows = cvRound(size.height * floor_share_);
    mask.rowRange(size.height - rows, size.height).setTo(255);
    return mask;
  }

  const double floor_share_;
  const std::int64_t starts_;
};

sdk::PluginInfo info() {
  sdk::PluginInfo info;
  info.name = "teller";
  info.version = "1";
  info.summary = "tells a fact, an event, a counter, details and counts its starts";
  info.options = {{"floor_share", sdk::OptionType::number, 0.25, "share of the picture that is floor", 0, 1}};
  info.kinds = {"told"};
  return info;
}

}  // namespace

LYNCEUS_PLUGIN("teller", Teller, info)
