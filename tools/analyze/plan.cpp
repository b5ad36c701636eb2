#include "tools/analyze/plan.h"

#include <glob.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "base/error.h"

namespace lynceus::tools {
namespace {

bool is_glob(const std::string& input) {
  std::error_code error;
  return input.find_first_of("*?[") != std::string::npos && input.find("://") == std::string::npos &&
         !std::filesystem::exists(input, error);
}

std::vector<std::string> expand(const std::string& input) {
  if (!is_glob(input)) return {input};
  glob_t found{};
  const int result = ::glob(input.c_str(), 0, nullptr, &found);
  std::vector<std::string> paths(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  ::globfree(&found);
  if (result != 0) throw Error(Exit::unreadable, "analyze", input, "matches no file");
  return paths;
}

bool is_still(ingest::InputKind kind, Relation relation, bool folder_is_sequence) {
  if (relation != Relation::by_kind) return relation == Relation::stills;
  if (kind == ingest::InputKind::folder) return !folder_is_sequence;
  return kind == ingest::InputKind::image;
}

}  // namespace

std::vector<Job> plan_jobs(std::span<const std::string> inputs, Relation relation, bool folder_is_sequence) {
  std::vector<Job> jobs;
  for (const std::string& given : inputs) {
    for (const std::string& input : expand(given)) {
      const ingest::InputKind kind = ingest::kind_of(input);
      const bool still = is_still(kind, relation, folder_is_sequence);
      const bool goes_on = !jobs.empty() && kind == ingest::InputKind::image && jobs.back().kind == kind && !still;
      if (goes_on) {
        jobs.back().inputs.push_back(input);
      } else {
        jobs.push_back({{input}, kind, still});
      }
    }
  }
  return jobs;
}

std::int64_t expected_pictures(const std::vector<Job>& jobs) {
  std::int64_t count = 0;
  for (const Job& job : jobs) {
    if (job.kind == ingest::InputKind::video || job.kind == ingest::InputKind::live) return 0;
    for (const std::string& input : job.inputs) {
      const bool folder = job.kind == ingest::InputKind::folder;
      count += folder ? std::int64_t(ingest::pictures_of(input).size()) : 1;
    }
  }
  return count;
}

}  // namespace lynceus::tools
