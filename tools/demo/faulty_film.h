// A film of what the simulator's faults do not show: a picture that is too bright, then blurred, then one even colour,
// with good ones between; a minute long, as a stream of JPEGs. Thread: any.
#pragma once

#include <string>

namespace lynceus::tools {

inline constexpr int kFaultyFilmFps = 5;

/// Throws Error when the file (.mjpg) cannot be written.
void write_faulty_film(const std::string& file);

}  // namespace lynceus::tools
