#include "pipeline/models/file_check.h"

#include <filesystem>
#include <system_error>

#include "base/ascii.h"
#include "pipeline/models/sha256.h"

namespace lynceus::models {
namespace {

namespace fs = std::filesystem;

/// Continues "the file X ".
std::string problem_of(const fs::path& path, const ModelList& list) {
  const auto known = list.file(path.filename().string());
  std::error_code error;
  if (known.file == nullptr) return fs::is_regular_file(path, error) ? "" : "is missing";
  const std::string pull = "`lynceus models pull " + known.model->name + "` fetches it";
  switch (check(path.string(), *known.file)) {
    case FileState::right:
      return {};
    case FileState::missing:
      return "is missing; " + pull;
    case FileState::unreadable:
      return "cannot be read";
    case FileState::wrong_size:
    case FileState::wrong_sum:
      break;
  }
  return "is not the network of that name (" + known.model->name + ", by its SHA-256); " + pull +
         ", another network needs another name";
}

}  // namespace

const char* name(FileState state) {
  switch (state) {
    case FileState::right:
      return "right";
    case FileState::missing:
      return "missing";
    case FileState::unreadable:
      return "unreadable";
    case FileState::wrong_size:
      return "of another size";
    case FileState::wrong_sum:
      return "of other bytes";
  }
  return "unreadable";
}

FileState check(const std::string& path, const ModelFile& expected) {
  std::error_code error;
  const auto status = fs::status(path, error);
  if (!fs::exists(status)) return FileState::missing;
  if (!fs::is_regular_file(status)) return FileState::unreadable;
  const auto size = fs::file_size(path, error);
  if (!error && size != expected.bytes) return FileState::wrong_size;
  const auto sum = sum_of_file(path, expected.bytes);
  if (!sum) return FileState::unreadable;
  return sum->sha256 == expected.sha256 ? FileState::right : FileState::wrong_sum;
}

std::string network_problem(const std::string& path, const ModelList& list) {
  const std::string ending = ascii::lower(fs::path(path).extension().string());
  if (ending != ".onnx" && ending != ".weights") return {};
  const std::string why = problem_of(path, list);
  if (!why.empty() || ending == ".onnx") return why;
  const std::string beside = problem_of(fs::path(path).replace_extension(".cfg"), list);
  return beside.empty() ? "" : "needs its description (.cfg) beside it, which " + beside;
}

}  // namespace lynceus::models
