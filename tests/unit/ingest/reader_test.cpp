#include "pipeline/ingest/reader.h"

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <opencv2/core.hpp>
#include <string>

#include "base/error.h"
#include "pipeline/picture/picture_io.h"
#include "tests/support/catch.h"

namespace fs = std::filesystem;
using lynceus::Error;
using lynceus::Exit;
using namespace lynceus::ingest;

namespace {

/// A folder of its own that goes with the test.
class Folder {
 public:
  Folder() {
    std::string pattern = (fs::temp_directory_path() / "lynceus-reader-XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()));
    path_ = pattern;
  }
  ~Folder() { fs::remove_all(path_); }
  std::string file(const std::string& name) const { return (path_ / name).string(); }
  std::string picture(const std::string& name, int grey) const {
    lynceus::picture::write(file(name), cv::Mat(12, 16, CV_8UC3, cv::Scalar::all(grey)));
    return file(name);
  }
  std::string path() const { return path_.string(); }

 private:
  fs::path path_;
};

}  // namespace

TEST_CASE("a folder is read in natural order, numbered from 0") {
  const Folder folder;
  folder.picture("f10.png", 100);
  folder.picture("f2.png", 20);
  folder.picture("f1.png", 10);
  std::ofstream(folder.file("notes.txt")) << "no picture";
  const auto reader = open_reader(folder.path());
  REQUIRE(kind_of(folder.path()) == InputKind::folder);
  REQUIRE_FALSE(reader->is_video());
  for (int i = 0; i < 3; ++i) {
    const auto picture = reader->next();
    REQUIRE(picture);
    REQUIRE(picture->frame == i);
    REQUIRE(picture->picture->luma().at<std::uint8_t>(0, 0) == (i == 0 ? 10 : i == 1 ? 20 : 100));
  }
  REQUIRE_FALSE(reader->next());
}

TEST_CASE("one picture, and a glob of them, are unrelated: frame 0 each") {
  const Folder folder;
  const std::string one = folder.picture("b.png", 5);
  folder.picture("a.png", 6);
  REQUIRE(open_reader(one)->next()->input == one);
  const auto reader = open_reader(folder.file("*.png"));
  REQUIRE(reader->next()->input == folder.file("a.png"));
  const auto second = reader->next();
  REQUIRE(second->input == one);
  REQUIRE(second->frame == 0);
}

TEST_CASE("a picture that cannot be read is told, and the rest goes on") {
  const Folder folder;
  std::ofstream(folder.file("1.png")) << "rubbish";
  folder.picture("2.png", 9);
  const auto reader = open_reader(folder.path());
  REQUIRE_THROWS_AS(reader->next(), Error);
  REQUIRE(reader->next()->input == folder.file("2.png"));
  REQUIRE_FALSE(reader->next());
}

TEST_CASE("sixteen-bit pictures are temperatures") {
  const Folder folder;
  cv::Mat raw(4, 4, CV_16UC1, cv::Scalar(30000));
  raw.at<std::uint16_t>(0, 0) = 31000;
  lynceus::picture::write(folder.file("t.png"), raw);
  const auto picture = open_reader(folder.file("t.png"))->next();
  REQUIRE(picture->picture->radiometric());
  REQUIRE(picture->picture->radiometric()->raw.at<std::uint16_t>(0, 0) == 31000);
  REQUIRE(picture->picture->luma().at<std::uint8_t>(0, 0) == 255);
  REQUIRE(picture->picture->luma().at<std::uint8_t>(1, 1) == 0);
}

TEST_CASE("what is not there or no video is an error of the input") {
  const Folder folder;
  std::ofstream(folder.file("x.mp4")) << "this is no video at all, only words";
  std::ofstream(folder.file("empty.mp4"));
  for (const std::string& input : {folder.file("none.mp4"), folder.file("x.mp4"), folder.file("empty.mp4"),
                                   folder.file("*.tiff"), folder.path()}) {
    INFO(input);
    try {
      open_reader(input);
      FAIL("opened");
    } catch (const Error& error) {
      CHECK(error.exit() == Exit::unreadable);
    }
  }
}

TEST_CASE("kinds of input") {
  REQUIRE(kind_of("rtsp://cam/main") == InputKind::live);
  REQUIRE(kind_of("v4l2:///dev/video0") == InputKind::live);
  REQUIRE(kind_of("/a/b.mp4") == InputKind::video);
  REQUIRE(kind_of("/a/b.jpg") == InputKind::image);
  REQUIRE(kind_of("/a/*.jpg") == InputKind::image);
}
