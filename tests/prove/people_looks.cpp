// Runs a detector on pictures or a video and prints what it finds and the thread's CPU time, a JSON object a line: what
// prove_people_*.py judge. Everything runs in one thread.
//
//   people_looks pictures [options] < LIST OF PATHS        {"file", "ms", "boxes": [[x, y, w, h, score]]}
//   people_looks video FILE [--gated] [--limit N]          {"frame", "ms", "look_ms", "boxes"}
// Options: --detector NAME --model FILE --input N --confidence C --nms N --tiles --engine opencv
#include <ctime>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <opencv2/core.hpp>
#include <opencv2/core/utility.hpp>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "pipeline/camera/gate.h"
#include "pipeline/infer/engine.h"
#include "pipeline/ingest/reader.h"
#include "plugins/people/detect/detector.h"
#include "plugins/people/detect/gated_detector.h"

namespace lynceus {
namespace {

struct Wish {
  std::string mode, video, engine;
  people::DetectorOptions options;
  bool gated = false;
  int limit = 0;
};

double cpu_ms() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return double(now.tv_sec) * 1e3 + double(now.tv_nsec) * 1e-6;
}

/// Runs networks in the caller's thread, so that its clock sees all of the work.
class Here final : public sdk::Inference {
 public:
  explicit Here(const std::string& engine) : engines_(infer::make_engines()) {
    std::erase_if(engines_, [&](auto& e) { return !engine.empty() && e->name() != engine; });
    if (engines_.empty()) throw std::runtime_error("no engine " + engine);
  }

  Model load(const sdk::ModelFile& file) override {
    std::string why;
    for (const auto& engine : engines_) {
      try {
        nets_.push_back(engine->load(file, infer::Backend::cpu, 1));
        return int(nets_.size()) - 1;
      } catch (const std::exception& error) {
        why = error.what();
      }
    }
    throw std::runtime_error(why);
  }
  std::vector<cv::Mat> infer(Model model, const std::vector<cv::Mat>& inputs) override {
    return nets_.at(std::size_t(model))->run(inputs);
  }
  std::vector<std::vector<int>> input_shapes(Model model) const override {
    return nets_.at(std::size_t(model))->input_shapes();
  }

 private:
  std::vector<std::unique_ptr<infer::Engine>> engines_;
  std::vector<std::unique_ptr<infer::Net>> nets_;
};

nlohmann::json boxes_of(const std::vector<people::Detection>& found) {
  nlohmann::json boxes = nlohmann::json::array();
  for (const auto& [box, score] : found) boxes.push_back({box.x, box.y, box.width, box.height, score});
  return boxes;
}

void pictures(const Wish& wish) {
  Here inference(wish.engine);
  const auto detector = people::make_detector(wish.options, inference);
  for (std::string path; std::getline(std::cin, path);) {
    const auto picture = ingest::open_reader(path)->next();
    if (!picture) throw std::runtime_error(path + ": no picture");
    const cv::Mat& bgr = picture->picture->bgr();
    const double start = cpu_ms();
    const auto found = detector->detect(bgr);
    std::cout << nlohmann::json{{"file", path}, {"ms", cpu_ms() - start}, {"boxes", boxes_of(found)}} << '\n';
  }
}

void video(const Wish& wish) {
  Here inference(wish.engine);
  people::GatedDetector detector(people::make_detector(wish.options, inference), {.enabled = wish.gated});
  camera::Gate gate({}, {});
  const sdk::Facts facts;
  std::vector<cv::Rect2d> known;
  const auto reader = ingest::open_reader(wish.video);
  int frame = 0;
  for (auto next = reader->next(); next && (wish.limit == 0 || frame < wish.limit); next = reader->next(), ++frame) {
    const double start = cpu_ms();
    const camera::GateResult& moved = gate.process(*next->picture);
    const double looked = cpu_ms();
    const sdk::Input input{*next->picture, moved.shrunk, moved.motion, moved.regions, moved.light, false, facts, {}};
    const auto found = detector.detect(input, known);
    const double end = cpu_ms();
    known.clear();
    for (const auto& person : found) known.push_back(person.box);
    std::cout << nlohmann::json{{"frame", frame},
                                {"ms", end - start},
                                {"look_ms", end - looked},
                                {"boxes", boxes_of(found)}}
              << '\n';
  }
}

Wish wish_of(int argc, char** argv) {
  Wish wish;
  if (argc < 2) throw std::runtime_error("pictures or video?");
  wish.mode = argv[1];
  for (int i = 2; i < argc; ++i) {
    const std::string word = argv[i];
    const auto next = [&] { return i + 1 < argc ? std::string(argv[++i]) : std::string("0"); };
    if (word == "--detector") wish.options.detector = next();
    else if (word == "--model") wish.options.model = next();
    else if (word == "--engine") wish.engine = next();
    else if (word == "--input") wish.options.input = std::stoi(next());
    else if (word == "--confidence") wish.options.confidence = std::stod(next());
    else if (word == "--nms") wish.options.nms = std::stod(next());
    else if (word == "--limit") wish.limit = std::stoi(next());
    else if (word == "--tiles") wish.options.tiles = true;
    else if (word == "--gated") wish.gated = true;
    else wish.video = word;
  }
  return wish;
}

}  // namespace
}  // namespace lynceus

int main(int argc, char** argv) {
  try {
    cv::setNumThreads(1);
    const lynceus::Wish wish = lynceus::wish_of(argc, argv);
    wish.mode == "video" ? lynceus::video(wish) : lynceus::pictures(wish);
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "people_looks: " << error.what() << '\n';
    return 1;
  }
}
