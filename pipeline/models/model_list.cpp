#include "pipeline/models/model_list.h"

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>

namespace lynceus::models {

const char* built_in_text();

namespace {

using Json = nlohmann::json;

constexpr std::size_t kLargestList = 1 << 20, kMostModels = 1000, kMostFiles = 16, kLongest = 1000;

[[noreturn]] void wrong(const std::string& where, const std::string& why) {
  throw std::runtime_error((where.empty() ? "" : where + ": ") + why);
}

std::string text_of(const Json& json, const char* key, const std::string& where, bool must) {
  const auto found = json.find(key);
  if (found == json.end() && !must) return {};
  if (found == json.end() || !found->is_string()) wrong(where, std::string("'") + key + "' is no text");
  auto text = found->get<std::string>();
  if (text.size() > kLongest || (must && text.empty())) wrong(where, std::string("'") + key + "' is empty or too long");
  return text;
}

std::int64_t whole_of(const Json& json, const std::string& what, std::int64_t least, std::uint64_t greatest,
                      const std::string& where) {
  if (!json.is_number_integer() || json < least || json > greatest) {
    wrong(where, "'" + what + "' is no whole number from " + std::to_string(least) + " to " + std::to_string(greatest));
  }
  return json.get<std::int64_t>();
}

const Json& member(const Json& json, const char* key, const std::string& where) {
  const auto found = json.find(key);
  if (found == json.end()) wrong(where, std::string("'") + key + "' is missing");
  return *found;
}

/// Becomes a path and a part of a URL: letters, digits and ._- alone, and no hidden file.
bool plain(const std::string& name) {
  constexpr const char* kGood = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
  return !name.empty() && name.size() <= 100 && name.front() != '.' &&
         name.find_first_not_of(kGood) == std::string::npos;
}

ModelFile file_of(const Json& json, const std::string& model) {
  if (!json.is_object()) wrong(model, "a file is no object");
  ModelFile out;
  out.name = text_of(json, "file", model, true);
  if (!plain(out.name)) wrong(model, "a file's name is not letters, digits, '.', '_' and '-'");
  const std::string where = model + ": " + out.name;
  out.bytes = static_cast<std::uint64_t>(whole_of(member(json, "bytes", where), "bytes", 1, kLargestFile, where));
  out.sha256 = text_of(json, "sha256", where, true);
  if (out.sha256.size() != 64 || out.sha256.find_first_not_of("0123456789abcdef") != std::string::npos) {
    wrong(where, "'sha256' is not 64 digits 0-9 a-f");
  }
  out.url = text_of(json, "url", where, false);
  if (!out.url.empty() && !out.url.starts_with("https://")) wrong(where, "'url' does not begin with https://");
  return out;
}

Model model_of(const Json& json) {
  if (!json.is_object()) wrong({}, "a model is no object");
  Model out;
  out.name = text_of(json, "name", {}, true);
  if (!plain(out.name)) wrong({}, "a model's name is not letters, digits, '.', '_' and '-'");
  out.decoder = text_of(json, "decoder", out.name, false);
  out.licence = text_of(json, "licence", out.name, true);
  out.source = text_of(json, "source", out.name, true);
  out.note = text_of(json, "note", out.name, false);
  const Json& input = member(json, "input", out.name);
  if (!input.is_array() || input.size() != 2) wrong(out.name, "'input' is not [width, height]");
  out.width = static_cast<int>(whole_of(input[0], "input", 1, 8192, out.name));
  out.height = static_cast<int>(whole_of(input[1], "input", 1, 8192, out.name));
  const Json& batches = member(json, "batch_sizes", out.name);
  if (!batches.is_array() || batches.empty() || batches.size() > 8)
    wrong(out.name, "'batch_sizes' is no list of 1 to 8");
  for (const Json& size : batches) {
    out.batch_sizes.push_back(static_cast<int>(whole_of(size, "batch_sizes", 1, 64, out.name)));
  }
  const Json& files = member(json, "files", out.name);
  if (!files.is_array() || files.empty() || files.size() > kMostFiles) wrong(out.name, "'files' is no list of 1 to 16");
  for (const Json& file : files) out.files.push_back(file_of(file, out.name));
  return out;
}

}  // namespace

ModelList ModelList::parse(std::string_view text) {
  if (text.size() > kLargestList) wrong({}, "more than 1 MiB");
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) wrong({}, "no JSON object");
  const std::string top;
  const Json& models = member(json, "models", top);
  if (!models.is_array() || models.size() > kMostModels) wrong({}, "'models' is no list of at most 1000");
  ModelList out;
  std::set<std::string> names, files;
  for (const Json& one : models) {
    out.models_.push_back(model_of(one));
    const Model& model = out.models_.back();
    if (!names.insert(model.name).second) wrong(model.name, "is there twice");
    for (const ModelFile& file : model.files) {
      if (!files.insert(file.name).second) wrong(model.name, "the file " + file.name + " is there twice");
    }
  }
  return out;
}

ModelList ModelList::read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) wrong({}, "cannot be read");
  std::string text(kLargestList + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  return parse(text);
}

const ModelList& ModelList::built_in() {
  static const ModelList list = parse(built_in_text());
  return list;
}

const Model* ModelList::find(std::string_view name) const {
  const auto found =
      std::find_if(models_.begin(), models_.end(), [&](const Model& model) { return model.name == name; });
  return found == models_.end() ? nullptr : &*found;
}

ModelList::Known ModelList::file(std::string_view name) const {
  for (const Model& model : models_) {
    for (const ModelFile& file : model.files) {
      if (file.name == name) return {&model, &file};
    }
  }
  return {};
}

}  // namespace lynceus::models
