#include "plugins/context/day_bank.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <opencv2/imgproc.hpp>
#include <string>

#include "plugins/context/registration.h"

namespace lynceus::context {
namespace {

constexpr int kKnown = 15;      // looks, and a picture is a picture of the place
constexpr int kSaveAfter = 60;  // looks
constexpr double kClearlyBetter = 0.02;
constexpr std::size_t kMostBytes = std::size_t{6} << 20;
constexpr std::size_t kMostPictures = 8;
constexpr std::uint32_t kMark = 0x31594144;  // "DAY1"
constexpr std::int32_t kLongestSide = 8192;

struct Header {
  std::uint32_t mark = kMark;
  std::int32_t width = 0, height = 0, hour = 0, looks = 0;
};

std::size_t packed_bytes(cv::Size size) {
  const cv::Size half((size.width + 1) / 2, (size.height + 1) / 2);
  return sizeof(Header) + std::size_t(size.area()) + 2 * std::size_t(half.area());
}

std::string blob_name(std::size_t index) { return "day." + std::to_string(index); }

/// One step towards the picture: the value that as many looks lie above as below stays where it is.
void step_towards(const cv::Mat& picture, int step, cv::Mat& median) {
  cv::Mat up, down;
  cv::subtract(picture, median, up);
  cv::subtract(median, picture, down);
  cv::min(up, cv::Scalar::all(step), up);
  cv::min(down, cv::Scalar::all(step), down);
  cv::add(median, up, median);
  cv::subtract(median, down, median);
}

int apart(int a, int b) { return std::min(std::abs(a - b), 24 - std::abs(a - b)); }

}  // namespace

std::size_t bank_capacity(cv::Size size) {
  return std::clamp(kMostBytes / packed_bytes(size), std::size_t{1}, kMostPictures);
}

std::vector<std::byte> pack_day(const cv::Mat& picture, int hour, int looks) {
  cv::Mat wide;
  cv::cvtColor(picture, wide, cv::COLOR_BGR2YCrCb);
  std::array<cv::Mat, 3> planes;
  cv::split(wide, planes.data());
  const cv::Size half((picture.cols + 1) / 2, (picture.rows + 1) / 2);
  for (std::size_t i = 1; i < 3; ++i) cv::resize(planes[i], planes[i], half, 0, 0, cv::INTER_AREA);
  std::vector<std::byte> blob(packed_bytes(picture.size()));
  const Header header{kMark, picture.cols, picture.rows, hour, looks};
  std::memcpy(blob.data(), &header, sizeof header);
  std::size_t at = sizeof header;
  for (const cv::Mat& plane : planes) {
    std::memcpy(blob.data() + at, plane.data, plane.total());
    at += plane.total();
  }
  return blob;
}

cv::Mat unpack_day(std::span<const std::byte> blob, int& hour, int& looks) {
  Header header;
  if (blob.size() < sizeof header) return {};
  std::memcpy(&header, blob.data(), sizeof header);
  const bool sizes =
      header.width > 0 && header.height > 0 && header.width <= kLongestSide && header.height <= kLongestSide;
  if (header.mark != kMark || !sizes || header.hour < 0 || header.hour > 23 || header.looks < 1) return {};
  const cv::Size size(header.width, header.height), half((size.width + 1) / 2, (size.height + 1) / 2);
  if (blob.size() != packed_bytes(size)) return {};
  std::array<cv::Mat, 3> planes{cv::Mat(size, CV_8UC1), cv::Mat(half, CV_8UC1), cv::Mat(half, CV_8UC1)};
  std::size_t at = sizeof header;
  for (cv::Mat& plane : planes) {
    std::memcpy(plane.data, blob.data() + at, plane.total());
    at += plane.total();
  }
  for (std::size_t i = 1; i < 3; ++i) cv::resize(planes[i], planes[i], size, 0, 0, cv::INTER_LINEAR);
  cv::Mat wide, out;
  cv::merge(planes.data(), 3, wide);
  cv::cvtColor(wide, out, cv::COLOR_YCrCb2BGR);
  hour = header.hour;
  looks = header.looks;
  return out;
}

DayBank::DayBank(sdk::State& state) : state_(state) {
  for (std::size_t i = 0; i < kMostPictures; ++i) {
    const auto blob = state_.read(blob_name(i));
    if (!blob) continue;
    Slot slot;
    slot.picture = unpack_day(*blob, slot.hour, slot.looks);
    slot.saved = slot.looks;
    const bool fits = slots_.empty() || slots_[0].picture.size() == slot.picture.size();
    if (!slot.picture.empty() && fits) slots_.push_back(slot);
  }
}

bool DayBank::empty() const {
  return std::none_of(slots_.begin(), slots_.end(), [](const Slot& slot) { return slot.looks >= kKnown; });
}

/// The hour's own, a new one, or the place of the hour nearest to another: pictures of like hours are alike.
DayBank::Slot* DayBank::slot_for(int hour, cv::Size size) {
  if (!slots_.empty() && slots_[0].picture.size() != size) slots_.clear();
  const auto own = std::find_if(slots_.begin(), slots_.end(), [&](const Slot& slot) { return slot.hour == hour; });
  if (own != slots_.end()) return &*own;
  if (slots_.size() < bank_capacity(size)) {
    slots_.emplace_back().hour = hour;
    return &slots_.back();
  }
  const auto nearest = std::min_element(slots_.begin(), slots_.end(), [&](const Slot& a, const Slot& b) {
    return apart(a.hour, hour) < apart(b.hour, hour);
  });
  return &*nearest;
}

void DayBank::learn(const cv::Mat& picture, int hour) {
  Slot& slot = *slot_for(hour, picture.size());
  if (slot.picture.empty()) {
    slot.picture = picture.clone();
  } else {
    // What stood there at the first look must go within some looks; later, little steps keep the picture calm.
    step_towards(picture, std::max(1, 48 >> std::min(5, slot.looks / 4)), slot.picture);
  }
  slot.looks = std::min(slot.looks + 1, 1'000'000);
}

cv::Mat DayBank::choose(const cv::Mat& night) {
  const Slot* best = nullptr;
  double agreement = -1;
  for (const Slot& slot : slots_) {
    if (slot.looks < kKnown) continue;
    cv::Mat small = night;
    if (night.size() != slot.picture.size()) cv::resize(night, small, slot.picture.size(), 0, 0, cv::INTER_AREA);
    // The one in use is left only for one that is clearly better.
    const double own = edge_agreement(slot.picture, small) + (slot.hour == chosen_hour_ ? kClearlyBetter : 0);
    if (own > agreement) agreement = own, best = &slot;
  }
  if (best == nullptr) return {};
  chosen_hour_ = best->hour;
  return best->picture;
}

void DayBank::save() {
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    Slot& slot = slots_[i];
    if (slot.looks < kKnown || slot.looks - slot.saved < kSaveAfter) continue;
    if (state_.write(blob_name(i), pack_day(slot.picture, slot.hour, slot.looks))) slot.saved = slot.looks;
  }
}

}  // namespace lynceus::context
