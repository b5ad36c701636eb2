#include "plugins/pipes/label_reader.h"

namespace lynceus::pipes {

LabelReading read_labels(const cv::Mat&, const FoundBar&) { return {}; }

}  // namespace lynceus::pipes
