// `lynceus bench inference` as a program of its own, for machines that have a card and little else.
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "base/error.h"
#include "tools/infer_bench/infer_bench.h"

int main(int argc, char** argv) {
  using lynceus::Error;
  using lynceus::Exit;
  try {
    return lynceus::tools::run_infer_bench(std::vector<std::string>(argv + 1, argv + argc));
  } catch (const Error& error) {
    std::fprintf(stderr, "lynceus-infer-bench: %s\n", error.what());
    return static_cast<int>(error.exit());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "lynceus-infer-bench: %s\n", error.what());
    return static_cast<int>(Exit::fatal);
  }
}
