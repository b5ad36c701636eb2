// Inputs in the corpus format of Go's fuzzer: a first line `go test fuzz v1`, then one Go literal a line.
#pragma once

#include <string>
#include <vector>

namespace lynceus::test {

struct CorpusInput {
  std::string name;                ///< of the file, which says what it was made for
  std::vector<std::string> texts;  ///< its []byte and string literals; other kinds are left out
};

/// All files of a folder by name. Throws std::runtime_error for a file of another format.
std::vector<CorpusInput> read_corpus(const std::string& folder);

/// What stands between the quotes of a Go string literal.
std::string unquoted_go(const std::string& literal);

}  // namespace lynceus::test
