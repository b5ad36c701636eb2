#include "tools/simulate/clip_cache.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/error.h"

namespace lynceus::tools {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMagic = "lynceus-clip-1\n";
constexpr std::uintmax_t kMostBytes = std::uintmax_t{512} << 20;

std::uint64_t fnv1a(std::string_view text) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return hash;
}

/// A rebuilt program draws other pictures.
std::string program_mark() {
  struct stat st {};
  if (stat("/proc/self/exe", &st) != 0) return LYNCEUS_VERSION;
  return std::string(LYNCEUS_VERSION) + std::to_string(st.st_size) + "." + std::to_string(st.st_mtim.tv_sec) + "." +
         std::to_string(st.st_mtim.tv_nsec);
}

/// Ours alone, or not used: other users may have put something there under /tmp.
bool private_folder(const std::string& path) {
  std::error_code ignored;
  fs::create_directories(fs::path(path).parent_path(), ignored);
  if (mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) return false;
  struct stat st {};
  return lstat(path.c_str(), &st) == 0 && S_ISDIR(st.st_mode) && st.st_uid == geteuid() && (st.st_mode & 077) == 0;
}

std::string usual_folder() {
  const char* xdg = std::getenv("XDG_CACHE_HOME");
  if (xdg && *xdg == '/') return std::string(xdg) + "/lynceus-clips";
  return "/tmp/lynceus-cache-" + std::to_string(geteuid());
}

class Lock {
 public:
  explicit Lock(const std::string& path) : fd_(open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0600)) {
    while (fd_ >= 0 && flock(fd_, LOCK_EX) != 0 && errno == EINTR) {
    }
  }
  ~Lock() {
    if (fd_ >= 0) close(fd_);
  }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;

 private:
  int fd_;
};

template <class T>
void put(std::string& out, T value) {
  static_assert(std::is_trivially_copyable_v<T>);
  char bytes[sizeof value];
  std::memcpy(bytes, &value, sizeof value);
  out.append(bytes, sizeof value);
}

class Reader {
 public:
  explicit Reader(std::string_view bytes) : left_(bytes) {}
  template <class T>
  T get() {
    T value;
    std::memcpy(&value, take(sizeof value).data(), sizeof value);
    return value;
  }
  std::string_view take(std::size_t size) {
    if (size > left_.size()) throw Error(Exit::unreadable, "simulate", "clip cache", "file too short");
    const auto head = left_.substr(0, size);
    left_.remove_prefix(size);
    return head;
  }
  std::size_t left() const { return left_.size(); }

 private:
  std::string_view left_;
};

ClipPtr read_clip(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return nullptr;
  const std::string bytes((std::istreambuf_iterator<char>(file)), {});
  try {
    return std::make_shared<const Clip>(unpack(bytes));
  } catch (const Error&) {
    return nullptr;
  }
}

void write_clip(const std::string& path, const Clip& clip) {
  const auto beside = path + "." + std::to_string(getpid());
  {
    std::ofstream file(beside, std::ios::binary);
    file << pack(clip);
    if (!file.flush()) {
      unlink(beside.c_str());
      return;
    }
  }
  rename(beside.c_str(), path.c_str());
}

/// Oldest clips go first when the folder has grown.
void trim(const std::string& folder) {
  std::vector<fs::directory_entry> clips;
  std::uintmax_t total = 0;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored))
    if (entry.path().extension() == ".clip") clips.push_back(entry), total += entry.file_size(ignored);
  std::sort(clips.begin(), clips.end(), [](const auto& a, const auto& b) {
    std::error_code none;
    return a.last_write_time(none) < b.last_write_time(none);
  });
  for (const auto& entry : clips) {
    if (total <= kMostBytes) return;
    total -= std::min(total, entry.file_size(ignored));
    fs::remove(entry.path(), ignored);
  }
}

}  // namespace

ClipCache::ClipCache(std::string folder) : folder_(folder.empty() ? usual_folder() : std::move(folder)) {
  if (!private_folder(folder_)) folder_.clear();
}

ClipPtr ClipCache::get(const std::string& recipe, const std::function<Clip()>& make) const {
  if (folder_.empty()) return std::make_shared<const Clip>(make());
  const auto path = folder_ + "/" + std::to_string(fnv1a(recipe + "|" + program_mark())) + ".clip";
  const Lock lock(path + ".lock");
  if (auto kept = read_clip(path)) return kept;
  auto made = std::make_shared<const Clip>(make());
  write_clip(path, *made);
  trim(folder_);
  return made;
}

std::string pack(const Clip& clip) {
  std::string out(kMagic);
  put(out, clip.codec);
  put(out, clip.width);
  put(out, clip.height);
  put(out, clip.fps);
  put(out, std::uint64_t{clip.units.size()});
  for (const auto& unit : clip.units) {
    put(out, unit.offset);
    put(out, unit.size);
    put(out, unit.shown_after_ns);
    put(out, std::uint8_t{unit.key});
  }
  out.append(reinterpret_cast<const char*>(clip.bytes.data()), clip.bytes.size());
  return out;
}

Clip unpack(const std::string& bytes) {
  Reader reader(bytes);
  Clip clip;
  const bool ours = reader.take(kMagic.size()) == kMagic;
  clip.codec = static_cast<Codec>(reader.get<std::uint8_t>());
  clip.width = reader.get<int>();
  clip.height = reader.get<int>();
  clip.fps = reader.get<double>();
  const auto count = reader.get<std::uint64_t>();
  if (!ours || clip.codec > Codec::mjpeg || count == 0 || count > reader.left() / 25 ||
      !(clip.fps > 0 && clip.fps < 1000))
    throw Error(Exit::unreadable, "simulate", "clip cache", "not a clip");
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto offset = reader.get<std::uint64_t>(), size = reader.get<std::uint64_t>();
    const auto later = reader.get<std::int64_t>();
    clip.units.push_back({offset, size, later, reader.get<std::uint8_t>() != 0});
  }
  const auto rest = reader.take(reader.left());
  for (const auto& unit : clip.units)
    if (unit.offset > rest.size() || unit.size > rest.size() - unit.offset)
      throw Error(Exit::unreadable, "simulate", "clip cache", "a picture lies outside the file");
  const auto* first = reinterpret_cast<const std::byte*>(rest.data());
  clip.bytes.assign(first, first + rest.size());
  return clip;
}

}  // namespace lynceus::tools
