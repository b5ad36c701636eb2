#include "plugins/targets/siamese_refiners.h"

#include <algorithm>
#include <exception>
#include <optional>
#include <stdexcept>

#include "plugins/sdk/model_path.h"
#include "plugins/targets/ratios.h"

namespace lynceus::targets {
namespace {

constexpr std::int64_t kEvery = 4;  // frames between two looks at a target
constexpr double kFloor = 0.5;      // σ of a picture of 8 bits
const std::string kBackbone = "backbone.onnx", kHead = "head.onnx";

std::string head_beside(const std::string& backbone) {
  if (!backbone.ends_with(kBackbone))
    throw std::runtime_error(backbone + ": a network of targets is named by its file that ends in " + kBackbone);
  return backbone.substr(0, backbone.size() - kBackbone.size()) + kHead;
}

std::optional<double> scr_of(const SiameseView& view, const cv::Rect2d& box) {
  const auto ratios = ratios_at(view.picture8, box, kFloor);
  return ratios ? std::optional(ratios->scr) : std::nullopt;
}

}  // namespace

std::unique_ptr<SiameseRefiners> SiameseRefiners::make(const std::string& network, sdk::Services& services) {
  if (network == "off") return nullptr;
  const bool automatic = network == "auto";
  const std::string backbone =
      automatic ? sdk::model_path(services.camera().model_dirs, "targets_backbone.onnx") : network;
  try {
    return std::make_unique<SiameseRefiners>(services.inference(), backbone, head_beside(backbone));
  } catch (const std::exception& error) {
    if (!automatic) throw;
    services.log().write(sdk::LogLevel::info, std::string("targets are tracked without a network: ") + error.what());
    return nullptr;
  }
}

void SiameseRefiners::refine(const Detected& seen, std::vector<Target>& targets) {
  ++frame_;
  Target* next = nullptr;
  std::int64_t longest = kEvery - 1;  // without a look
  for (Target& target : targets) {
    if (target.state != TargetState::tracked) continue;
    const auto known = known_.find(target.id);
    const std::int64_t waited = known == known_.end() ? kEvery + frame_ : frame_ - known->second.looked;
    if (waited > longest) next = &target, longest = waited;
    if (known != known_.end()) target.box = known->second.refiner.follow(target.box);
  }
  if (next) look({seen.picture8, seen.residual8}, *next);
  std::erase_if(known_, [&](const auto& entry) {
    return std::none_of(targets.begin(), targets.end(), [&](const Target& target) { return target.id == entry.first; });
  });
}

void SiameseRefiners::look(const SiameseView& view, Target& target) {
  const auto known = known_.find(target.id);
  if (known == known_.end()) {
    known_.emplace(target.id, Known{SiameseRefiner(network_, view, target.box), frame_});
    return;
  }
  known->second.looked = frame_;
  target.box = known->second.refiner.refine(view, target.box, scr_of(view, target.box));
}

}  // namespace lynceus::targets
