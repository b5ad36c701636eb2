// The families whose values are pushed as things happen; made once, in the registry that text is written from.
#pragma once

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <map>
#include <string>

namespace lynceus::daemon {

struct PushedFamilies {
  explicit PushedFamilies(prometheus::Registry& registry);

  prometheus::Family<prometheus::Gauge>& light;
  prometheus::Family<prometheus::Histogram>& stage;
  prometheus::Family<prometheus::Counter>& cpu;
  prometheus::Family<prometheus::Counter>& events;
  prometheus::Family<prometheus::Gauge>& condition;
  prometheus::Family<prometheus::Gauge>& measurement;
  prometheus::Family<prometheus::Counter>& counter;
  prometheus::Family<prometheus::Counter>& series_dropped;
  prometheus::Family<prometheus::Histogram>& batch;
  prometheus::Family<prometheus::Histogram>& inference;
  prometheus::Family<prometheus::Counter>& http_requests;
  prometheus::Family<prometheus::Counter>& http_dropped;
  std::map<std::string, prometheus::Family<prometheus::Gauge>*> known;  ///< by measurement name
};

}  // namespace lynceus::daemon
