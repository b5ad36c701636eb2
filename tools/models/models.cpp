#include "tools/models/models.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <stdexcept>
#include <system_error>
#include <vector>

#include "base/error.h"
#include "base/log.h"
#include "config/config.h"
#include "config/problem.h"
#include "config/url.h"
#include "pipeline/models/file_check.h"
#include "pipeline/models/model_list.h"
#include "tools/command/arguments.h"
#include "tools/command/json_lines.h"
#include "tools/command/places.h"
#include "tools/models/store.h"

namespace lynceus::tools {
namespace {

namespace fs = std::filesystem;
using models::FileState;
using models::Model;
using models::ModelFile;
using models::ModelList;

const Usage kUsage{"models",
                   "list | pull NAME… | verify [NAME…]",
                   "Networks of others that analyzers can use. pull fetches them, from mirrors (--mirror, then "
                   "`inference.mirrors` of\n"
                   "--config, then where they were published) or a folder; a file is put in its place when its SHA-256 "
                   "is right. verify\n"
                   "looks at what is there: without names at every network in the folder.",
                   {{"--dir", "DIR", "the folder of networks (where the daemon looks)"},
                    {"--from", "DIR", "pull: from this folder, and nothing is asked of the web"},
                    {"--mirror", "URL", "pull: a folder on the web; may be given again"},
                    {"--config", "FILE", "pull: the mirrors that this configuration names"},
                    {"--all", "", "pull: every network of the list"},
                    {"--manifest", "FILE", "another list than the one built in"},
                    {"--json", "", "one JSON object"}},
                   "lynceus models pull yolox_nano --dir /var/lib/lynceus/models",
                   1,
                   200};

ModelList list_of(const Arguments& args) {
  const auto file = args.text("--manifest");
  if (!file) return ModelList::built_in();
  try {
    return ModelList::read(*file);
  } catch (const std::runtime_error& error) {
    throw Error(Exit::unreadable, "models", *file, error.what());
  }
}

std::string folder_of(const Arguments& args) {
  const std::string folder = models_at(args.text("--dir").value_or(""));
  if (folder.empty()) throw Error(Exit::usage, "models", "--dir", "no folder of networks is there; say which");
  return folder;
}

/// Those named; without names all.
std::vector<const Model*> chosen(const ModelList& list, const std::vector<std::string>& names) {
  std::vector<const Model*> out;
  std::vector<std::string> known;
  for (const Model& model : list.models()) known.push_back(model.name);
  for (const std::string& name : names) {
    const Model* found = list.find(name);
    if (found == nullptr) throw Error(Exit::usage, "models", name, "not known" + config::accepted(name, known));
    out.push_back(found);
  }
  if (!names.empty()) return out;
  for (const Model& model : list.models()) out.push_back(&model);
  return out;
}

std::string path_in(const std::string& folder, const ModelFile& file) {
  return (fs::path(folder) / file.name).string();
}

Json file_json(const ModelFile& file) {
  Json out{{"file", file.name}, {"bytes", file.bytes}, {"sha256", file.sha256}};
  out["url"] = file.url.empty() ? Json(nullptr) : Json(file.url);
  return out;
}

Json model_json(const Model& model) {
  Json out{{"name", model.name},
           {"decoder", model.decoder.empty() ? Json(nullptr) : Json(model.decoder)},
           {"input", {model.width, model.height}},
           {"batch_sizes", model.batch_sizes},
           {"licence", model.licence},
           {"source", model.source},
           {"note", model.note}};
  out["files"] = Json::array();
  for (const ModelFile& file : model.files) out["files"].push_back(file_json(file));
  return out;
}

int list(const Arguments& args) {
  const ModelList known = list_of(args);
  Json all = Json::array();
  for (const Model& model : known.models()) {
    std::uint64_t bytes = 0;
    for (const ModelFile& file : model.files) bytes += file.bytes;
    if (args.has("--json")) {
      all.push_back(model_json(model));
    } else {
      std::printf("%-24s %-9s %4dx%-4d %6.1f MB  %-12s %s\n", model.name.c_str(), model.decoder.c_str(), model.width,
                  model.height, static_cast<double>(bytes) / 1e6, model.licence.c_str(), model.note.c_str());
    }
  }
  if (args.has("--json")) print_line({{"models", all}});
  return 0;
}

Origins origins_of(const Arguments& args) {
  Origins out;
  out.folder = args.text("--from").value_or("");
  out.mirrors = args.all("--mirror");
  for (const std::string& mirror : out.mirrors) {
    const std::string why = config::check_web_url(mirror);
    if (!why.empty()) throw Error(Exit::usage, "models", "--mirror " + config::shown_web_url(mirror), why);
  }
  if (const auto file = args.text("--config")) {
    for (std::string& mirror : config::model_mirrors(*file)) out.mirrors.push_back(std::move(mirror));
  }
  return out;
}

int pull_all(const Arguments& args, const std::vector<std::string>& names) {
  if (names.empty() != args.has("--all")) throw Error(Exit::usage, "models", "pull", "names, or --all");
  const ModelList known = list_of(args);
  const auto wanted = chosen(known, names);
  const Origins origins = origins_of(args);
  const std::string folder = folder_of(args);
  std::error_code error;
  fs::create_directories(folder, error);
  log::capture([](std::string_view) {});  // the answer tells the trouble, once
  Json files = Json::array();
  for (const Model* model : wanted) {
    for (const ModelFile& file : model->files) {
      const std::string path = path_in(folder, file);
      const bool there = models::check(path, file) == FileState::right;
      if (!there && isatty(STDERR_FILENO) == 1) {
        std::fprintf(stderr, "%s: %.1f MB\n", file.name.c_str(), static_cast<double>(file.bytes) / 1e6);
      }
      if (!there) pull(file, folder, origins);
      files.push_back({{"model", model->name}, {"file", path}, {"state", there ? "there" : "pulled"}});
      if (!args.has("--json")) std::printf("%s: %s\n", path.c_str(), there ? "is there" : "pulled");
    }
  }
  if (args.has("--json")) print_line({{"files", files}});
  return 0;
}

/// What the list does not know, by their ending.
std::vector<std::string> strangers(const ModelList& known, const std::string& folder) {
  std::vector<std::string> out;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    const std::string ending = at->path().extension().string(), name = at->path().filename().string();
    if ((ending == ".onnx" || ending == ".weights") && known.file(name).file == nullptr) out.push_back(name);
  }
  std::sort(out.begin(), out.end());
  return out;
}

int verify(const Arguments& args, const std::vector<std::string>& names) {
  const ModelList known = list_of(args);
  const std::string folder = folder_of(args);
  std::error_code error;
  if (!fs::is_directory(folder, error)) throw Error(Exit::unreadable, "models", folder, "no such folder");
  Json files = Json::array();
  std::string first_wrong;
  const auto tell = [&](const std::string& model, const std::string& path, const char* state) {
    files.push_back({{"model", model.empty() ? Json(nullptr) : Json(model)}, {"file", path}, {"state", state}});
    if (!args.has("--json")) std::printf("%s: %s\n", path.c_str(), state);
  };
  for (const Model* model : chosen(known, names)) {
    for (const ModelFile& file : model->files) {
      const std::string path = path_in(folder, file);
      const FileState state = models::check(path, file);
      if (state == FileState::missing && names.empty()) continue;  // nobody said that it should be there
      tell(model->name, path, models::name(state));
      if (state != FileState::right && first_wrong.empty()) first_wrong = path + ": " + models::name(state);
    }
  }
  if (names.empty()) {
    for (const std::string& name : strangers(known, folder)) tell("", (fs::path(folder) / name).string(), "unknown");
  }
  if (args.has("--json")) print_line({{"folder", folder}, {"right", first_wrong.empty()}, {"files", files}});
  if (first_wrong.empty()) return 0;
  const auto colon = first_wrong.rfind(": ");
  throw Error(Exit::fatal, "models", first_wrong.substr(0, colon), first_wrong.substr(colon + 2));
}

}  // namespace

int run_models(std::span<const std::string> given) {
  const Arguments args(kUsage, given);
  if (args.help()) return 0;
  const std::vector<std::string>& words = args.rest();
  const std::vector<std::string> names(words.begin() + 1, words.end());
  if (words[0] == "list" && names.empty()) return list(args);
  if (words[0] == "pull") return pull_all(args, names);
  if (words[0] == "verify") return verify(args, names);
  throw Error(Exit::usage, "models", words[0], "list, pull or verify");
}

}  // namespace lynceus::tools
