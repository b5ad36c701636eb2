#include "pipeline/host/slot_services.h"

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <system_error>
#include <utility>
#include <vector>

#include "base/log.h"
#include "pipeline/host/utf8.h"
#include "pipeline/ingest/reader.h"

namespace lynceus::host {
namespace {

constexpr int kLinesASecond = 10;
constexpr std::size_t kMaxLine = 2000;
constexpr std::size_t kMaxBlobName = 128;
constexpr std::size_t kMaxBlob = std::size_t{16} << 20;
constexpr std::size_t kMaxFile = std::size_t{64} << 20;

log::Level level_of(sdk::LogLevel level) {
  switch (level) {
    case sdk::LogLevel::debug:
      return log::Level::debug;
    case sdk::LogLevel::info:
      return log::Level::info;
    case sdk::LogLevel::warning:
      return log::Level::warning;
    case sdk::LogLevel::error:
      break;
  }
  return log::Level::error;
}

}  // namespace

bool SlotLog::allow() {
  const MonoTime now = clock_.now();
  if (lines_ == 0 || now - second_begins_ >= std::chrono::seconds{1}) {
    second_begins_ = now;
    lines_ = 0;
  }
  if (lines_ == kLinesASecond) {
    ++withheld_;
    return false;
  }
  ++lines_;
  return true;
}

void SlotLog::write(sdk::LogLevel level, std::string_view message) {
  if (!allow()) return;
  std::string text(message);
  clean_text(text, kMaxLine);
  const std::uint64_t withheld = std::exchange(withheld_, 0);
  if (withheld == 0) return log::write(level_of(level), "plugin", text, {{"camera", camera_}, {"plugin", plugin_}});
  log::write(level_of(level), "plugin", text, {{"camera", camera_}, {"plugin", plugin_}, {"withheld", withheld}});
}

infer::ModelRunner& SlotInference::runner() const {
  if (models_ == nullptr) throw std::runtime_error("no inference engine here");
  return *models_;
}

sdk::Inference::Model SlotInference::load(const sdk::ModelFile& file) { return runner().load(file); }

std::vector<cv::Mat> SlotInference::infer(Model model, const std::vector<cv::Mat>& inputs) {
  return runner().infer(model, inputs, stop_);
}

cv::Mat SlotInference::input(Model model, const std::vector<int>& dims) { return runner().input(model, dims); }

std::vector<std::vector<int>> SlotInference::input_shapes(Model model) const { return runner().input_shapes(model); }

std::optional<std::vector<std::byte>> SlotBlobs::read(std::string_view name) {
  if (store_ == nullptr) return std::nullopt;
  return store_->read(camera_, plugin_, std::string(name));
}

bool SlotBlobs::write(std::string_view name, std::span<const std::byte> blob) {
  if (store_ == nullptr || name.empty() || name.size() > kMaxBlobName || blob.size() > kMaxBlob) return false;
  return store_->write(camera_, plugin_, std::string(name), {blob.begin(), blob.end()});
}

void SlotPictures::read(const std::string& path, const Take& take) {
  if (ingest::kind_of(path) == ingest::InputKind::live) throw std::runtime_error(path + ": not a file or folder");
  const auto reader = ingest::open_reader(path);
  bool any = false;
  while (const auto picture = reader->next()) {
    if (stop_.stop_requested()) throw std::runtime_error("the camera is stopped");
    any = true;
    if (!take(picture->picture->bgr(), picture->time_s)) return;
  }
  if (!any) throw std::runtime_error(path + ": holds no picture");
}

std::string SlotFiles::read(const std::string& path) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(path, ignored)) throw std::runtime_error(path + ": no such file");
  std::ifstream file(path, std::ios::binary);
  std::string text;
  std::vector<char> piece(std::size_t{64} << 10);
  while (file.read(piece.data(), std::streamsize(piece.size())), file.gcount() > 0) {
    text.append(piece.data(), std::size_t(file.gcount()));
    if (text.size() > kMaxFile) throw std::runtime_error(path + ": larger than 64 MiB");
  }
  if (file.bad() || !file.eof()) throw std::runtime_error(path + ": cannot be read");
  return text;
}

SlotServices::SlotServices(const AnalyzerSlot::Setup& setup)
    : camera_(setup.camera),
      options_(setup.options),
      log_(setup.camera.id, setup.plugin->info().name, *setup.clock),
      clock_(*setup.clock),
      inference_(setup.models, setup.stop),
      state_(setup.camera.id, setup.plugin->info().name, setup.state),
      pictures_(setup.stop) {}

}  // namespace lynceus::host
