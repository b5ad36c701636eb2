#include "pipeline/infer/protobuf.h"

#include <stdexcept>

namespace lynceus::infer::protobuf {

void damaged() { throw std::runtime_error("not an ONNX model, or damaged"); }

std::optional<Field> Message::next() {
  if (left_.empty()) return std::nullopt;
  const std::uint64_t key = varint();
  Field field{.number = key >> 3, .is_bytes = false, .value = 0, .bytes = {}};
  switch (key & 7) {
    case 0:
      field.value = varint();
      break;
    case 1:
      field.bytes = take(8);
      break;
    case 2:
      field.bytes = take(varint());
      field.is_bytes = true;
      break;
    case 5:
      field.bytes = take(4);
      break;
    default:
      damaged();
  }
  return field;
}

std::uint64_t Message::varint() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    const auto byte = static_cast<std::uint64_t>(take(1)[0]);
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
  damaged();
}

Bytes Message::take(std::uint64_t count) {
  if (count > left_.size()) damaged();
  const Bytes taken = left_.first(count);
  left_ = left_.subspan(count);
  return taken;
}

}  // namespace lynceus::infer::protobuf
