// The manifest beside a model: NAME.json for NAME.onnx or NAME.weights, saying at which batch sizes it may run.
//   {"batch_sizes": [1, 4]}
// Without it, and for accelerators alone, the model's entry in the list of its folder, manifest.json, if that has one:
//   {"models": [{"batch_sizes": [1, 4], "files": [{"file": "NAME.onnx"}]}]}
// On a CPU batches gain little and take memory, so that there only a manifest of its own asks for them.
// Other keys are for other readers. Thread: any.
#pragma once

#include <string>
#include <vector>

namespace lynceus::infer {

/// Ascending, 1 always among them; {1} where there is nothing to read. Throws std::runtime_error when it is wrong.
std::vector<int> manifest_batch_sizes(const std::string& model_path, bool accelerator);

}  // namespace lynceus::infer
