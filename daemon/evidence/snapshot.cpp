#include "daemon/evidence/snapshot.h"

#include "daemon/live/draw.h"
#include "pipeline/picture/picture_io.h"

namespace lynceus::daemon {
namespace {

constexpr int kQuality = 85;

}  // namespace

std::vector<std::byte> snapshot_of(const CameraSnapshot& live, const Veil& veil) {
  return picture::encode_jpeg(picture_overlay(live, veil), kQuality);
}

}  // namespace lynceus::daemon
