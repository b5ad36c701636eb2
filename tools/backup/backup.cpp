#include "tools/backup/backup.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <vector>

#include "base/error.h"
#include "base/state_directory.h"
#include "tools/backup/archive.h"
#include "tools/command/arguments.h"
#include "tools/command/json_lines.h"

namespace lynceus::tools {
namespace {

namespace fs = std::filesystem;

const Usage kUsage{
    "backup",
    "FILE",
    "Copies alarms, owed deliveries, the plugins' memory, tokens and the API's settings into FILE, while\n"
    "the daemon runs. Evidence files are not in it.",
    {{"--state", "DIR", "the state directory ($STATE_DIRECTORY, else ./lynceus-state)"},
     {"--restore", "", "the other way: writes what FILE holds into DIR, which must be empty"},
     {"--json", "", "one JSON object"}},
    "lynceus backup --state /var/lib/lynceus /mnt/backup/lynceus.backup",
    0,
    1};

std::string state_folder(const Arguments& args) {
  if (const auto given = args.text("--state")) return *given;
  return default_state_directory();
}

/// Beside the backup, so that it has the same room and the same owner.
class Scratch {
 public:
  explicit Scratch(const std::string& file) : path_(file + ".copy") { remove(); }
  ~Scratch() { remove(); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  const std::string& path() const { return path_; }
  void remove() const {
    for (const char* tail : {"", "-journal", "-wal", "-shm"}) {
      std::error_code ignored;
      fs::remove(path_ + tail, ignored);
    }
  }

 private:
  const std::string path_;
};

bool is_database(const fs::path& path) { return path.extension() == ".db"; }

/// Files at the top and those in settings.d, by name; logs of databases, locks and evidence are left out.
std::vector<fs::path> worth_keeping(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    if (entry.is_regular_file(error) && (is_database(entry.path()) || name == "tokens")) {
      files.push_back(name);
    }
  }
  if (error) throw Error(Exit::unreadable, "backup", folder.string(), error.message());
  for (const auto& entry : fs::directory_iterator(folder / "settings.d", error)) {
    if (entry.path().extension() == ".yaml") files.push_back(fs::path("settings.d") / entry.path().filename());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

std::vector<Member> back_up(const std::string& state_folder, const std::string& file) {
  const fs::path state = state_folder;
  const auto names = worth_keeping(state);
  if (names.empty()) throw Error(Exit::unreadable, "backup", state.string(), "no state of a daemon is there");
  ArchiveWriter archive(file);
  for (const fs::path& name : names) {
    const Scratch copy(file);
    if (is_database(name)) copy_database((state / name).string(), copy.path());
    archive.add(name.generic_string(), is_database(name) ? copy.path() : (state / name).string());
  }
  archive.finish();
  return archive.members();
}

std::vector<Member> restore(const std::string& file, const std::string& state) {
  std::error_code ignored;
  if (!fs::exists(file, ignored)) throw Error(Exit::unreadable, "backup", file, "not there");
  if (fs::exists(state, ignored) && !fs::is_empty(state, ignored)) {
    throw Error(Exit::usage, "backup", state, "not empty: move away what is there first");
  }
  return unpack(file, state);
}

int run_backup(std::span<const std::string> given) {
  const Arguments args(kUsage, given);
  if (args.help()) return static_cast<int>(Exit::done);
  if (args.rest().empty()) throw Error(Exit::usage, "backup", "FILE", "missing; lynceus backup --help tells more");
  const std::string& file = args.rest().front();
  const bool back = args.has("--restore");
  const auto members = back ? restore(file, state_folder(args)) : back_up(state_folder(args), file);
  if (args.has("--json")) {
    Json out{{"file", file}, {"members", Json::array()}};
    for (const Member& member : members) out["members"].push_back({{"name", member.name}, {"bytes", member.bytes}});
    print_line(out);
    return static_cast<int>(Exit::done);
  }
  for (const Member& member : members)
    std::printf("%12lld %s\n", static_cast<long long>(member.bytes), member.name.c_str());
  return static_cast<int>(Exit::done);
}

}  // namespace lynceus::tools
