#include "pipeline/infer/engine.h"

#include <utility>

namespace lynceus::infer {

const char* name(Backend backend) {
  switch (backend) {
    case Backend::automatic:
      return "auto";
    case Backend::cpu:
      return "cpu";
    case Backend::opencl:
      return "opencl";
    case Backend::cuda:
      return "cuda";
    case Backend::cuda_fp16:
      return "cuda_fp16";
  }
  return "?";
}

std::vector<std::unique_ptr<Engine>> make_engines(int device) {
  std::vector<std::unique_ptr<Engine>> engines;
  if (auto engine = make_onnxruntime_engine()) engines.push_back(std::move(engine));
  engines.push_back(make_opencv_engine(device));
  return engines;
}

}  // namespace lynceus::infer
