#include "pipeline/camera/gate_kernels.h"

#include <algorithm>
#include <cstring>
#include <vector>

namespace lynceus::camera::kernels {
namespace {

constexpr std::int16_t kGreatestDeviation = 20 * kOne;
constexpr int kPatience = 4;  // moving cells raise their deviation 2^4 times slower than still ones

// Sum of eight bytes of each row, four at a time in 16-bit lanes of one word.
struct Eight {
  static constexpr int width = 8;
  static unsigned average(const std::uint8_t* a, const std::uint8_t* b) {
    constexpr std::uint64_t low = 0x00ff00ff00ff00ffULL;
    std::uint64_t p, q;
    std::memcpy(&p, a, sizeof p);
    std::memcpy(&q, b, sizeof q);
    const std::uint64_t lanes = (p & low) + ((p >> 8) & low) + (q & low) + ((q >> 8) & low);
    return (static_cast<unsigned>((lanes * 0x0001000100010001ULL) >> 48) + 8) >> 4;
  }
};

struct Four {
  static constexpr int width = 4;
  static unsigned average(const std::uint8_t* a, const std::uint8_t* b) {
    return (a[0] + a[1] + a[2] + a[3] + b[0] + b[1] + b[2] + b[3] + 4U) >> 3;
  }
};

struct Two {
  static constexpr int width = 2;
  static unsigned average(const std::uint8_t* a, const std::uint8_t* b) {
    return (a[0] + a[1] + b[0] + b[1] + 2U) >> 2;
  }
};

template <class Sample>
void shrink_by(const cv::Mat& luma, int factor, cv::Mat& out) {
  const int margin = (factor - Sample::width) / 2;
  for (int y = 0; y < out.rows; ++y) {
    const std::uint8_t* upper = luma.ptr<std::uint8_t>(y * factor + factor / 4) + margin;
    const std::uint8_t* lower = luma.ptr<std::uint8_t>(y * factor + 3 * factor / 4) + margin;
    std::uint8_t* cell = out.ptr<std::uint8_t>(y);
    for (int x = 0; x < out.cols; ++x, upper += factor, lower += factor) {
      cell[x] = static_cast<std::uint8_t>(Sample::average(upper, lower));
    }
  }
}

}  // namespace

void shrink(const cv::Mat& luma, int factor, cv::Mat& out) {
  if (factor >= 8) return shrink_by<Eight>(luma, factor, out);
  if (factor >= 4) return shrink_by<Four>(luma, factor, out);
  if (factor >= 2) return shrink_by<Two>(luma, factor, out);
  luma.copyTo(out);
}

void difference(const std::uint8_t* __restrict cells, const Model& model, const std::uint8_t* __restrict keep,
                std::int16_t base, std::uint8_t* __restrict moving, std::size_t count) {
  const std::int16_t* __restrict mean = model.mean;
  const std::int16_t* __restrict deviation = model.deviation;
  for (std::size_t i = 0; i < count; ++i) {
    const auto d = static_cast<std::int16_t>(cells[i] * kOne - mean[i]);
    const auto distance = static_cast<std::int16_t>(d < 0 ? -d : d);
    const auto limit = static_cast<std::int16_t>(base + 3 * deviation[i]);
    moving[i] = distance > limit ? keep[i] : std::uint8_t{0};
  }
}

void learn(const std::uint8_t* __restrict cells, const Model& model, const std::uint8_t* __restrict moving, int shift,
           std::int16_t step, std::size_t count) {
  std::int16_t* __restrict mean = model.mean;
  std::int16_t* __restrict deviation = model.deviation;
  const auto backwards = static_cast<std::int16_t>(-step);
  for (std::size_t i = 0; i < count; ++i) {
    const auto d = static_cast<std::int16_t>(cells[i] * kOne - mean[i]);
    const auto distance = static_cast<std::int16_t>(d < 0 ? -d : d);
    const auto excess = static_cast<std::int16_t>(std::min(distance, kGreatestDeviation) - deviation[i]);
    const std::int16_t crawl = std::max(backwards, std::min(d, step));
    const auto follow = static_cast<std::int16_t>(d >> shift);
    const auto slow = static_cast<std::int16_t>(excess >> (shift + kPatience));
    const auto fast = static_cast<std::int16_t>(excess >> shift);
    const bool moves = moving[i] != 0;
    mean[i] = static_cast<std::int16_t>(mean[i] + (moves ? crawl : follow));
    deviation[i] = static_cast<std::int16_t>(deviation[i] + (moves ? slow : fast));
  }
}

void rebase(const Model& model, float gain, float offset, std::size_t count) {
  std::int16_t* __restrict mean = model.mean;
  for (std::size_t i = 0; i < count; ++i) {
    const float value = static_cast<float>(mean[i]) * gain + offset * kOne;
    mean[i] = static_cast<std::int16_t>(std::min(std::max(value, 0.0F), 255.0F * kOne));
  }
}

void clean(const cv::Mat& moving, const cv::Mat& keep, cv::Mat& out) {
  const int width = moving.cols;
  std::vector<std::uint8_t> column(static_cast<std::size_t>(width) + 2, 0);  // sums of three, a zero at either end
  const std::vector<std::uint8_t> nothing(static_cast<std::size_t>(width), 0);
  for (int y = 0; y < moving.rows; ++y) {
    const std::uint8_t* above = y > 0 ? moving.ptr<std::uint8_t>(y - 1) : nothing.data();
    const std::uint8_t* here = moving.ptr<std::uint8_t>(y);
    const std::uint8_t* below = y + 1 < moving.rows ? moving.ptr<std::uint8_t>(y + 1) : nothing.data();
    std::uint8_t* __restrict sums = column.data() + 1;
    for (int x = 0; x < width; ++x)
      sums[x] = static_cast<std::uint8_t>((above[x] & 1) + (here[x] & 1) + (below[x] & 1));
    const std::uint8_t* kept = keep.ptr<std::uint8_t>(y);
    std::uint8_t* __restrict result = out.ptr<std::uint8_t>(y);
    for (int x = 0; x < width; ++x) {
      const auto around = static_cast<std::uint8_t>(sums[x - 1] + sums[x] + sums[x + 1]);
      result[x] = around >= 4 ? kept[x] : std::uint8_t{0};
    }
  }
}

}  // namespace lynceus::camera::kernels
