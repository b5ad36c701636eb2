#include "plugins/targets/siamese_refiners.h"

#include <algorithm>
#include <exception>
#include <optional>
#include <stdexcept>

#include "plugins/sdk/model_path.h"
#include "plugins/targets/ratios.h"

namespace lynceus::targets {
namespace {

constexpr std::size_t kLooks = 2;  // a frame
constexpr double kFloor = 0.5;     // σ of a picture of 8 bits
const std::string kBackbone = "backbone.onnx", kHead = "head.onnx";

std::string head_beside(const std::string& backbone) {
  if (!backbone.ends_with(kBackbone)) throw std::runtime_error(backbone + ": a network of targets is named by its file that ends in " + kBackbone);
  return backbone.substr(0, backbone.size() - kBackbone.size()) + kHead;
}

std::optional<double> scr_of(const SiameseView& view, const cv::Rect2d& box) {
  const auto ratios = ratios_at(view.picture8, box, kFloor);
  return ratios ? std::optional(ratios->scr) : std::nullopt;
}

/// Those whose turn comes next, after the one that looked last.
std::vector<Target*> next_of(std::vector<Target>& targets, std::int64_t last) {
  std::vector<Target*> order;
  for (Target& target : targets) {
    if (target.state == TargetState::tracked) order.push_back(&target);
  }
  std::sort(order.begin(), order.end(), [](const Target* a, const Target* b) { return a->id < b->id; });
  const auto first = std::find_if(order.begin(), order.end(), [&](const Target* target) { return target->id > last; });
  std::rotate(order.begin(), first, order.end());
  return order;
}

}  // namespace

std::unique_ptr<SiameseRefiners> SiameseRefiners::make(const std::string& network, sdk::Services& services) {
  if (network == "off") return nullptr;
  const bool automatic = network == "auto";
  const std::string backbone = automatic ? sdk::model_path(services.camera().model_dirs, "targets_backbone.onnx") : network;
  try {
    return std::make_unique<SiameseRefiners>(services.inference(), backbone, head_beside(backbone));
  } catch (const std::exception& error) {
    if (!automatic) throw;
    services.log().write(sdk::LogLevel::info, std::string("targets are tracked without a network: ") + error.what());
    return nullptr;
  }
}

void SiameseRefiners::refine(const Detected& seen, std::vector<Target>& targets) {
  const SiameseView view{seen.picture8, seen.residual8};
  std::size_t looks = 0;
  for (Target* target : next_of(targets, last_looked_)) {
    const auto known = refiners_.find(target->id);
    if (looks >= kLooks) {
      if (known != refiners_.end()) target->box = known->second.sized(target->box);
      continue;
    }
    ++looks;
    last_looked_ = target->id;
    if (known == refiners_.end()) {
      refiners_.emplace(target->id, SiameseRefiner(network_, view, target->box));
    } else {
      target->box = known->second.refine(view, target->box, scr_of(view, target->box));
    }
  }
  std::erase_if(refiners_, [&](const auto& entry) {
    return std::none_of(targets.begin(), targets.end(), [&](const Target& target) { return target.id == entry.first; });
  });
}

}  // namespace lynceus::targets
