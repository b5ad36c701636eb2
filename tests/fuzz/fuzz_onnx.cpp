// Any bytes are a model's signature or an error, read before an engine sees the file.
#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>

#include "pipeline/infer/onnx_signature.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    lynceus::infer::read_onnx_signature(std::as_bytes(std::span(data, size)));
  } catch (const std::runtime_error&) {
  }
  return 0;
}
