#include "tools/bench/bench.h"

#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <nlohmann/json.hpp>
#include <vector>

#include "base/error.h"
#include "tools/bench/cpu_bench.h"

namespace lynceus::tools {
namespace {

struct Arguments {
  std::string name;
  bool json = false;
  CpuBenchSettings cpu;
};

constexpr const char* kHelp =
    R"(lynceus bench [NAME] [--json] [--cameras N] [--seconds S] [--rounds N]

  cpu     lynceusd with 8 cameras of 1280×720 at 25 fps against bare decoding of the same streams (default)
  --list  the names

example: lynceus bench cpu --cameras 4 --seconds 10
)";

int number(std::span<const std::string> args, std::size_t& i) {
  if (i + 1 >= args.size()) throw Error(Exit::usage, "bench", args[i], "needs a number");
  const std::string& text = args[++i];
  char* end = nullptr;
  const long value = std::strtol(text.c_str(), &end, 10);
  if (end == text.c_str() || *end != '\0' || value < 1 || value > 1000) {
    throw Error(Exit::usage, "bench", args[i - 1] + " " + text, "a number from 1 to 1000");
  }
  return static_cast<int>(value);
}

Arguments parse(std::span<const std::string> args) {
  Arguments out;
  for (std::size_t i = 0; i < args.size(); ++i) {
    const std::string& word = args[i];
    if (word == "--json") {
      out.json = true;
    } else if (word == "--cameras") {
      out.cpu.cameras = number(args, i);
    } else if (word == "--seconds") {
      out.cpu.seconds = std::chrono::seconds{number(args, i)};
    } else if (word == "--rounds") {
      out.cpu.rounds = number(args, i);
    } else if (!word.empty() && word[0] != '-' && out.name.empty()) {
      out.name = word;
    } else {
      throw Error(Exit::usage, "bench", word, "not known here; lynceus bench --help");
    }
  }
  if (out.name.empty()) out.name = "cpu";
  return out;
}

void print_cpu(const CpuBenchSettings& settings, const CpuBenchResult& result, bool json) {
  if (json) {
    nlohmann::ordered_json out{{"bench", "cpu"},
                               {"cameras", settings.cameras},
                               {"ratio", result.ratio},
                               {"frames_sent", result.sent},
                               {"frames_received", result.received},
                               {"frames_analyzed", result.analyzed},
                               {"frames_dropped", result.dropped}};
    for (const CpuRound& round : result.rounds) {
      out["rounds"].push_back({{"bare_cores", round.bare_cores}, {"daemon_cores", round.daemon_cores}});
    }
    std::cout << out.dump() << '\n';
    return;
  }
  std::printf("%d cameras %dx%d at %d fps, %lld s each, CPU cores used\n", settings.cameras, settings.width,
              settings.height, settings.fps, static_cast<long long>(settings.seconds.count()));
  for (const CpuRound& round : result.rounds) {
    std::printf("  bare decoding %.3f   lynceusd %.3f   ratio %.3f\n", round.bare_cores, round.daemon_cores,
                round.daemon_cores / round.bare_cores);
  }
  std::printf("ratio (median) %.3f\n", result.ratio);
  std::printf("frames: due %.0f, received %.0f, analysed %.0f, counted drops %.0f\n", result.sent, result.received,
              result.analyzed, result.dropped);
}

}  // namespace

int run_bench(std::span<const std::string> args) {
  if (!args.empty() && args[0] == "--bare") return run_bare_decoder({args.begin() + 1, args.end()});
  if (!args.empty() && args[0] == "--help") {
    std::cout << kHelp;
    return 0;
  }
  if (!args.empty() && args[0] == "--list") {
    std::cout << "cpu\n";
    return 0;
  }
  const Arguments arguments = parse(args);
  if (arguments.name != "cpu") throw Error(Exit::usage, "bench", arguments.name, "known: cpu");
  print_cpu(arguments.cpu, run_cpu_bench(arguments.cpu), arguments.json);
  return 0;
}

}  // namespace lynceus::tools
