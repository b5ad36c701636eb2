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
  return (fs::path(own_program()).parent_path() / name).string();
}

}  // namespace lynceus::tools
