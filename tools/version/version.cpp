#include "tools/version/version.h"

#include <cstdio>
#include <opencv2/core.hpp>

#include "base/error.h"
#include "base/gst.h"
#include "base/log.h"
#include "pipeline/host/plugin_host.h"
#include "pipeline/infer/engine.h"
#include "tools/command/arguments.h"
#include "tools/command/json_lines.h"
#include "tools/command/places.h"

namespace lynceus::tools {
namespace {

const Usage kUsage{"version",
                   "",
                   "Tells the versions of the program, of its libraries, and the engines and plugins it finds.",
                   {{"--plugins", "DIR", "folder of the plugins (beside the program, else the installed one)"},
                    {"--json", "", "one JSON object"}},
                   "lynceus version --json",
                   0,
                   0};

std::string gstreamer_version() {
  guint major = 0, minor = 0, micro = 0, nano = 0;
  gst_version(&major, &minor, &micro, &nano);
  return std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(micro);
}

Json engines() {
  Json list = Json::array();
  const auto add = [&](const std::unique_ptr<infer::Engine>& engine) {
    if (!engine) return;
    Json backends = Json::array();
    for (const infer::Backend backend : engine->backends()) backends.push_back(infer::name(backend));
    list.push_back({{"name", engine->name()}, {"backends", backends}});
  };
  add(infer::make_opencv_engine());
  add(infer::make_onnxruntime_engine());
  return list;
}

/// No folder of plugins is worth a word here, not an error.
void add_plugins(Json& object, const std::string& given) {
  object["plugins"] = Json::array();
  object["refused"] = Json::array();
  host::PluginHost host;
  try {
    host.load_directory(plugins_at(given));
  } catch (const Error& error) {
    if (!given.empty()) throw;
    object["refused"].push_back({{"file", ""}, {"why", error.what()}});
  }
  for (const auto* info : host.catalogue()) {
    object["plugins"].push_back({{"name", info->name}, {"version", info->version}, {"summary", info->summary}});
  }
  for (const auto& refused : host.refused())
    object["refused"].push_back({{"file", refused.file}, {"why", refused.why}});
}

void print(const Json& object) {
  const auto text = [](const Json& value) { return value.get<std::string>(); };
  std::printf("lynceus %s\nOpenCV %s\nGStreamer %s\n", text(object["version"]).c_str(), text(object["opencv"]).c_str(),
              text(object["gstreamer"]).c_str());
  for (const Json& engine : object["engines"]) {
    std::printf("engine %s:", text(engine["name"]).c_str());
    for (const Json& backend : engine["backends"]) std::printf(" %s", text(backend).c_str());
    std::printf("\n");
  }
  for (const Json& plugin : object["plugins"]) {
    std::printf("plugin %s %s: %s\n", text(plugin["name"]).c_str(), text(plugin["version"]).c_str(),
                text(plugin["summary"]).c_str());
  }
  for (const Json& refused : object["refused"]) {
    std::printf("refused %s: %s\n", text(refused["file"]).c_str(), text(refused["why"]).c_str());
  }
}

}  // namespace

int run_version(std::span<const std::string> given) {
  const Arguments args(kUsage, given);
  if (args.help()) return 0;
  log::capture([](std::string_view) {});
  Json object;
  object["version"] = LYNCEUS_VERSION;
  object["opencv"] = cv::getVersionString();
  object["gstreamer"] = gstreamer_version();
  object["engines"] = engines();
  add_plugins(object, args.text("--plugins").value_or(""));
  if (args.has("--json")) {
    print_line(object);
  } else {
    print(object);
  }
  return 0;
}

}  // namespace lynceus::tools
