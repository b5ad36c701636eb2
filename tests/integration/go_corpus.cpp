#include "tests/integration/go_corpus.h"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <map>
#include <stdexcept>

namespace lynceus::test {
namespace {

namespace fs = std::filesystem;

void append_utf8(std::string& out, unsigned long code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xc0 | code >> 6);
    out += static_cast<char>(0x80 | (code & 0x3f));
  } else if (code < 0x10000) {
    out += static_cast<char>(0xe0 | code >> 12);
    out += static_cast<char>(0x80 | (code >> 6 & 0x3f));
    out += static_cast<char>(0x80 | (code & 0x3f));
  } else {
    out += static_cast<char>(0xf0 | code >> 18);
    out += static_cast<char>(0x80 | (code >> 12 & 0x3f));
    out += static_cast<char>(0x80 | (code >> 6 & 0x3f));
    out += static_cast<char>(0x80 | (code & 0x3f));
  }
}

/// The escape behind a backslash at `at`; returns where it ends.
std::size_t append_escape(std::string& out, const std::string& text, std::size_t at) {
  static const std::map<char, char> kPlain{{'a', '\a'}, {'b', '\b'}, {'f', '\f'},  {'n', '\n'},  {'r', '\r'},
                                           {'t', '\t'}, {'v', '\v'}, {'\\', '\\'}, {'\'', '\''}, {'"', '"'}};
  const char kind = text.at(at);
  if (const auto plain = kPlain.find(kind); plain != kPlain.end()) {
    out += plain->second;
    return at + 1;
  }
  const bool octal = kind >= '0' && kind <= '7';
  const std::size_t digits = octal ? 3 : kind == 'x' ? 2 : kind == 'u' ? 4 : 8, begin = octal ? at : at + 1;
  const auto value = std::stoul(text.substr(begin, digits), nullptr, octal ? 8 : 16);
  if (octal || kind == 'x') {
    out += static_cast<char>(value);
  } else {
    append_utf8(out, value);
  }
  return begin + digits;
}

/// The text of a line such as []byte("…"), string("…") or string(`…`); empty for other literals.
bool take_literal(const std::string& line, std::vector<std::string>& texts) {
  const auto open = line.find('(');
  if (open == std::string::npos || !line.ends_with(')')) return false;
  const std::string type = line.substr(0, open), value = line.substr(open + 1, line.size() - open - 2);
  if (type != "[]byte" && type != "string") return true;
  if (value.size() < 2) return false;
  const std::string inside = value.substr(1, value.size() - 2);
  texts.push_back(value.front() == '`' ? inside : unquoted_go(inside));
  return true;
}

CorpusInput read_input(const fs::path& path) {
  CorpusInput input{path.filename().string(), {}};
  std::ifstream file(path);
  std::string line;
  bool good = std::getline(file, line) && line == "go test fuzz v1";
  while (good && std::getline(file, line)) good = line.empty() || take_literal(line, input.texts);
  if (!good) throw std::runtime_error(path.string() + ": not in Go's corpus format");
  return input;
}

}  // namespace

std::string unquoted_go(const std::string& literal) {
  std::string out;
  for (std::size_t at = 0; at < literal.size();) {
    if (literal[at] == '\\') {
      at = append_escape(out, literal, at + 1);
    } else {
      out += literal[at++];
    }
  }
  return out;
}

std::vector<CorpusInput> read_corpus(const std::string& folder) {
  std::vector<CorpusInput> inputs;
  for (const auto& entry : fs::directory_iterator(folder)) inputs.push_back(read_input(entry.path()));
  std::sort(inputs.begin(), inputs.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return inputs;
}

}  // namespace lynceus::test
