#include "tools/process/program.h"

#include <filesystem>
#include <system_error>

#include "base/error.h"

namespace lynceus::tools {

namespace fs = std::filesystem;

std::string own_program() {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  if (error) throw Error(Exit::fatal, "program", "/proc/self/exe", error.message());
  return program.string();
}

std::string program_beside_us(const std::string& name) {
  const fs::path folder = fs::path(own_program()).parent_path();
  std::error_code error;
  const fs::path other = folder / "../sbin" / name;  // installed, lynceusd lies there
  if (!fs::exists(folder / name, error) && fs::exists(other, error)) return other.lexically_normal().string();
  return (folder / name).string();
}

}  // namespace lynceus::tools
