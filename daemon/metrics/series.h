// One time series of a Prometheus family that goes when its owner goes, and names that are safe to expose.
// Thread: as prometheus-cpp: values any, making and dropping any.
#pragma once

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>

#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace lynceus::daemon {

using LabelSet = std::map<std::string, std::string>;

/// Owns one series; two owners of the same labels must not exist at a time.
template <class T>
class Series {
 public:
  Series() = default;
  template <class... Args>
  explicit Series(prometheus::Family<T>& family, const LabelSet& labels, Args&&... args)
      : family_(&family), metric_(&family.Add(labels, std::forward<Args>(args)...)) {}
  Series(Series&& other) noexcept
      : family_(std::exchange(other.family_, nullptr)), metric_(std::exchange(other.metric_, nullptr)) {}
  Series& operator=(Series&& other) noexcept {
    std::swap(family_, other.family_);
    std::swap(metric_, other.metric_);
    return *this;
  }
  ~Series() {
    if (metric_ != nullptr) family_->Remove(metric_);
  }

  T* operator->() const { return metric_; }
  explicit operator bool() const { return metric_ != nullptr; }

 private:
  prometheus::Family<T>* family_ = nullptr;
  T* metric_ = nullptr;
};

using CounterSeries = Series<prometheus::Counter>;
using GaugeSeries = Series<prometheus::Gauge>;
using HistogramSeries = Series<prometheus::Histogram>;

/// Prometheus refuses a whole scrape for one wrong byte: invalid UTF-8 becomes '?', long values are cut.
std::string label_value(std::string_view text);
/// [a-zA-Z_][a-zA-Z0-9_]*, not reserved.
bool good_label_name(std::string_view name);

/// 0.5 ms to 10 s, factor 2.
prometheus::Histogram::BucketBoundaries duration_buckets();

}  // namespace lynceus::daemon
