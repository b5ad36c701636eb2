// A "network" of a few bytes and a list that knows it.
#pragma once

#include <fstream>
#include <string>

namespace lynceus::test {

inline const std::string kBytes = "no network at all";
inline const std::string kSum = "5a829230b6264d1c64b6bd9092dc941b446541e487450968bdee67f2bd5608cd";

inline void write_file(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

/// One model `tiny` with tiny.weights and tiny.cfg, both kBytes; `change` is put in place of `what`.
inline std::string list_text(const std::string& what = {}, const std::string& change = {}) {
  const std::string file = R"(", "bytes": 17, "sha256": ")" + kSum + R"("})";
  std::string text = R"({"models": [{"name": "tiny", "decoder": "darknet", "input": [32, 32], "batch_sizes": [1],
    "licence": "none", "source": "here", "files": [{"file": "tiny.weights)" +
                     file + R"(, {"file": "tiny.cfg)" + file + "]}]}";
  if (!what.empty()) text.replace(text.find(what), what.size(), change);
  return text;
}

}  // namespace lynceus::test
