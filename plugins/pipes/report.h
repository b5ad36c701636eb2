// A diagnosis in the words of the plugin's users: keys of `lynceus analyze`, measurements, overlay. Thread: reentrant.
#pragma once

#include <opencv2/core.hpp>
#include <string>

#include "plugins/pipes/diagnosis.h"
#include "plugins/pipes/settings.h"
#include "plugins/pipes/thermometer.h"
#include "plugins/sdk/observations.h"

namespace lynceus::pipes {

/// All keys of one area: diagnosis, pipe, temperature, diameter, defects, bare_sections, confidence.
sdk::Value::Object describe(const Diagnosis& found);
sdk::Value describe(const ScaleState& scale);
sdk::Value describe(const Disagreement& off);
/// As gauges; `zone` becomes a label where there is one.
void add_measurements(const Diagnosis& found, const std::string& zone, sdk::Observations& out);
void draw(const Diagnosis& found, const std::string& zone, sdk::Overlay& out);

}  // namespace lynceus::pipes
