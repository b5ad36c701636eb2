#include "tools/evaluate/pipes_dataset.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "pipeline/ingest/picture_frame.h"
#include "pipeline/picture/picture_io.h"
#include "pipeline/scenes/thermal.h"
#include "tools/command/json_lines.h"

namespace lynceus::tools {
namespace {

constexpr std::size_t kMostPictures = 1'000'000;
constexpr std::size_t kLongestLine = 1 << 16;
constexpr const char* kKinds[] = {"normal", "insulation_damaged", "insulation_missing", "no_pipe", "unreadable"};

[[noreturn]] void bad_truth(const std::string& file, std::size_t line, const std::string& why) {
  throw Error(Exit::unreadable, "truth", file + ":" + std::to_string(line), why);
}

bool rectangle(const Json& value) {
  if (!value.is_array() || value.size() != 4) return false;
  for (const Json& number : value) {
    if (!number.is_number()) return false;
  }
  return true;
}

PipesTruth parse(const std::string& text, const std::string& file, std::size_t line) {
  const Json row = text.size() > kLongestLine ? Json() : Json::parse(text, nullptr, false);
  if (!row.is_object()) bad_truth(file, line, "not a JSON object");
  PipesTruth out;
  if (!row.contains("file") || !row["file"].is_string()) bad_truth(file, line, "file is missing");
  if (!row.contains("kind") || !row["kind"].is_string()) bad_truth(file, line, "kind is missing");
  out.file = row["file"].get<std::string>();
  out.kind = row["kind"].get<std::string>();
  if (std::find(std::begin(kKinds), std::end(kKinds), out.kind) == std::end(kKinds))
    bad_truth(file, line, "kind is none: " + out.kind);
  for (const auto& [key, option] : {std::pair{"roi", "roi"}, {"bar", "scale.bar"}}) {
    if (!row.contains(key) || row[key].is_null()) continue;
    if (!rectangle(row[key])) bad_truth(file, line, std::string(key) + " is no [x, y, w, h]");
    out.sets.push_back(std::string(option) + "=" + row[key].dump());
  }
  for (const auto& [key, option] : {std::pair{"tmin", "scale.low"}, {"tmax", "scale.high"}}) {
    if (row.contains(key) && row[key].is_number()) out.sets.push_back(std::string(option) + "=" + row[key].dump());
  }
  if (row.contains("unit") && row["unit"].is_string()) out.sets.push_back("scale.unit=" + row["unit"].dump());
  return out;
}

class FolderDataset final : public PipesDataset {
 public:
  explicit FolderDataset(std::string folder) : folder_(std::move(folder)) {
    const std::string file = folder_ + "/truth.jsonl";
    std::ifstream in(file);
    if (!in) throw Error(Exit::unreadable, "dataset", folder_, "it has no truth.jsonl");
    std::string text;
    for (std::size_t line = 1; std::getline(in, text) && truths_.size() < kMostPictures; ++line) {
      if (text.find_first_not_of(" \t\r") != std::string::npos) truths_.push_back(parse(text, file, line));
    }
    if (truths_.empty()) throw Error(Exit::unreadable, "dataset", folder_, "its truth.jsonl is empty");
  }
  std::size_t size() const override { return truths_.size(); }
  const PipesTruth& truth(std::size_t i) override { return truths_.at(i); }
  ingest::Picture picture(std::size_t i) override {
    const auto reader = ingest::open_reader(folder_ + "/" + truths_.at(i).file);
    auto picture = reader->next();
    if (!picture) throw Error(Exit::unreadable, "dataset", truths_[i].file, "it has no picture");
    return std::move(*picture);
  }

 private:
  const std::string folder_;
  std::vector<PipesTruth> truths_;
};

std::uint64_t number_after(const std::string& name, const std::string& key, std::uint64_t fallback) {
  const auto at = name.find("," + key + "=");
  if (at == std::string::npos) return fallback;
  const char* first = name.data() + at + key.size() + 2;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(first, name.data() + name.size(), value);
  if (error != std::errc() || (end != name.data() + name.size() && *end != ',')) {
    throw Error(Exit::usage, "dataset", name, key + " is no number");
  }
  return value;
}

/// Pictures of a regime; in the laboratory's with the patent's counts.
class SceneDataset final : public PipesDataset {
 public:
  explicit SceneDataset(const std::string& name) {
    const std::string rest = name.substr(name.find(':') + 1);
    const auto regime = scenes::regime_of(rest.substr(0, rest.find(',')));
    if (!regime) throw Error(Exit::usage, "dataset", name, "known: scene:laboratory, scene:wide, scene:hard");
    regime_ = *regime;
    seed_ = number_after(rest, "seed", 1);
    const std::uint64_t pictures = number_after(rest, "count", 208);
    if (pictures < 1 || pictures > kMostPictures) throw Error(Exit::usage, "dataset", name, "count is 1 to 1000000");
    count_ = static_cast<std::size_t>(pictures);
  }
  std::size_t size() const override { return count_; }
  const PipesTruth& truth(std::size_t i) override {
    make(i);
    return truth_;
  }
  ingest::Picture picture(std::size_t i) override {
    make(i);
    ingest::Picture out;
    out.input = truth_.file;
    out.picture = ingest::make_picture_frame({"", 0, MonoTime{} + std::chrono::seconds{1}, {}, made_, {}});
    return out;
  }

 private:
  void make(std::size_t i) {
    if (!made_.empty() && i == at_) return;
    at_ = i;
    std::optional<scenes::PipeFault> fault;
    if (regime_ == scenes::Regime::laboratory) fault = scenes::laboratory_fault(i);
    const scenes::ThermalRecipe recipe = scenes::thermal_recipe(regime_, seed_ + i, fault);
    const scenes::ThermalPicture picture = scenes::make_thermal(recipe);
    made_ = picture.picture;
    if (recipe.jpeg_quality > 0)
      made_ = picture::decode(picture::encode_jpeg(made_, recipe.jpeg_quality), "scene").pixels;
    truth_ = {};
    truth_.file = std::to_string(seed_ + i) + ".png";
    truth_.kind = scenes::diagnosis_of(recipe.fault);
    const auto rect = [](const cv::Rect& r) { return Json{r.x, r.y, r.width, r.height}.dump(); };
    truth_.sets = {"roi=" + rect(picture.roi), "scale.bar=" + rect(picture.bar), "scale.low=" + Json(recipe.low).dump(),
                   "scale.high=" + Json(recipe.high).dump(),
                   std::string("scale.unit=") + (recipe.fahrenheit ? "\"F\"" : "\"C\"")};
  }

  scenes::Regime regime_ = scenes::Regime::laboratory;
  std::uint64_t seed_ = 1;
  std::size_t count_ = 0, at_ = 0;
  cv::Mat made_;
  PipesTruth truth_;
};

}  // namespace

std::unique_ptr<PipesDataset> open_pipes_dataset(const std::string& name) {
  if (name.starts_with("scene:")) return std::make_unique<SceneDataset>(name);
  return std::make_unique<FolderDataset>(name);
}

}  // namespace lynceus::tools
