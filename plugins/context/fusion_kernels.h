// The loops over pixels of the fusion, row by row; they vectorise. Thread: reentrant.
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>

namespace lynceus::context {

constexpr float kRed = 0.299F, kGreen = 0.587F, kBlue = 0.114F;

/// luma = Y(night) - Y(day), blue = (B - Y)(night) - (B - Y)(day), red likewise; 32FC1 of the pictures' size.
void subtract_pictures(const cv::Mat& night, const cv::Mat& day, cv::Mat& luma, cv::Mat& blue, cv::Mat& red);
cv::Mat luma_of(const cv::Mat& bgr);

/// out = div(w grad m) - screen w m - temporal past; nothing flows across the border.
void right_side(const cv::Mat& m, const cv::Mat& w, double screen, double temporal, const cv::Mat& past, cv::Mat& out);

/// result = day + what the solution adds; blue and red hold the colour differences' own part.
void add_solution(const cv::Mat& day, const cv::Mat& v, const cv::Mat& blue, const cv::Mat& red, cv::Mat& result);

/// Sums of |grad v - w grad m|² and of |grad day + w grad m|².
void sum_residual(const cv::Mat& v, const cv::Mat& m, const cv::Mat& w, const cv::Mat& day, double& off, double& all);

}  // namespace lynceus::context
