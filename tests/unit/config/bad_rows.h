// A table of configurations that must be refused, with exact messages. Places are LINE:COLUMN of the one file.
#pragma once

#include <string>
#include <vector>

namespace lynceus::test {

struct BadRow {
  const char* name;
  std::string yaml;
  std::string problems;  ///< one a line, all that there are
};

/// Each row gives exactly its problems, and the first of them is what() of the error.
void check_rows(const std::vector<BadRow>& rows);

}  // namespace lynceus::test
