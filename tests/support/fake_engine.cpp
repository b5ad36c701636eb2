#include "tests/support/fake_engine.h"

#include <stdexcept>
#include <utility>

namespace lynceus::test {
namespace {

class FakeNet final : public infer::Net {
 public:
  FakeNet(FakeControlPtr control, int batch) : control_(std::move(control)), batch_(batch) {}
  std::vector<std::vector<int>> input_shapes() const override { return control_->shapes; }

  std::vector<cv::Mat> run(const std::vector<cv::Mat>& inputs) override {
    control_->enter_run(batch_);
    std::vector<cv::Mat> outputs;
    for (const cv::Mat& input : inputs) {
      if (input.size[0] != batch_) throw std::logic_error("a net was run with a batch it was not loaded for");
      outputs.push_back(input + 1.0F);
      // Every answer is the first one's, as from a network exported for a batch of 1.
      const bool lie = control_->batches_lie && batch_ > 1;
      for (int i = 1; lie && i < batch_; ++i) outputs.back().row(0).copyTo(outputs.back().row(i));
    }
    return outputs;
  }

 private:
  FakeControlPtr control_;
  const int batch_;
};

class FakeEngine final : public infer::Engine {
 public:
  explicit FakeEngine(FakeControlPtr control) : control_(std::move(control)) {}
  std::string name() const override { return control_->name; }
  std::vector<infer::Backend> backends() const override { return control_->backends; }

  std::unique_ptr<infer::Net> load(const sdk::ModelFile&, infer::Backend, int batch) override {
    if (!control_->load_error.empty()) throw std::runtime_error(control_->load_error);
    control_->loaded(batch);
    return std::make_unique<FakeNet>(control_, batch);
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

void FakeEngineControl::enter_run(int batch) {
  std::unique_lock lock(mutex_);
  runs_.push_back(batch);
  changed_.notify_all();
  changed_.wait(lock, [&] { return !held_; });
  if (!thrown_.empty() && batch >= least_batch_) throw std::runtime_error(std::exchange(thrown_, {}));
}

std::unique_ptr<infer::Engine> make_fake_engine(FakeControlPtr control) {
  return std::make_unique<FakeEngine>(std::move(control));
}

cv::Mat two(float value) { return cv::Mat(1, 2, CV_32F, cv::Scalar(value)); }

}  // namespace lynceus::test
