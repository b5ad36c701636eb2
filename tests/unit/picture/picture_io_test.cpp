#include "pipeline/picture/picture_io.h"

#include <sys/stat.h>

#include <filesystem>
#include <iterator>
#include <string>

#include "tests/support/catch.h"
#include "tests/support/shared_data.h"
#include "tests/support/temp_folder.h"
#include "tests/support/tiny_onnx.h"
#include "tests/unit/picture/patterns.h"

namespace lynceus::test {
namespace {

std::string read_error(const std::string& path) {
  try {
    picture::read(path);
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

}  // namespace

TEST_CASE("a picture is written and read by its name", "[picture]") {
  TempFolder folder;
  const cv::Mat picture = pattern(20, 10, CV_16UC1);
  picture::write(folder / "a.png", picture);
  CHECK(equal(picture::read(folder / "a.png").pixels, picture));
  picture::write(folder / "a.JPG", pattern(20, 10, CV_8UC3));
  CHECK(picture::read(folder / "a.JPG").pixels.type() == CV_8UC3);
  CHECK_THROWS_WITH(picture::write(folder / "a.gif", picture),
                    "cannot write picture: " + (folder / "a.gif") + ": the name must end in .jpg, .jpeg or .png");
}

TEST_CASE("a picture is written whole or not at all", "[picture]") {
  TempFolder folder;
  picture::write(folder / "a.png", pattern(20, 10, CV_8UC1));
  CHECK_THROWS_AS(picture::write(folder / "a.png", cv::Mat(4, 4, CV_32F)), Error);
  CHECK(picture::read(folder / "a.png").pixels.cols == 20);
  CHECK_THROWS_AS(picture::write(folder / "no/such/a.png", pattern(2, 2, CV_8UC1)), Error);
  std::filesystem::create_directory(folder / "dir.png");
  CHECK_THROWS_AS(picture::write(folder / "dir.png", pattern(2, 2, CV_8UC1)), Error);
  const std::filesystem::directory_iterator files(folder.path());
  CHECK(std::distance(begin(files), end(files)) == 2);  // no temporary file is left
}

TEST_CASE("a file that is no picture says why", "[picture]") {
  TempFolder folder;
  const auto line = [&](const std::string& name, const std::string& why) {
    return "cannot read picture: " + (folder / name) + ": " + why;
  };
  CHECK(read_error(folder / "no.png") == line("no.png", "No such file or directory"));
  CHECK(read_error(write_file(folder.path(), "empty.png", "")) == line("empty.png", "it is empty"));
  CHECK(read_error(write_file(folder.path(), "text.png", "hello")) == line("text.png", "not a JPEG, PNG, TIFF or BMP"));
  CHECK(read_error(folder.path()).ends_with(": not a regular file"));
  REQUIRE(::mkfifo((folder / "pipe.png").c_str(), 0600) == 0);
  CHECK(read_error(folder / "pipe.png") == line("pipe.png", "not a regular file"));
}

TEST_CASE("pictures are known by their suffix", "[picture]") {
  for (const char* name : {"a.jpg", "a.JPEG", "b/c.png", "a.b.tif", "a.tiff", "a.bmp"}) {
    CHECK(picture::has_picture_suffix(name));
  }
  for (const char* name : {"a", "jpg", "a.jpg/b", "a.txt", "a.jpg.part", ""}) {
    CHECK_FALSE(picture::has_picture_suffix(name));
  }
}

TEST_CASE("real pictures decode", "[picture][data]") {
  LYNCEUS_NEED_DATA(folder, "data");
  int read = 0;
  int skipped = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(*folder)) {
    const std::string path = entry.path().string();
    if (!entry.is_regular_file() || path.find("/streams/") != std::string::npos || !picture::has_picture_suffix(path))
      continue;
    if (skipped++ % 100 != 0) continue;  // one of a hundred is enough of a sample
    CHECK_NOTHROW(picture::read(path));
    ++read;
  }
  CHECK(read > 0);
}

}  // namespace lynceus::test
