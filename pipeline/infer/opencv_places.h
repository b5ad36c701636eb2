// Where OpenCV dnn can run networks on this machine, and what there is to say of each place. Thread: any.
#pragma once

#include <cstdint>
#include <string>

#include "pipeline/infer/engine.h"

namespace lynceus::infer {

struct OpenCvPlace {
  Backend backend;
  int opencv_backend, opencv_target;
};

/// `device`: the CUDA device that is meant. Throws std::runtime_error when it is not here.
const OpenCvPlace& opencv_place(Backend backend, int device);
/// Empty: it is here.
std::string why_not_here(Backend backend, int device);
/// OpenCL on a processor is not: the same cores by another way.
bool may_be_faster(Backend backend);
/// -1: cannot be told.
std::int64_t free_memory(Backend backend, int device);

bool is_cuda(Backend backend);
/// The CUDA device of the calling thread.
void use_cuda_device(int device);
/// One row of so many floats, page-locked where that works.
cv::Mat page_locked(int count, int device);

}  // namespace lynceus::infer
