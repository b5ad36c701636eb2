// The gate's inner loops: plain arrays in, plain arrays out, written so that the compiler makes vector code of them.
//
// Grey levels are kept × 128 in 16 bits (kOne), which leaves room for signs and for slow averages.
// Thread: reentrant, no state.
#pragma once

#include <cstddef>
#include <cstdint>
#include <opencv2/core.hpp>

namespace lynceus::camera::kernels {

inline constexpr int kOne = 128;  ///< one grey level

/// Averages cells of factor × factor pixels, looking at two rows of each cell and at most eight columns.
/// `out` must be luma.size() / factor, CV_8UC1 and continuous.
void shrink(const cv::Mat& luma, int factor, cv::Mat& out);

/// One background model: mean and mean deviation of each cell.
struct Model {
  std::int16_t* mean;
  std::int16_t* deviation;
};

/// 255 where a cell differs from the background by more than base + 3 deviations and `keep` is 255.
void difference(const std::uint8_t* cells, const Model& model, const std::uint8_t* keep, std::int16_t base,
                std::uint8_t* moving, std::size_t count);

/// Still cells follow by 1 / 2^shift; moving ones by at most `step`, so that what stays becomes background in the end.
void learn(const std::uint8_t* cells, const Model& model, const std::uint8_t* moving, int shift, std::int16_t step,
           std::size_t count);

/// background = background × gain + offset (grey levels).
void rebase(const Model& model, float gain, float offset, std::size_t count);

/// 255 where at least four of the nine cells around (itself included) move and `keep` is 255.
void clean(const cv::Mat& moving, const cv::Mat& keep, cv::Mat& out);

}  // namespace lynceus::camera::kernels
