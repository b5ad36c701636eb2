#include "pipeline/infer/executor.h"

#include <algorithm>
#include <chrono>
#include <stdexcept>

namespace lynceus::infer {
namespace {

/// A tensor over somebody's own memory would dangle if its caller were stopped in mid-run: it is copied.
cv::Mat owned(const cv::Mat& tensor) { return tensor.u && tensor.isContinuous() ? tensor : tensor.clone(); }

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
  for (Batch batch = next_batch(stop); !batch.empty(); batch = next_batch(stop)) serve(batch);
  end();
}

bool Executor::load() {
  std::exception_ptr failure;
  try {
    loaded_ = hooks_.load();
  } catch (...) {
    failure = std::current_exception();
  }
  {
    std::lock_guard lock(mutex_);
    failure_ = failure;
    state_ = failure ? State::ended : State::serving;
    if (!failure) {
      for (const auto& [size, net] : loaded_.nets) sizes_.push_back(size);
      const Net& single = *loaded_.nets.front().second;
      shapes_ = single.input_shapes();
      accepted_ = single.takes_any_size() ? any_size(shapes_) : shapes_;
      stats_.engine = loaded_.engine;
      stats_.backend = name(loaded_.backend);
      stats_.fallback = loaded_.fallback;
    }
  }
  answered_.notify_all();
  return !failure;
}

/// The oldest request and those behind it that look like it, as many as the largest net takes.
Executor::Batch Executor::next_batch(std::stop_token stop) {
  std::unique_lock lock(mutex_);
  Batch batch;
  const auto most = static_cast<std::size_t>(loaded_.nets.back().first);
  while (batch.empty()) {
    if (!changed_.wait(lock, stop, [&] { return !queue_.empty(); }) || stop.stop_requested()) return {};
    std::erase_if(queue_, [](const RequestPtr& waiting) { return waiting->abandoned; });
    std::erase_if(queue_, [&](const RequestPtr& waiting) {
      if (batch.size() == most || (!batch.empty() && !same_shapes(batch.front()->inputs, waiting->inputs)))
        return false;
      batch.push_back(waiting);
      return true;
    });
  }
  return batch;
}

void Executor::serve(const Batch& batch) {
  std::vector<Tensors> outputs;
  std::string error;
  const auto fitting = std::find_if(loaded_.nets.begin(), loaded_.nets.end(), [&](const auto& entry) {
    return static_cast<std::size_t>(entry.first) >= batch.size();
  });
  const int size = fitting->first;
  const MonoTime start = clock_.now();
  try {
    outputs = run_net(batch, *fitting->second, size);
  } catch (const std::exception& thrown) {
    error = thrown.what();
    if (error.empty()) error = "inference failed";
  } catch (...) {
    error = "inference failed";
  }
  const double seconds = std::chrono::duration<double>(clock_.now() - start).count();
  if (hooks_.observe) hooks_.observe(model_, size, seconds);
  finish(batch, std::move(outputs), error, size, seconds);
}

std::vector<Tensors> Executor::run_net(const Batch& batch, Net& net, int size) {
  std::vector<const Tensors*> inputs;
  for (const RequestPtr& request : batch) inputs.push_back(&request->inputs);
  const Tensors together = net.run(stack(inputs, size));
  std::vector<Tensors> outputs;
  for (int i = 0; i < static_cast<int>(batch.size()); ++i) outputs.push_back(part(together, i, size));
  return outputs;
}

void Executor::finish(const Batch& batch, std::vector<Tensors> outputs, const std::string& error, int size,
                      double seconds) {
  {
    std::lock_guard lock(mutex_);
    for (std::size_t i = 0; i < batch.size(); ++i) {
      if (error.empty()) batch[i]->outputs = std::move(outputs[i]);
      batch[i]->error = error;
      batch[i]->done = true;
    }
    ++stats_.runs;
    stats_.requests += batch.size();
    stats_.errors += error.empty() ? 0 : 1;
    stats_.seconds += seconds;
    stats_.last_batch = size;
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
