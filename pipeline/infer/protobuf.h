// Walks the fields of a protobuf message, never beyond its bytes: the little of the format that ONNX files need. Throws
// std::runtime_error where the bytes are no message. Thread: any.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace lynceus::infer::protobuf {

using Bytes = std::span<const std::byte>;

/// One field: a number, or a run of bytes.
struct Field {
  std::uint64_t number = 0;
  bool is_bytes = false;
  std::uint64_t value = 0;
  Bytes bytes;
};

[[noreturn]] void damaged();

class Message {
 public:
  explicit Message(Bytes bytes) : left_(bytes) {}
  std::optional<Field> next();
  /// A number without a field, as packed lists hold them.
  std::uint64_t varint();
  bool empty() const { return left_.empty(); }
  /// What has not been read yet.
  Bytes rest() const { return left_; }

 private:
  Bytes take(std::uint64_t count);

  Bytes left_;
};

/// Calls visit(field) for every field of this number.
template <class Visit>
void each(Bytes message, std::uint64_t number, Visit visit) {
  Message fields(message);
  while (const auto field = fields.next()) {
    if (field->number == number) visit(*field);
  }
}

}  // namespace lynceus::infer::protobuf
