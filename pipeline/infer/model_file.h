// A model file as bytes, bounded, and the words for one that cannot be loaded. Thread: any.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace lynceus::infer {

/// Throws std::runtime_error when the file is not there, not a file, empty or larger than 512 MiB.
std::vector<std::byte> read_model_file(const std::string& path);

bool ends_with_nocase(std::string_view text, std::string_view ending);

/// Library messages span lines and quote source files: the first line, cut short.
std::string one_line(std::string_view text);

/// "cannot load model: PATH: WHY"
std::runtime_error cannot_load(const std::string& path, std::string_view why);

}  // namespace lynceus::infer
