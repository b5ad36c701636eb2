// privacy: blur as a client sees it, by the HTTP snapshot.
#include <filesystem>
#include <opencv2/core.hpp>
#include <span>
#include <string>

#include "pipeline/picture/picture_io.h"
#include "tests/integration/daemon_run.h"
#include "tests/support/catch.h"

using namespace lynceus;
using namespace lynceus::test;

namespace {

/// Takes `people` from the tests' plugins, whether or not there is a real one.
void add_people(const DaemonRun& daemon) {
  const std::string file = "/lynceus_people.so";
  std::filesystem::copy_file(std::string(LYNCEUS_BUILD_DIR) + "/test-plugins/left" + file,
                             daemon.path("plugins") + file);
}

cv::Mat snapshot(DaemonRun& daemon, const std::string& camera, const std::string& view) {
  HttpAnswer answer;
  REQUIRE(daemon.until([&] {
    answer = daemon.get("/api/v1/cameras/" + camera + "/snapshot.jpg?view=" + view);
    return answer.status == 200;
  }));
  return picture::decode(std::as_bytes(std::span(answer.body.data(), answer.body.size())), camera).pixels;
}

/// How much neighbours differ in a part of the picture, its width from 0 to 1.
double detail(const cv::Mat& picture, double from, double to) {
  const cv::Mat part = picture.colRange(static_cast<int>(from * picture.cols), static_cast<int>(to * picture.cols));
  cv::Mat differences;
  cv::absdiff(part.colRange(1, part.cols), part.colRange(0, part.cols - 1), differences);
  const cv::Scalar mean = cv::mean(differences);
  return mean[0] + mean[1] + mean[2];
}

}  // namespace

TEST_CASE("blur: a snapshot shows people as squares, and nothing at all where nobody said where they are") {
  const std::string url = "{url: 'sim://still?fps=10&size=320x240', ";
  DaemonRun daemon;
  add_people(daemon);
  daemon.configure("  open: " + url + "analyzers: {people: true}}\n" + "  blurred: " + url +
                   "privacy: blur, analyzers: {people: {when: every_frame}}}\n" + "  blind: " + url +
                   "privacy: blur}\n");
  daemon.start();
  for (const std::string view : {"raw", "overlay"}) {
    CAPTURE(view);
    const cv::Mat open = snapshot(daemon, "open", view);
    const cv::Mat blurred = snapshot(daemon, "blurred", view);
    const cv::Mat blind = snapshot(daemon, "blind", view);
    REQUIRE(detail(blurred, 0, 0.3) < 0.5 * detail(open, 0, 0.3));
    REQUIRE(detail(blurred, 0.5, 1) > 0.9 * detail(open, 0.5, 1));
    REQUIRE(detail(blind, 0, 0.3) < 0.5 * detail(open, 0, 0.3));
    REQUIRE(detail(blind, 0.5, 1) < 0.5 * detail(open, 0.5, 1));
  }
  REQUIRE(daemon.output().find("every picture is blurred as a whole") != std::string::npos);
}
