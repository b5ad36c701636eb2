// Any bytes are temperatures beneath a FLIR picture, or none; and whatever constants they bring, each pixel becomes a
// temperature or is marked as none. The first byte chooses: a whole JPEG, or a container that is wrapped into its
// segments here, so that what is changed inside it is not lost to the wrapping.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <opencv2/core.hpp>
#include <span>
#include <vector>

#include "pipeline/picture/flir.h"
#include "plugins/pipes/planck.h"
#include "plugins/pipes/registration.h"

namespace {

constexpr std::size_t kPiece = 60'000;

std::vector<std::byte> wrapped(std::span<const std::byte> container) {
  std::vector<std::byte> out{std::byte{0xff}, std::byte{0xd8}};
  const std::size_t pieces = std::min<std::size_t>(255, container.size() / kPiece + 1);
  for (std::size_t i = 0; i < pieces; ++i) {
    const auto piece = container.subspan(std::min(container.size(), i * kPiece))
                           .first(std::min(kPiece, container.size() - i * kPiece));
    const std::size_t length = 2 + 8 + piece.size();
    for (const std::size_t b :
         {std::size_t{0xff}, std::size_t{0xe1}, length >> 8, length & 0xff, std::size_t{'F'}, std::size_t{'L'},
          std::size_t{'I'}, std::size_t{'R'}, std::size_t{0}, std::size_t{1}, i, pieces - 1}) {
      out.push_back(std::byte(b));
    }
    out.insert(out.end(), piece.begin(), piece.end());
  }
  out.insert(out.end(), {std::byte{0xff}, std::byte{0xd9}});
  return out;
}

void measure(const lynceus::sdk::Radiometric& found, const lynceus::pipes::Surface& surface) {
  cv::Mat celsius, known;
  lynceus::pipes::to_celsius(found, surface, celsius, known);
  for (int y = 0; y < celsius.rows; ++y) {
    for (int x = 0; x < celsius.cols; ++x) {
      if (known.at<uchar>(y, x) != 0 && !std::isfinite(celsius.at<float>(y, x))) std::abort();
    }
  }
  const cv::Size upright(std::min(celsius.rows, celsius.cols) + 1, std::max(celsius.rows, celsius.cols) + 2);
  const auto turn = lynceus::pipes::turn_of(found.raw, cv::Mat(upright, CV_8U, cv::Scalar(9)));
  lynceus::pipes::lay_over(celsius, known, turn, upright);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const auto bytes = std::as_bytes(std::span(data, size)).subspan(1);
  const auto jpeg = data[0] % 2 == 0 ? std::vector<std::byte>(bytes.begin(), bytes.end()) : wrapped(bytes);
  const auto found = lynceus::picture::flir_radiometric(jpeg, {.longest_side_px = 512, .pixels = 1 << 16});
  if (!found) return 0;
  if (found->raw.empty() || found->raw.type() != CV_16UC1) std::abort();
  measure(*found, {});
  measure(*found, {0.01, -270.0});
  measure(*found, {1.0, 2000.0});
  return 0;
}
