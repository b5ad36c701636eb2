// Streams as they come from the wild, played as files: a decoder may refuse; nothing crashes or hangs.
#include <malloc.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "base/log.h"
#include "pipeline/ingest/camera_source.h"
#include "pipeline/ingest/reader.h"
#include "tests/support/catch.h"
#include "tests/support/shared_data.h"
#include "tests/unit/ingest/recorder.h"

namespace fs = std::filesystem;
using lynceus::Error;
using lynceus::ingest::make_source;
using lynceus::ingest::open_reader;
using lynceus::ingest::SourceSettings;
using lynceus::ingest::TransportState;

namespace {

std::vector<std::string> files_of(const std::string& folder) {
  std::vector<std::string> files;
  for (const auto& entry : fs::directory_iterator(folder)) files.push_back(entry.path().string());
  std::sort(files.begin(), files.end());
  return files;
}

struct Quiet {
  Quiet() {
    lynceus::log::capture([](std::string_view) {});
  }
  ~Quiet() { lynceus::log::capture({}); }
};

/// How many pictures a file gives before it ends, some at most.
int pictures_in(const std::string& file, int at_most) {
  int count = 0;
  try {
    const auto reader = open_reader(file);
    while (count < at_most) {
      const auto picture = reader->next();
      if (!picture) break;
      ++count;
      REQUIRE(picture->frame == count - 1);
      REQUIRE_FALSE(picture->picture->luma().empty());
      if (count == 1) REQUIRE(picture->picture->bgr().size() == picture->picture->size());
    }
  } catch (const Error&) {
  }
  return count;
}

}  // namespace

TEST_CASE("every elementary stream is read to its end or refused") {
  const Quiet quiet;
  LYNCEUS_NEED_DATA(streams, "data/streams");
  int played = 0, files = 0;
  for (const char* folder : {"/h264", "/hevc"}) {
    for (const std::string& file : files_of(*streams + folder)) {
      ++files;
      const int count = pictures_in(file, 40);
      UNSCOPED_INFO(fs::path(file).filename().string() << ": " << count);
      played += count > 0 ? 1 : 0;
    }
  }
  REQUIRE(played >= files * 3 / 4);
}

TEST_CASE("every elementary stream is a camera that streams or says why not") {
  const Quiet quiet;
  LYNCEUS_NEED_DATA(streams, "data/streams");
  for (const char* folder : {"/h264", "/hevc"}) {
    for (const std::string& file : files_of(*streams + folder)) {
      lynceus::test::Recorder recorder;
      SourceSettings settings;
      settings.detect = file;
      auto source = make_source("cam", settings, lynceus::system_clock(), recorder, &recorder);
      source->start();
      INFO(file);
      CHECK(recorder.told());
      source->stop();
    }
  }
}

TEST_CASE("reading the same file again and again does not grow") {
  const Quiet quiet;
  LYNCEUS_NEED_DATA(file, "data/streams/h264/SVA_BA1_B.264");
  const auto used = [&] {
    pictures_in(*file, 5);
    malloc_trim(0);
    return mallinfo2().uordblks;
  };
  for (int i = 0; i < 5; ++i) used();
  const auto before = used();
  for (int i = 0; i < 20; ++i) used();
  CHECK(used() <= before + (256U << 10));
}
