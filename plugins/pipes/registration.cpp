#include "plugins/pipes/registration.h"

#include <cmath>
#include <opencv2/imgproc.hpp>

namespace lynceus::pipes {
namespace {

constexpr int kAcross = 32;  // both are compared at this size

cv::Mat turned(const cv::Mat& picture, Turn turn) {
  cv::Mat out = picture;
  if (turn == Turn::clockwise) cv::rotate(picture, out, cv::ROTATE_90_CLOCKWISE);
  if (turn == Turn::counter_clockwise) cv::rotate(picture, out, cv::ROTATE_90_COUNTERCLOCKWISE);
  return out;
}

double likeness(const cv::Mat& a, const cv::Mat& b) {
  cv::Mat one, other;
  a.convertTo(one, CV_32F);
  b.convertTo(other, CV_32F);
  cv::resize(one, one, {kAcross, kAcross}, 0, 0, cv::INTER_AREA);
  cv::resize(other, other, {kAcross, kAcross}, 0, 0, cv::INTER_AREA);
  one -= cv::mean(one)[0];
  other -= cv::mean(other)[0];
  const double size = cv::norm(one) * cv::norm(other);
  return size > 0 ? one.dot(other) / size : 0;
}

}  // namespace

Turn turn_of(const cv::Mat& raw, const cv::Mat& looks) {
  const bool square = raw.cols == raw.rows || looks.cols == looks.rows;
  if (square || (raw.cols > raw.rows) == (looks.cols > looks.rows)) return Turn::none;
  const double clockwise = likeness(turned(raw, Turn::clockwise), looks);
  const double counter = likeness(turned(raw, Turn::counter_clockwise), looks);
  return clockwise > counter ? Turn::clockwise : Turn::counter_clockwise;
}

void lay_over(cv::Mat& celsius, cv::Mat& known, Turn turn, cv::Size size) {
  celsius = turned(celsius, turn);
  known = turned(known, turn);
  if (celsius.size() == size) return;
  cv::resize(celsius, celsius, size, 0, 0, cv::INTER_LINEAR);
  cv::resize(known, known, size, 0, 0, cv::INTER_NEAREST);
}

}  // namespace lynceus::pipes
