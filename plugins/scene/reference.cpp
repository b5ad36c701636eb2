#include "plugins/scene/reference.h"

#include <cmath>
#include <cstring>
#include <opencv2/core.hpp>

namespace lynceus::scene {
namespace {

constexpr char kMagic[8] = {'L', 'Y', 'R', 'O', 'O', 'M', '0', '1'};
constexpr float kSameNetwork = 0.02F;  // other back ends round otherwise
constexpr std::size_t kParts = 4;

std::size_t cells() { return static_cast<std::size_t>(kGrid.area()); }
std::size_t blob_size() { return sizeof kMagic + sizeof(Fingerprint) + cells() * (kParts + 1 + 3); }

void append(std::vector<std::byte>& blob, const void* data, std::size_t size) {
  const auto* bytes = static_cast<const std::byte*>(data);
  blob.insert(blob.end(), bytes, bytes + size);
}

/// Reads what append() wrote, in the same order.
class Reader {
 public:
  explicit Reader(std::span<const std::byte> blob) : left_(blob) {}
  void take(void* to, std::size_t size) {
    std::memcpy(to, left_.data(), size);
    left_ = left_.subspan(size);
  }
  cv::Mat picture(int type) {
    cv::Mat out(kGrid, type);
    take(out.data, out.total() * out.elemSize());
    return out;
  }

 private:
  std::span<const std::byte> left_;
};

bool same(const Fingerprint& a, const Fingerprint& b) {
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (!(std::abs(a[i] - b[i]) <= kSameNetwork)) return false;
  }
  return true;
}

}  // namespace

std::vector<std::byte> to_blob(const RoomView& room, const Fingerprint& network) {
  std::vector<std::byte> blob;
  blob.reserve(blob_size());
  append(blob, kMagic, sizeof kMagic);
  append(blob, network.data(), sizeof network);
  cv::Mat bytes;
  for (const cv::Mat& map : room.maps) {
    map.convertTo(bytes, CV_8U, 255);
    append(blob, bytes.data, bytes.total());
  }
  append(blob, room.known.data, room.known.total());
  room.picture.convertTo(bytes, CV_8UC3);
  append(blob, bytes.data, 3 * bytes.total());
  return blob;
}

std::optional<RoomView> from_blob(std::span<const std::byte> blob, const Fingerprint& network) {
  if (blob.size() != blob_size() || std::memcmp(blob.data(), kMagic, sizeof kMagic) != 0) return std::nullopt;
  Reader reader(blob.subspan(sizeof kMagic));
  Fingerprint stored;
  reader.take(stored.data(), sizeof stored);
  if (!same(stored, network)) return std::nullopt;
  RoomView room;
  for (std::size_t i = 0; i < kParts; ++i) reader.picture(CV_8U).convertTo(room.maps.emplace_back(), CV_32F, 1.0 / 255);
  room.known = reader.picture(CV_8U) > 127;
  reader.picture(CV_8UC3).convertTo(room.picture, CV_32FC3);
  return room;
}

bool complete(RoomView& reference, const RoomView& room) {
  const cv::Mat fresh = room.known & ~reference.known;
  if (cv::countNonZero(fresh) == 0) return false;
  for (std::size_t i = 0; i < reference.maps.size(); ++i) room.maps[i].copyTo(reference.maps[i], fresh);
  room.picture.copyTo(reference.picture, fresh);
  reference.known |= fresh;
  return true;
}

}  // namespace lynceus::scene
