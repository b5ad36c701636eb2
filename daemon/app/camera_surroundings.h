// What every camera stands on; outlives all of them, left-behind workers included. Thread: a value.
#pragma once

#include "daemon/evidence/evidence.h"
#include "pipeline/camera/chain.h"
#include "pipeline/camera/report.h"
#include "pipeline/ingest/camera_source.h"

namespace lynceus::daemon {

struct CameraSurroundings {
  camera::ChainContext context;
  const camera::Demand* demand = nullptr;
  camera::ReportSink* reports = nullptr;
  ingest::StateSink* states = nullptr;  ///< null: nobody
  Evidence* evidence = nullptr;         ///< null: none is kept
};

}  // namespace lynceus::daemon
