// All targets that the network refines: one template each, at most one look a frame, in turn, and each target at most in
// every fourth frame, so that ten cost no more than four. Owner: the analyzer. Thread: bound to its owner.
//
//   auto refiners = SiameseRefiners::make("auto", services);     // null: off, or no network there
//   if (refiners) refiners->refine(seen, targets);               // boxes of tracked ones
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "plugins/sdk/services.h"
#include "plugins/targets/detector.h"
#include "plugins/targets/report.h"
#include "plugins/targets/siamese.h"
#include "plugins/targets/siamese_refiner.h"

namespace lynceus::targets {

class SiameseRefiners {
 public:
  /// `network`: "off"; "auto": where the files lie among the models; else the backbone's file, NAMEbackbone.onnx, the head,
  /// NAMEhead.onnx, beside it. Throws std::runtime_error when a file that was named cannot be used.
  static std::unique_ptr<SiameseRefiners> make(const std::string& network, sdk::Services& services);

  SiameseRefiners(sdk::Inference& inference, const std::string& backbone, const std::string& head)
      : network_(inference, backbone, head) {}

  /// Boxes are pixels of the picture that was looked at.
  void refine(const Detected& seen, std::vector<Target>& targets);
  void forget() { known_.clear(); }

 private:
  struct Known {
    SiameseRefiner refiner;
    std::int64_t looked;  // at which frame
  };
  void look(const SiameseView& view, Target& target);

  SiameseNetwork network_;
  std::map<std::int64_t, Known> known_;
  std::int64_t frame_ = 0;
};

}  // namespace lynceus::targets
