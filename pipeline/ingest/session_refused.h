// The exception of a session that cannot go on; caught where the library called us, or in the control thread.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

#include "pipeline/ingest/link.h"

namespace lynceus::ingest {

class SessionRefused : public std::runtime_error {
 public:
  /// `decoder`: the hardware decoder that did not manage the stream, where one is to blame.
  explicit SessionRefused(Failure failure, std::string decoder = {})
      : std::runtime_error(failure.text), failure_(std::move(failure)), failed_decoder_(std::move(decoder)) {}
  const Failure& failure() const { return failure_; }
  const std::string& failed_decoder() const { return failed_decoder_; }

 private:
  Failure failure_;
  std::string failed_decoder_;
};

}  // namespace lynceus::ingest
