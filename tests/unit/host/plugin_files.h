// Where the build put the plugins, and folders of a test's own to put copies in.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

namespace lynceus::test {

inline std::string test_plugin(const std::string& name) {
  return std::string(LYNCEUS_TEST_PLUGINS) + "/lynceus_" + name + ".so";
}

/// A folder of one's own, gone with the object.
class OwnFolder {
 public:
  OwnFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "lynceus-test-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = pattern;
  }
  ~OwnFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  OwnFolder(const OwnFolder&) = delete;
  OwnFolder& operator=(const OwnFolder&) = delete;

  std::string path() const { return path_.string(); }
  std::string file(const std::string& name) const { return (path_ / name).string(); }
  void add(const std::string& source, const std::string& name) const {
    std::filesystem::copy_file(source, path_ / name);
    allow_only_us(file(name));
  }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name) << text;
    allow_only_us(file(name));
  }

 private:
  static void allow_only_us(const std::string& file) {
    std::filesystem::permissions(file, std::filesystem::perms(0644));
  }
  std::filesystem::path path_;
};

}  // namespace lynceus::test
