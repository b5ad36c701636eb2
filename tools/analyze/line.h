// The JSON object of one frame: the common keys, then what the plugin tells in words of its own (contract: docs/ref/cli.md).
#pragma once

#include "pipeline/camera/report.h"
#include "pipeline/ingest/reader.h"
#include "tools/command/json_lines.h"

namespace lynceus::tools {

/// `frame` counts from 0 within the job. Common keys win over details of the same name.
Json frame_line(const ingest::Picture& picture, std::int64_t frame, const camera::AnalyzerReport& report);

}  // namespace lynceus::tools
