#include <sys/stat.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "daemon/evidence/clip_file.h"
#include "daemon/evidence/evidence_store.h"
#include "tests/support/catch.h"
#include "tests/support/fake_clock.h"
#include "tests/support/temp_folder.h"
#include "tests/unit/evidence/coded_pictures.h"

using namespace lynceus;
using namespace lynceus::test;
using namespace std::chrono_literals;
using daemon::EvidenceStore;

namespace {

std::string id(char last) { return std::string("00000000-0000-7000-8000-00000000000") + last; }

struct Folder {
  TempFolder folder;
  EvidenceStore::Settings settings;
  std::vector<std::string> gone;

  Folder() { settings.directory = folder / "evidence"; }
  EvidenceStore open() {
    return EvidenceStore(settings, system_clock(), [this](const std::vector<std::string>& ids, EvidenceStore::Kind) {
      gone.insert(gone.end(), ids.begin(), ids.end());
    });
  }
  std::string path(const std::string& name) const { return settings.directory + "/" + name; }
  mode_t mode(const std::string& name) const {
    struct stat status {};
    return ::stat(path(name).c_str(), &status) == 0 ? status.st_mode & 0777 : 0;
  }
};

const std::vector<std::byte> kPicture(1000, std::byte{1});

void write_clip(EvidenceStore::Growing& file, bool whole) {
  const Coded coded;
  daemon::ClipFile clip(coded.format, [&](auto bytes) { return file.append(bytes); });
  REQUIRE(clip.begin());
  for (std::chrono::milliseconds time = 100s; time < 105s; time += 100ms)
    REQUIRE(clip.add(coded.at(time, time % 1s == 0ms)));
  if (whole) REQUIRE(clip.end());
}

}  // namespace

TEST_CASE("a picture is there under its alarm's name, for the daemon's user alone") {
  Folder folder;
  EvidenceStore store = folder.open();
  REQUIRE(store.put(id('1'), kPicture));
  const auto file = store.snapshot(id('1'));
  REQUIRE(file);
  REQUIRE(file->bytes == 1000);
  REQUIRE(file->type == "image/jpeg");
  REQUIRE(folder.mode(id('1') + ".jpg") == 0600);
  REQUIRE(folder.mode("") == 0700);
  REQUIRE_FALSE(store.clip(id('1')));
  REQUIRE(store.bytes(EvidenceStore::Kind::snapshot) == 1000);
}

TEST_CASE("a name that is no alarm's is no path") {
  Folder folder;
  EvidenceStore store = folder.open();
  for (const std::string name : {"../../etc/passwd", "", "..", "00000000-0000-7000-8000-0000000000/1"}) {
    REQUIRE_FALSE(store.put(name, kPicture));
    REQUIRE_FALSE(store.snapshot(name));
    REQUIRE_FALSE(store.clip(name));
    REQUIRE_FALSE(store.grow_clip(name));
  }
}

TEST_CASE("alarms share a file and its bytes are counted once") {
  Folder folder;
  EvidenceStore store = folder.open();
  REQUIRE(store.put(id('1'), kPicture));
  REQUIRE(store.share(id('1'), id('2'), EvidenceStore::Kind::snapshot));
  REQUIRE(store.snapshot(id('2')));
  REQUIRE(store.bytes(EvidenceStore::Kind::snapshot) == 1000);
  EvidenceStore again = folder.open();
  REQUIRE(again.bytes(EvidenceStore::Kind::snapshot) == 1000);
}

TEST_CASE("the oldest goes first when it is too much") {
  Folder folder;
  folder.settings.max_bytes = 2500;
  EvidenceStore store = folder.open();
  for (const char last : {'1', '2', '3'}) REQUIRE(store.put(id(last), kPicture));
  REQUIRE_FALSE(store.tidy());  // a setting, not the disk
  REQUIRE(folder.gone == std::vector<std::string>{id('1')});
  REQUIRE_FALSE(store.snapshot(id('1')));
  REQUIRE(store.snapshot(id('3')));
  REQUIRE(store.bytes(EvidenceStore::Kind::snapshot) == 2000);
}

TEST_CASE("what is too old goes") {
  Folder folder;
  {
    EvidenceStore store = folder.open();
    REQUIRE(store.put(id('1'), kPicture));
    REQUIRE(store.put(id('2'), kPicture));
  }
  const auto old = std::filesystem::file_time_type::clock::now() - 31 * 24h;
  std::filesystem::last_write_time(folder.path(id('1') + ".jpg"), old);
  EvidenceStore store = folder.open();
  store.tidy();
  REQUIRE(folder.gone == std::vector<std::string>{id('1')});
}

TEST_CASE("a disk without room gets no evidence") {
  Folder folder;
  folder.settings.least_free = UINT64_MAX;  // at most 5 % of the disk
  EvidenceStore store = folder.open();
  const auto space = std::filesystem::space(folder.settings.directory);
  REQUIRE(store.room() == (space.available >= space.capacity / 20));
}

TEST_CASE("a clip that grows is no file of an alarm yet; finished, it is that of all that share it") {
  Folder folder;
  EvidenceStore store = folder.open();
  auto file = store.grow_clip(id('1'));
  REQUIRE(file);
  REQUIRE(file->share(id('2')));
  write_clip(*file, true);
  REQUIRE_FALSE(store.clip(id('1')));
  REQUIRE(file->finish() == std::vector<std::string>{id('1'), id('2')});
  file.reset();
  REQUIRE(store.clip(id('1')));
  REQUIRE(store.clip(id('2')));
  REQUIRE(store.bytes(EvidenceStore::Kind::clip) == static_cast<std::int64_t>(store.clip(id('1'))->bytes));
}

TEST_CASE("a clip given up leaves nothing") {
  Folder folder;
  EvidenceStore store = folder.open();
  auto file = store.grow_clip(id('1'));
  REQUIRE(file->append(std::vector<std::uint8_t>(1000)));
  file.reset();
  REQUIRE(std::filesystem::is_empty(folder.settings.directory));
  REQUIRE(store.bytes(EvidenceStore::Kind::clip) == 0);
}

TEST_CASE("a clip counts while it grows, and never beyond all that evidence may take") {
  Folder folder;
  folder.settings.max_bytes = 2500;
  EvidenceStore store = folder.open();
  REQUIRE(store.put(id('1'), kPicture));
  auto file = store.grow_clip(id('2'));
  REQUIRE(file->append(std::vector<std::uint8_t>(1400)));
  REQUIRE(store.bytes(EvidenceStore::Kind::clip) == 1400);
  REQUIRE_FALSE(store.tidy());
  REQUIRE(folder.gone.empty());
  REQUIRE(file->append(std::vector<std::uint8_t>(200)));
  REQUIRE_FALSE(store.tidy());
  REQUIRE(folder.gone == std::vector<std::string>{id('1')});
  REQUIRE_FALSE(file->append(std::vector<std::uint8_t>(901)));
  REQUIRE(file->append(std::vector<std::uint8_t>(900)));
  REQUIRE(file->finish() == std::vector<std::string>{id('2')});
  REQUIRE(store.bytes(EvidenceStore::Kind::clip) == 2500);
}

TEST_CASE("what a crash left of a clip is taken in up to its last whole fragment") {
  Folder folder;
  std::filesystem::create_directories(folder.settings.directory);
  std::uint64_t whole = 0;
  {
    EvidenceStore store = folder.open();
    auto file = store.grow_clip(id('1'));
    write_clip(*file, false);
    const std::string part = folder.path(id('1') + ".mp4.part");
    whole = std::filesystem::file_size(part);
    std::filesystem::copy_file(part, folder.path(id('2') + ".mp4.part"));
  }
  std::ofstream(folder.path(id('2') + ".mp4.part"), std::ios::app) << std::string("\0\0\1\0moof, and then nothing", 25);
  std::ofstream(folder.path(id('3') + ".mp4.part")) << "nothing whole";
  std::ofstream(folder.path(id('4') + ".jpg.part")) << "half a picture";
  EvidenceStore store = folder.open();
  REQUIRE(store.adopted() == std::vector<std::string>{id('2')});
  REQUIRE(store.clip(id('2'))->bytes == whole);
  REQUIRE_FALSE(std::filesystem::exists(folder.path(id('3') + ".mp4.part")));
  REQUIRE_FALSE(std::filesystem::exists(folder.path(id('4') + ".jpg.part")));
}
