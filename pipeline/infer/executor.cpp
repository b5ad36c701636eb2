#include "pipeline/infer/executor.h"

#include <algorithm>
#include <chrono>
#include <stdexcept>

#include "base/log.h"

namespace lynceus::infer {
namespace {

/// A tensor over somebody's own memory would dangle if its caller were stopped in mid-run: it is copied.
cv::Mat owned(const cv::Mat& tensor) { return tensor.u && tensor.isContinuous() ? tensor : tensor.clone(); }

/// Says as little as a blank wall: a trial with it would prove nothing.
bool is_flat(const cv::Mat& tensor) {
  const auto* values = tensor.ptr<float>();
  return std::all_of(values, values + tensor.total(), [&](float value) { return value == values[0]; });
}

bool fits(const cv::Mat& tensor, const std::vector<int>& shape) {
  if (tensor.dims != static_cast<int>(shape.size()) + 1) return false;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (shape[i] != -1 && tensor.size[static_cast<int>(i) + 1] != shape[i]) return false;
  }
  return true;
}

std::string words(const int* dims, std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += (i ? "x" : "") + (dims[i] < 0 ? "?" : std::to_string(dims[i]));
  return text;
}

std::vector<std::vector<int>> any_size(std::vector<std::vector<int>> shapes) {
  for (auto& shape : shapes) std::fill(shape.begin() + (shape.empty() ? 0 : 1), shape.end(), -1);
  return shapes;
}

}  // namespace

Executor::Executor(std::string model, std::size_t queue_bound, Hooks hooks, Clock& clock)
    : model_(std::move(model)), queue_bound_(queue_bound), hooks_(std::move(hooks)), clock_(clock) {
  stats_.model = model_;
}

void Executor::start() {
  thread_ = std::jthread([this](std::stop_token stop) { run(stop); });
}

void Executor::ready() {
  std::unique_lock lock(mutex_);
  answered_.wait(lock, [&] { return state_ != State::loading; });
  if (failure_) std::rethrow_exception(failure_);
}

Tensors Executor::infer(Tensors inputs, std::stop_token stop) {
  if (stop.stop_requested()) throw std::runtime_error("inference was stopped");
  check(inputs);
  const RequestPtr request = enqueue(std::move(inputs));
  std::unique_lock lock(mutex_);
  answered_.wait(lock, stop, [&] { return request->done; });
  if (!request->done) {
    request->abandoned = true;
    throw std::runtime_error("inference was stopped");
  }
  if (!request->error.empty()) throw std::runtime_error(request->error);
  return std::move(request->outputs);
}

std::vector<int> Executor::batch_sizes() const {
  std::lock_guard lock(mutex_);
  return sizes_;
}

std::vector<std::vector<int>> Executor::input_shapes() const {
  std::lock_guard lock(mutex_);
  return shapes_;
}

ModelStats Executor::stats() const {
  std::lock_guard lock(mutex_);
  ModelStats now = stats_;
  now.waiting = queue_.size();
  return now;
}

void Executor::stop() {
  std::lock_guard only_one(stopping_);
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

void Executor::check(const Tensors& inputs) const {
  {
    std::lock_guard lock(mutex_);
    if (state_ != State::serving) throw std::runtime_error("inference was stopped");
  }
  if (inputs.empty()) throw std::runtime_error("the network was given no input");
  if (!accepted_.empty() && accepted_.size() != inputs.size()) {
    throw std::runtime_error("the network takes " + std::to_string(accepted_.size()) + " inputs, not " +
                             std::to_string(inputs.size()));
  }
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const cv::Mat& tensor = inputs[i];
    if (tensor.empty() || tensor.type() != CV_32F || tensor.size[0] != 1) {
      throw std::runtime_error("an input must be 32-bit float with a batch of 1");
    }
    if (!accepted_.empty() && !fits(tensor, accepted_[i])) {
      throw std::runtime_error("the network takes 1x" + words(accepted_[i].data(), accepted_[i].size()) + ", not " +
                               words(tensor.size.p, static_cast<std::size_t>(tensor.dims)));
    }
  }
}

Executor::RequestPtr Executor::enqueue(Tensors inputs) {
  auto request = std::make_shared<Request>();
  for (const cv::Mat& tensor : inputs) request->inputs.push_back(owned(tensor));
  {
    std::lock_guard lock(mutex_);
    if (state_ != State::serving) throw std::runtime_error("inference was stopped");
    std::erase_if(queue_, [](const RequestPtr& waiting) { return waiting->abandoned; });
    if (queue_.size() >= queue_bound_) throw std::runtime_error("too many requests wait for the network");
    queue_.push_back(request);
  }
  changed_.notify_one();
  return request;
}

void Executor::run(std::stop_token stop) {
  if (!load()) return;
  std::shared_ptr<NetSet> device;
  for (Batch batch = next_batch(stop, device); !batch.empty(); batch = next_batch(stop, device)) {
    serve(batch, std::move(device));
  }
  end();
}

bool Executor::load() {
  std::exception_ptr failure;
  LoadedModel loaded;
  try {
    loaded = hooks_.load();
  } catch (...) {
    failure = std::current_exception();
  }
  const bool missed = !loaded.fallback.empty();
  if (!failure) lie_as(loaded.device ? *loaded.device : loaded.home);
  {
    std::lock_guard lock(mutex_);
    failure_ = failure;
    state_ = failure ? State::ended : State::serving;
    if (!failure) {
      home_ = std::move(loaded.home);
      device_ = std::move(loaded.device);
      shapes_ = home_.single().input_shapes();
      accepted_ = home_.single().takes_any_size() ? any_size(shapes_) : shapes_;
      stats_.fallback = missed;
      stats_.fallback_reason = std::move(loaded.fallback);
      show(device_ ? *device_ : home_);
    }
  }
  answered_.notify_all();
  if (missed && hooks_.lost) hooks_.lost();
  return !failure;
}

void Executor::show(const NetSet& set) {
  sizes_ = set.sizes();
  stats_.engine = set.engine;
  stats_.backend = name(set.backend);
}

/// Never with the mutex held: memory of a device that is lost takes its time to go.
void Executor::lie_as(const NetSet& set) { memory_.use(set.single().input_memory(), set.sizes().back()); }

Tensors Executor::recorded() const {
  std::lock_guard lock(mutex_);
  return recorded_;
}

void Executor::adopt(std::shared_ptr<NetSet> device) {
  lie_as(*device);
  std::lock_guard lock(mutex_);
  show(*device);
  stats_.fallback = false;
  stats_.fallback_reason.clear();
  arrived_.clear();
  device_.swap(device);
}

bool Executor::add(const std::weak_ptr<NetSet>& set, SizedNet net) {
  {
    std::lock_guard lock(mutex_);
    const auto wanted = set.lock();
    if (!wanted || state_ == State::ended || (device_ && device_ != wanted)) return false;
    arrived_.push_back(std::move(net));
  }
  changed_.notify_one();
  return true;
}

/// With the mutex held, between batches: what arrived joins the device's set, whose nets nobody uses just now.
void Executor::settle_in() {
  if (arrived_.empty() || !device_) return arrived_.clear();
  for (SizedNet& net : arrived_) device_->add(std::move(net));
  arrived_.clear();
  sizes_ = device_->sizes();
  memory_.grow(sizes_.back());
}

void Executor::stay_home() {
  std::lock_guard lock(mutex_);
  stats_.fallback = false;
  stats_.fallback_reason.clear();
}

void Executor::tell(std::vector<TrialRow> rows) {
  std::lock_guard lock(mutex_);
  stats_.trials = std::move(rows);
}

/// The oldest request and those behind it that look like it, as many as pay to be run together.
Executor::Batch Executor::next_batch(std::stop_token stop, std::shared_ptr<NetSet>& device) {
  std::unique_lock lock(mutex_);
  for (;;) {
    const bool called = changed_.wait(lock, stop, [&] { return !queue_.empty() || !arrived_.empty(); });
    if (!called || stop.stop_requested()) return {};
    settle_in();
    std::erase_if(queue_, [](const RequestPtr& waiting) { return waiting->abandoned; });
    if (queue_.empty()) continue;
    device = device_;
    NetSet& set = device ? *device : home_;
    const auto alike = static_cast<std::size_t>(std::count_if(queue_.begin(), queue_.end(), [&](const auto& waiting) {
      return same_shapes(queue_.front()->inputs, waiting->inputs);
    }));
    return take(static_cast<std::size_t>(set.best_for(alike).size));
  }
}

Executor::Batch Executor::take(std::size_t most) {
  Batch batch;
  std::erase_if(queue_, [&](const RequestPtr& waiting) {
    if (batch.size() == most || (!batch.empty() && !same_shapes(batch.front()->inputs, waiting->inputs))) return false;
    batch.push_back(waiting);
    return true;
  });
  return batch;
}

void Executor::serve(const Batch& batch, std::shared_ptr<NetSet> device) {
  record(batch.front()->inputs);
  std::vector<Tensors> outputs;
  std::string failed = device ? run_all(batch, *device, outputs) : std::string{};
  std::string error = device && failed.empty() ? std::string{} : run_all(batch, home_, outputs);
  // What the CPU cannot run either is the request's fault.
  if (device && !failed.empty() && error.empty()) lose(*device, failed);
  finish(batch, std::move(outputs), error);
}

/// In runs of the set's sizes; empty, or why it did not work.
std::string Executor::run_all(const Batch& batch, NetSet& set, std::vector<Tensors>& outputs) {
  outputs.clear();
  try {
    while (outputs.size() < batch.size()) run_some(batch, set, outputs);
    return {};
  } catch (const std::exception& thrown) {
    const std::string why = thrown.what();
    return why.empty() ? "inference failed" : why;
  } catch (...) {
    return "inference failed";
  }
}

void Executor::run_some(const Batch& batch, NetSet& set, std::vector<Tensors>& outputs) {
  SizedNet& net = set.best_for(batch.size() - outputs.size());
  const std::size_t count = std::min(batch.size() - outputs.size(), static_cast<std::size_t>(net.size));
  std::vector<const Tensors*> inputs;
  for (std::size_t i = 0; i < count; ++i) inputs.push_back(&batch[outputs.size() + i]->inputs);
  const MonoTime start = clock_.now();
  const auto ended = [&](bool well) {
    const double seconds = std::chrono::duration<double>(clock_.now() - start).count();
    if (well) note_run(net, seconds);
    if (hooks_.observe) hooks_.observe(model_, net.size, seconds);
    std::lock_guard lock(mutex_);
    ++stats_.runs;
    stats_.errors += well ? 0 : 1;
    stats_.seconds += seconds;
    stats_.last_batch = net.size;
  };
  const BatchMemory::Batch gathered = memory_.gather(inputs, net.size);
  Tensors together;
  try {
    together = net.net->run(gathered.inputs);
  } catch (...) {
    ended(false);
    throw;
  }
  ended(true);
  for (std::size_t i = 0; i < count; ++i) outputs.push_back(part(together, gathered.rows[i], net.size));
}

/// The device is let go of by whoever holds it last: this thread, or a trial that puts another one in.
void Executor::lose(const NetSet& device, const std::string& why) {
  {
    std::lock_guard lock(mutex_);
    if (device_.get() == &device) {
      device_.reset();
      show(home_);
      stats_.fallback = true;
      stats_.fallback_reason = std::string(name(device.backend)) + ": " + why;
    }
    ++stats_.losses;
  }
  lie_as(home_);
  log::warning("infer", "a device failed, the CPU takes over",
               {{"model", model_}, {"backend", name(device.backend)}, {"reason", why}});
  if (hooks_.lost) hooks_.lost();
}

void Executor::record(const Tensors& inputs) {
  if (!hooks_.recorded || std::any_of(inputs.begin(), inputs.end(), is_flat)) return;
  {
    std::lock_guard lock(mutex_);
    if (!recorded_.empty()) return;
    for (const cv::Mat& input : inputs) recorded_.push_back(input.clone());
  }
  hooks_.recorded();
}

void Executor::finish(const Batch& batch, std::vector<Tensors> outputs, const std::string& error) {
  {
    std::lock_guard lock(mutex_);
    for (std::size_t i = 0; i < batch.size(); ++i) {
      if (error.empty()) batch[i]->outputs = std::move(outputs[i]);
      batch[i]->error = error;
      batch[i]->done = true;
    }
    stats_.requests += batch.size();
  }
  answered_.notify_all();
}

void Executor::end() {
  {
    std::lock_guard lock(mutex_);
    state_ = State::ended;
    for (const RequestPtr& request : queue_) {
      request->error = "inference was stopped";
      request->done = true;
    }
    queue_.clear();
  }
  answered_.notify_all();
}

}  // namespace lynceus::infer
