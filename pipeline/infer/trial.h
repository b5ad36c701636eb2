// A model on every back end there is, with an input that was recorded from its own use: what each takes and how far its
// outputs are from the CPU's. Thread: any; it takes as long as the networks take.
#pragma once

#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "base/clock.h"
#include "pipeline/infer/batch.h"
#include "pipeline/infer/net_set.h"

namespace lynceus::infer {

class ModelLoader;

/// One line of the measured table.
struct TrialRow {
  std::string engine, backend;
  int batch = 1;
  double seconds = 0;     ///< of a run, the least of three
  double difference = 0;  ///< the largest of any output value from the CPU's, against 1 or its size where that is more
  std::string refused;    ///< why it is not used; empty: it may be
};

struct Trial {
  std::vector<TrialRow> rows;
  std::shared_ptr<NetSet> best;  ///< the fastest a picture of those that agree; null: the CPU as it is
  bool failed = false;           ///< a back end could not be loaded or broke off: worth another try later
};

/// How far a back end's outputs may be from the CPU's.
double tolerance_of(Backend backend);

Trial try_back_ends(const ModelLoader& loader, const sdk::ModelFile& file, const Tensors& input, Clock& clock,
                    std::stop_token stop);

}  // namespace lynceus::infer
