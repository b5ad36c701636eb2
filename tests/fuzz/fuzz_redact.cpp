// Any line is redacted without a crash or a read beyond it.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/log.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  lynceus::log::redact({reinterpret_cast<const char*>(data), size});
  return 0;
}
