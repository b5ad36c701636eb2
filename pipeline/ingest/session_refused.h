// The exception of a session that cannot go on; caught where the library called us, or in the control thread.
#pragma once

#include <stdexcept>
#include <utility>

#include "pipeline/ingest/link.h"

namespace lynceus::ingest {

class SessionRefused : public std::runtime_error {
 public:
  explicit SessionRefused(Failure failure) : std::runtime_error(failure.text), failure_(std::move(failure)) {}
  const Failure& failure() const { return failure_; }

 private:
  Failure failure_;
};

}  // namespace lynceus::ingest
