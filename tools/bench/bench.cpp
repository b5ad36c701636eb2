#include "tools/bench/bench.h"

#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "base/error.h"
#include "base/log.h"
#include "tools/bench/context_bench.h"
#include "tools/bench/cpu_bench.h"
#include "tools/bench/crash_bench.h"
#include "tools/bench/pipes_bench.h"
#include "tools/bench/targets_bench.h"
#include "tools/command/arguments.h"
#include "tools/infer_bench/infer_bench.h"

namespace lynceus::tools {
namespace {

struct CpuArguments {
  std::string name;
  bool json = false;
  CpuBenchSettings cpu;
};

constexpr const char* kHelp =
    R"(lynceus bench [NAME] [--json] [--cameras N] [--seconds S] [--rounds N]

  cpu     lynceusd with 8 cameras of 1280×720 at 25 fps against bare decoding of the same streams (default)
  crash   kill -9 at random moments while alarms are raised: what is lost? (lynceus bench crash --help)
  context what a frame costs the context plugin at five sizes (lynceus bench context --help)
  inference networks on the CPU and on accelerators, at batches of 1 to 32 (lynceus bench inference --help)
  pipes   what a frame costs the pipes plugin (lynceus bench pipes --help)
  targets what a frame costs the targets plugin (lynceus bench targets --help)
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

CpuArguments parse(std::span<const std::string> args) {
  CpuArguments out;
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

const Usage kCrash{
    "bench crash",
    "",
    "Starts the daemon on a fresh store, raises and clears alarms, kills it with -9 at random moments and starts it\n"
    "again, and counts what its receiver got in the end. Exit 1 when something was lost or came out of order.",
    {{"--kills", "N", "how often (100)"},
     {"--rate", "N", "alarms a second (20)"},
     {"--port", "P", "of the API (any)"},
     {"--sink", "URL", "a receiver of your own; without it one that refuses half"},
     {"--secret", "whsec_…", "what signs"},
     {"--json", "", "one JSON object"}},
    "lynceus bench crash --kills 10 --json",
    0,
    0};

void print_crash(const CrashBenchResult& result, bool json) {
  const auto maybe = [](const std::optional<std::int64_t>& figure) {
    return figure ? nlohmann::ordered_json(*figure) : nlohmann::ordered_json(nullptr);
  };
  const nlohmann::ordered_json out{{"raised", result.raised},
                                   {"delivered", result.delivered},
                                   {"lost", result.lost},
                                   {"repeated", maybe(result.repeated)},
                                   {"disordered", maybe(result.disordered)},
                                   {"changes", result.changes},
                                   {"refused", maybe(result.refused)},
                                   {"forged", maybe(result.forged)}};
  if (json) {
    std::cout << out.dump() << '\n';
    return;
  }
  for (const auto& [name, value] : out.items())
    std::cout << name << ' ' << (value.is_null() ? "-" : value.dump()) << '\n';
}

int run_crash(std::span<const std::string> given) {
  const Arguments args(kCrash, given);
  if (args.help()) return 0;
  CrashBenchSettings settings;
  settings.kills = static_cast<int>(args.number("--kills", settings.kills, 0, 100'000));
  settings.rate = args.number("--rate", settings.rate, 0.1, 200);
  settings.port = static_cast<int>(args.number("--port", 0, 0, 65535));
  settings.sink = args.text("--sink").value_or("");
  settings.secret = args.text("--secret").value_or("");
  const CrashBenchResult result = run_crash_bench(settings);
  print_crash(result, args.has("--json"));
  return result.lost + result.disordered.value_or(0) + result.forged.value_or(0) == 0 ? 0 : 1;
}

const Usage kContext{
    "bench context",
    "",
    "What a frame costs the context plugin at five sizes: the whole picture solved, and in windows around what\n"
    "moves; on one core and on two. The published method took about 1 s a frame at 320x240.",
    {{"--seconds", "S", "for each figure (1)"},
     {"--plugins", "DIR", "folder of the plugins"},
     {"--json", "", "one JSON object"}},
    "lynceus bench context --json",
    0,
    0};

void print_context(const ContextBenchResult& result, bool json) {
  nlohmann::ordered_json out{{"bench", "context"}, {"exponent", result.exponent}};
  for (const ContextBenchRow& row : result.rows) {
    out["rows"].push_back({{"width", row.size.width},
                           {"height", row.size.height},
                           {"threads", row.threads},
                           {"whole_fps", 1000 / row.whole_ms},
                           {"windows_fps", 1000 / row.windows_ms},
                           {"whole_cpu_ms", row.whole_cpu_ms},
                           {"windows_cpu_ms", row.windows_cpu_ms}});
  }
  if (json) {
    std::cout << out.dump() << '\n';
    return;
  }
  std::printf("                     whole picture              windows\n");
  for (const ContextBenchRow& row : result.rows) {
    std::printf("%4dx%-4d %d core%s %9.1f/s %6.1f ms CPU %9.1f/s %6.1f ms CPU\n", row.size.width, row.size.height,
                row.threads, row.threads == 1 ? " " : "s", 1000 / row.whole_ms, row.whole_cpu_ms, 1000 / row.windows_ms,
                row.windows_cpu_ms);
  }
  std::printf("the cost of a whole picture grows as pixels^%.3f\n", result.exponent);
}

int run_context(std::span<const std::string> given) {
  const Arguments args(kContext, given);
  if (args.help()) return 0;
  log::capture([](std::string_view) {});
  print_context(run_context_bench(args.number("--seconds", 1, 0.01, 60), args.text("--plugins").value_or("")),
                args.has("--json"));
  return 0;
}

}  // namespace

int run_bench(std::span<const std::string> args) {
  if (!args.empty() && args[0] == "crash") return run_crash(args.subspan(1));
  if (!args.empty() && args[0] == "context") return run_context(args.subspan(1));
  if (!args.empty() && args[0] == "inference") return run_infer_bench(args.subspan(1));
  if (!args.empty() && args[0] == "pipes") return run_pipes(args.subspan(1));
  if (!args.empty() && args[0] == "targets") return run_targets(args.subspan(1));
  if (!args.empty() && args[0] == "--bare") return run_bare_decoder({args.begin() + 1, args.end()});
  if (!args.empty() && args[0] == "--help") {
    std::cout << kHelp;
    return 0;
  }
  if (!args.empty() && args[0] == "--list") {
    std::cout << "cpu\ncrash\ncontext\ninference\npipes\ntargets\n";
    return 0;
  }
  const CpuArguments arguments = parse(args);
  if (arguments.name != "cpu")
    throw Error(Exit::usage, "bench", arguments.name, "known: cpu, crash, context, inference, pipes, targets");
  print_cpu(arguments.cpu, run_cpu_bench(arguments.cpu), arguments.json);
  return 0;
}

}  // namespace lynceus::tools
