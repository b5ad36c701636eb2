#include "tests/unit/alarms/losing_vfs.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace lynceus::test {
namespace {

constexpr std::size_t kSector = 512;

/// Lies in front of the file of the layer below.
struct Handle {
  sqlite3_file base;
  LosingVfs* vfs;
  std::string* path;
  sqlite3_file* below() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

Handle& of(sqlite3_file* file) { return *reinterpret_cast<Handle*>(file); }
LosingVfs& of(sqlite3_vfs* vfs) { return *static_cast<LosingVfs*>(vfs->pAppData); }

int close(sqlite3_file* file) {
  sqlite3_file* below = of(file).below();
  if (below->pMethods != nullptr) below->pMethods->xClose(below);
  delete of(file).path;
  return SQLITE_OK;
}
int read(sqlite3_file* file, void* to, int size, sqlite3_int64 at) {
  sqlite3_file* below = of(file).below();
  return below->pMethods->xRead(below, to, size, at);
}
int write(sqlite3_file* file, const void* data, int size, sqlite3_int64 at) {
  Handle& handle = of(file);
  if (!handle.vfs->write(*handle.path, data, size, at)) return SQLITE_IOERR_WRITE;
  return handle.below()->pMethods->xWrite(handle.below(), data, size, at);
}
int truncate(sqlite3_file* file, sqlite3_int64 size) {
  Handle& handle = of(file);
  if (!handle.vfs->truncate(*handle.path, size)) return SQLITE_IOERR_TRUNCATE;
  return handle.below()->pMethods->xTruncate(handle.below(), size);
}
int sync(sqlite3_file* file, int) {
  Handle& handle = of(file);  // not handed on: the real disk is not what is tested
  return handle.vfs->sync(*handle.path) ? SQLITE_OK : SQLITE_IOERR_FSYNC;
}
int file_size(sqlite3_file* file, sqlite3_int64* size) {
  sqlite3_file* below = of(file).below();
  return below->pMethods->xFileSize(below, size);
}
int lock(sqlite3_file* file, int level) { return of(file).below()->pMethods->xLock(of(file).below(), level); }
int unlock(sqlite3_file* file, int level) { return of(file).below()->pMethods->xUnlock(of(file).below(), level); }
int check_lock(sqlite3_file* file, int* held) {
  return of(file).below()->pMethods->xCheckReservedLock(of(file).below(), held);
}
int control(sqlite3_file* file, int what, void* with) {
  if (what == SQLITE_FCNTL_SIZE_HINT || what == SQLITE_FCNTL_CHUNK_SIZE) return SQLITE_NOTFOUND;  // writes past us
  return of(file).below()->pMethods->xFileControl(of(file).below(), what, with);
}
int sector(sqlite3_file*) { return kSector; }
int traits(sqlite3_file*) { return 0; }
int shm_map(sqlite3_file* file, int page, int size, int extend, void volatile** to) {
  return of(file).below()->pMethods->xShmMap(of(file).below(), page, size, extend, to);
}
int shm_lock(sqlite3_file* file, int offset, int n, int flags) {
  return of(file).below()->pMethods->xShmLock(of(file).below(), offset, n, flags);
}
void shm_barrier(sqlite3_file* file) { of(file).below()->pMethods->xShmBarrier(of(file).below()); }
int shm_unmap(sqlite3_file* file, int remove) {
  return of(file).below()->pMethods->xShmUnmap(of(file).below(), remove);
}

const sqlite3_io_methods kMethods{2,        close,       read,       write,   truncate, sync,   file_size,
                                  lock,     unlock,      check_lock, control, sector,   traits, shm_map,
                                  shm_lock, shm_barrier, shm_unmap,  nullptr, nullptr};

int open_file(sqlite3_vfs* vfs, sqlite3_filename name, sqlite3_file* file, int flags, int* out) {
  Handle& handle = of(file);
  handle.base.pMethods = nullptr;
  handle.vfs = &of(vfs);
  handle.path = new std::string(name == nullptr ? "" : name);
  const int code = of(vfs).below().xOpen(&of(vfs).below(), name, handle.below(), flags, out);
  if (code == SQLITE_OK) {
    handle.base.pMethods = &kMethods;
  } else {
    delete handle.path;
  }
  return code;
}
int remove_file(sqlite3_vfs* vfs, const char* name, int dir) {
  if (!of(vfs).remove(name)) return SQLITE_IOERR_DELETE;
  return of(vfs).below().xDelete(&of(vfs).below(), name, dir);
}

}  // namespace

LosingVfs::LosingVfs(long operations, bool lies) : below_(sqlite3_vfs_find(nullptr)), lies_(lies), left_(operations) {
  static std::atomic<int> count{0};
  name_ = "losing" + std::to_string(++count);
  vfs_ = *below_;
  vfs_.iVersion = 1;
  vfs_.szOsFile = static_cast<int>(sizeof(Handle)) + below_->szOsFile;
  vfs_.zName = name_.c_str();
  vfs_.pAppData = this;
  vfs_.xOpen = open_file;
  vfs_.xDelete = remove_file;
  vfs_.xAccess = [](sqlite3_vfs* v, const char* n, int f, int* r) {
    return of(v).below().xAccess(&of(v).below(), n, f, r);
  };
  vfs_.xFullPathname = [](sqlite3_vfs* v, const char* n, int s, char* to) {
    return of(v).below().xFullPathname(&of(v).below(), n, s, to);
  };
  sqlite3_vfs_register(&vfs_, 0);
}

LosingVfs::~LosingVfs() { sqlite3_vfs_unregister(&vfs_); }

bool LosingVfs::power() const {
  std::lock_guard held(mutex_);
  return left_ > 0;
}

bool LosingVfs::spend() { return !refuse_ && left_ > 0 && --left_ > 0; }

bool LosingVfs::write(const std::string& path, const void* data, int size, sqlite3_int64 at) {
  std::lock_guard held(mutex_);
  if (!spend()) return false;
  const std::string bytes(static_cast<const char*>(data), static_cast<std::size_t>(size));
  files_[path].since.push_back({false, static_cast<std::size_t>(at), bytes});
  return true;
}

bool LosingVfs::truncate(const std::string& path, sqlite3_int64 size) {
  std::lock_guard held(mutex_);
  if (!spend()) return false;
  files_[path].since.push_back({true, static_cast<std::size_t>(size), {}});
  return true;
}

bool LosingVfs::sync(const std::string& path) {
  std::lock_guard held(mutex_);
  if (!spend()) return false;
  if (lies_) return true;
  File& file = files_[path];
  for (const Operation& operation : file.since) apply(file.sure, operation, nullptr);
  file.since.clear();
  file.named = true;
  return true;
}

bool LosingVfs::remove(const std::string& path) {
  std::lock_guard held(mutex_);
  if (!spend()) return false;
  files_.erase(path);
  return true;
}

/// `random`: each sector of a write may have reached the disk or not.
void LosingVfs::apply(std::string& bytes, const Operation& operation, std::mt19937* random) {
  if (operation.truncate) return bytes.resize(operation.at);
  for (std::size_t done = 0; done < operation.data.size(); done += kSector) {
    if (random != nullptr && (*random)() % 4 == 0) continue;
    const std::size_t size = std::min(kSector, operation.data.size() - done);
    if (bytes.size() < operation.at + done + size) bytes.resize(operation.at + done + size);
    std::memcpy(bytes.data() + operation.at + done, operation.data.data() + done, size);
  }
}

void LosingVfs::restore(const std::string& folder, std::mt19937& random) {
  std::lock_guard held(mutex_);
  left_ = 0;
  for (auto& [path, file] : files_) {
    if (!file.named && random() % 2 == 0) continue;
    std::string bytes = file.sure;
    const bool nothing = random() % 3 == 0;
    for (const Operation& operation : file.since) {
      if (!nothing && random() % 2 == 0) apply(bytes, operation, &random);
    }
    std::ofstream(folder + "/" + std::filesystem::path(path).filename().string(), std::ios::binary) << bytes;
  }
}

}  // namespace lynceus::test
