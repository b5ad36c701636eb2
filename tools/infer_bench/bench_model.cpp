#include "tools/infer_bench/bench_model.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "pipeline/scenes/scene.h"
#include "plugins/people/detect/page.h"
#include "plugins/people/detect/suppress.h"

namespace lynceus::tools {
namespace {

constexpr double kLeastScore = 0.1, kNms = 0.5;

std::string find_file(const std::vector<std::string>& folders, const std::string& name) {
  for (const std::string& folder : folders) {
    const auto path = std::filesystem::path(folder) / std::filesystem::path(name).filename();
    std::error_code failed;
    if (std::filesystem::is_regular_file(path, failed)) return path.string();
  }
  return {};
}

nlohmann::json read_list(const std::vector<std::string>& folders) {
  const std::string path = find_file(folders, "manifest.json");
  std::ifstream file(path);
  nlohmann::json list = nlohmann::json::parse(file, nullptr, false);
  if (path.empty() || !list.is_object() || !list.contains("models")) {
    throw Error(Exit::unreadable, "bench", folders.empty() ? "models" : folders.front(),
                "no manifest.json with a list of networks");
  }
  return list;
}

/// The network's own file, and its cfg where it has one.
sdk::ModelFile files_of(const nlohmann::json& model, const std::vector<std::string>& folders) {
  sdk::ModelFile file;
  for (const auto& one : model.at("files")) {
    const std::string path = find_file(folders, one.at("file").get<std::string>());
    if (path.empty()) return {};
    (path.ends_with(".cfg") ? file.config : file.path) = path;
  }
  return file;
}

}  // namespace

std::vector<BenchModel> models_here(const std::vector<std::string>& folders) {
  const nlohmann::json list = read_list(folders);
  std::vector<BenchModel> models;
  for (const auto& entry : list["models"]) {
    BenchModel model;
    model.name = entry.at("name").get<std::string>();
    model.file = files_of(entry, folders);
    if (model.file.path.empty()) continue;
    model.input = {entry.at("input").at(0).get<int>(), entry.at("input").at(1).get<int>()};
    model.family = people::family_of(entry.value("decoder", ""));
    models.push_back(std::move(model));
  }
  return models;
}

std::vector<cv::Mat> BenchModel::pictures(int count, cv::Size size) const {
  scenes::SceneSettings settings;
  settings.scene = "lobby";
  settings.size = size;
  const auto scene = scenes::make_scene(settings);
  std::vector<cv::Mat> all;
  for (int i = 0; i < count; ++i) all.push_back(scene->render(2.0 + 0.7 * i).clone());
  return all;
}

people::Fit BenchModel::fit() const { return family ? family->fit : people::Fit::stretch; }

people::Pixels BenchModel::pixels() const {
  return family ? family->pixels : people::Pixels{{0, 0, 0}, cv::Scalar::all(1.0 / 255), false};
}

cv::Mat BenchModel::tensor(const cv::Mat& picture) const {
  cv::Mat made({1, 3, input.height, input.width}, CV_32F);
  people::Page(picture.size(), input, fit()).draw(picture, pixels(), made);
  return made;
}

std::vector<cv::Mat> BenchModel::inputs(int count) const {
  std::vector<cv::Mat> all;
  for (const cv::Mat& picture : pictures(count)) all.push_back(tensor(picture));
  return all;
}

std::vector<people::Detection> BenchModel::boxes(const std::vector<cv::Mat>& outputs) const {
  if (!family) return {};
  return people::suppress(family->decode(outputs, input, kLeastScore), kNms);
}

}  // namespace lynceus::tools
