#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "pipeline/ingest/picture_frame.h"
#include "pipeline/ingest/readers.h"
#include "pipeline/ingest/still.h"

namespace lynceus::ingest {
namespace {

class PictureReader final : public Reader {
 public:
  PictureReader(std::vector<std::string> paths, bool sequence) : paths_(std::move(paths)), sequence_(sequence) {}

  std::optional<Picture> next() override {
    if (next_ >= paths_.size()) return std::nullopt;
    const std::size_t index = next_++;
    Still still = read_still(paths_[index]);
    Picture out;
    out.input = paths_[index];
    out.frame = sequence_ ? static_cast<std::int64_t>(index) : 0;
    out.time_s = static_cast<double>(out.frame);
    // A folder has no times of its own: one picture a second, as a camera made of it has.
    const auto captured = MonoTime{} + std::chrono::seconds{1 + out.frame};
    out.picture = make_picture_frame({"", static_cast<std::uint64_t>(out.frame), captured, system_clock().wall(),
                                      std::move(still.picture), std::move(still.radiometric)});
    return out;
  }
  bool is_video() const override { return false; }
  double fps() const override { return 0; }

 private:
  const std::vector<std::string> paths_;
  const bool sequence_;
  std::size_t next_ = 0;
};

}  // namespace

std::unique_ptr<Reader> read_pictures(std::vector<std::string> paths, bool sequence) {
  return std::make_unique<PictureReader>(std::move(paths), sequence);
}

}  // namespace lynceus::ingest
