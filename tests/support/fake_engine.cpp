#include "tests/support/fake_engine.h"

#include <stdexcept>
#include <utility>

namespace lynceus::test {
namespace {

class FakeNet final : public infer::Net {
 public:
  FakeNet(FakeControlPtr control, infer::Backend backend, int batch)
      : control_(std::move(control)), backend_(backend), batch_(batch) {}
  ~FakeNet() override { control_->unload(backend_); }
  std::vector<std::vector<int>> input_shapes() const override { return control_->shapes; }

  std::vector<cv::Mat> run(const std::vector<cv::Mat>& inputs) override {
    control_->enter_run(backend_, batch_);
    const auto off = control_->wrong.find(backend_);
    const float more = 1.0F + (off == control_->wrong.end() ? 0.0F : off->second);
    std::vector<cv::Mat> outputs;
    for (const cv::Mat& input : inputs) {
      if (input.size[0] != batch_) throw std::logic_error("a net was run with a batch it was not loaded for");
      outputs.push_back(input + more);
      // Every answer is the first one's, as from a network exported for a batch of 1.
      const bool lie = control_->batches_lie && batch_ > 1;
      for (int i = 1; lie && i < batch_; ++i) outputs.back().row(0).copyTo(outputs.back().row(i));
    }
    return outputs;
  }

 private:
  FakeControlPtr control_;
  const infer::Backend backend_;
  const int batch_;
};

class FakeEngine final : public infer::Engine {
 public:
  explicit FakeEngine(FakeControlPtr control) : control_(std::move(control)) {}
  std::string name() const override { return control_->name; }
  std::vector<infer::Backend> backends() const override { return control_->backends; }

  std::string why_not(infer::Backend) const override { return control_->missing; }
  std::int64_t memory_free(infer::Backend) const override { return control_->memory_left(); }

  std::unique_ptr<infer::Net> load(const sdk::ModelFile&, infer::Backend backend, int batch) override {
    if (!control_->load_error.empty()) throw std::runtime_error(control_->load_error);
    control_->enter_load(backend, batch);
    return std::make_unique<FakeNet>(control_, backend, batch);
  }

 private:
  FakeControlPtr control_;
};

}  // namespace

void FakeEngineControl::wait_for_runs(std::size_t count) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return runs_.size() >= count; });
}

std::vector<int> FakeEngineControl::runs() const {
  std::lock_guard lock(mutex_);
  return runs_;
}

std::vector<int> FakeEngineControl::loads() const {
  std::lock_guard lock(mutex_);
  return loads_;
}

void FakeEngineControl::wait_for_loads(infer::Backend backend, int count) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return tried_[backend] >= count; });
}

int FakeEngineControl::loads_on(infer::Backend backend) const {
  std::lock_guard lock(mutex_);
  const auto found = tried_.find(backend);
  return found == tried_.end() ? 0 : found->second;
}

std::int64_t FakeEngineControl::memory_left() const {
  std::lock_guard lock(mutex_);
  return memory < 0 ? -1 : memory - nets_ * net_memory;
}

void FakeEngineControl::enter_load(infer::Backend backend, int batch) {
  std::unique_lock lock(mutex_);
  loads_.push_back(batch);
  ++tried_[backend];
  changed_.notify_all();
  const bool device = backend != infer::Backend::cpu;
  changed_.wait(lock, [&] { return !device || held_loads_ == 0 || batch < held_loads_; });
  if (const std::string& why = broken_[backend]; !why.empty()) throw std::runtime_error(why);
  nets_ += backend == infer::Backend::cpu ? 0 : 1;
}

void FakeEngineControl::enter_run(infer::Backend backend, int batch) {
  std::unique_lock lock(mutex_);
  runs_.push_back(batch);
  changed_.notify_all();
  changed_.wait(lock, [&] { return !held_; });
  if (const auto cost = takes.find(backend); clock && cost != takes.end()) clock->advance(cost->second);
  if (const std::string& why = broken_[backend]; !why.empty()) throw std::runtime_error(why);
  if (!thrown_.empty() && batch >= least_batch_) throw std::runtime_error(std::exchange(thrown_, {}));
}

std::unique_ptr<infer::Engine> make_fake_engine(FakeControlPtr control) {
  return std::make_unique<FakeEngine>(std::move(control));
}

cv::Mat two(float value) { return cv::Mat(1, 2, CV_32F, cv::Scalar(value)); }

}  // namespace lynceus::test
