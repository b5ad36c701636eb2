#include "pipeline/infer/opencv_places.h"

#include <algorithm>
#include <iterator>
#include <opencv2/core/cuda.hpp>
#include <opencv2/core/ocl.hpp>
#include <opencv2/core/utility.hpp>
#include <opencv2/dnn.hpp>
#include <stdexcept>

namespace lynceus::infer {
namespace {

constexpr OpenCvPlace kPlaces[] = {
    {Backend::cpu, cv::dnn::DNN_BACKEND_OPENCV, cv::dnn::DNN_TARGET_CPU},
    {Backend::opencl, cv::dnn::DNN_BACKEND_OPENCV, cv::dnn::DNN_TARGET_OPENCL},
    {Backend::cuda, cv::dnn::DNN_BACKEND_CUDA, cv::dnn::DNN_TARGET_CUDA},
    {Backend::cuda_fp16, cv::dnn::DNN_BACKEND_CUDA, cv::dnn::DNN_TARGET_CUDA_FP16},
};

const OpenCvPlace* find(Backend backend) {
  const auto* found =
      std::find_if(std::begin(kPlaces), std::end(kPlaces), [&](const auto& p) { return p.backend == backend; });
  return found == std::end(kPlaces) ? nullptr : found;
}

/// OpenCV falls back to the CPU in silence when asked for a place it does not have, so it is asked first.
bool has_target(const OpenCvPlace& place) {
  try {
    const auto targets = cv::dnn::getAvailableTargets(static_cast<cv::dnn::Backend>(place.opencv_backend));
    return std::find(targets.begin(), targets.end(), place.opencv_target) != targets.end();
  } catch (const cv::Exception&) {  // of a driver that is there and broken
    return false;
  }
}

bool built_with_cuda() {
  const std::string told = cv::getBuildInformation();
  const std::size_t line = told.find("NVIDIA CUDA:");
  return line != std::string::npos && told.substr(line, told.find('\n', line) - line).find("YES") != std::string::npos;
}

/// -1: the driver is missing or too old.
int cuda_devices() {
  try {
    return cv::cuda::getCudaEnabledDeviceCount();
  } catch (const cv::Exception&) {
    return -1;
  }
}

std::string why_no_cuda(int device, const OpenCvPlace& place) {
  if (!built_with_cuda()) return "this OpenCV (" CV_VERSION ") was built without CUDA";
  const int count = cuda_devices();
  if (count < 0) return "the NVIDIA driver is missing or too old for this OpenCV";
  if (count == 0) return "no CUDA device answers";
  if (device >= count)
    return "there is no CUDA device " + std::to_string(device) + ", the last is " + std::to_string(count - 1);
  return has_target(place) ? "" : "OpenCV was built for other compute capabilities than this device's";
}

}  // namespace

bool is_cuda(Backend backend) { return backend == Backend::cuda || backend == Backend::cuda_fp16; }

std::string why_not_here(Backend backend, int device) {
  const OpenCvPlace* place = find(backend);
  if (!place) return "OpenCV does not know it";
  if (backend == Backend::cpu) return {};
  if (is_cuda(backend)) return why_no_cuda(device, *place);
  return has_target(*place) ? "" : "no OpenCL driver answers";
}

const OpenCvPlace& opencv_place(Backend backend, int device) {
  const Backend wanted = backend == Backend::automatic ? Backend::cpu : backend;
  const std::string why = why_not_here(wanted, device);
  if (!why.empty()) throw std::runtime_error(std::string("OpenCV has no back end ") + name(backend) + " here: " + why);
  return *find(wanted);
}

bool may_be_faster(Backend backend) {
  if (backend != Backend::opencl) return true;
  try {
    return cv::ocl::haveOpenCL() && (cv::ocl::Device::getDefault().type() & cv::ocl::Device::TYPE_GPU) != 0;
  } catch (const cv::Exception&) {
    return false;
  }
}

std::int64_t free_memory(Backend backend, int device) {
  if (!is_cuda(backend)) return -1;
  try {
    use_cuda_device(device);
    return static_cast<std::int64_t>(cv::cuda::DeviceInfo(device).freeMemory());
  } catch (const cv::Exception&) {
    return -1;
  }
}

void use_cuda_device(int device) {
  if (cv::cuda::getDevice() != device) cv::cuda::setDevice(device);
}

cv::Mat page_locked(int count, int device) {
  try {
    use_cuda_device(device);
    cv::Mat memory;
    memory.allocator = cv::cuda::HostMem::getAllocator(cv::cuda::HostMem::PAGE_LOCKED);
    memory.create(1, count, CV_32F);
    return memory;
  } catch (const cv::Exception&) {  // without CUDA, or on a device that is lost
    return cv::Mat(1, count, CV_32F);
  }
}

}  // namespace lynceus::infer
