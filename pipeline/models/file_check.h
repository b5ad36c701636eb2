// Whether a file is the network that its name promises. Thread: any.
#pragma once

#include <string>
#include <string_view>

#include "pipeline/models/model_list.h"

namespace lynceus::models {

enum class FileState { right, missing, unreadable, wrong_size, wrong_sum };
const char* name(FileState state);  ///< right, missing, unreadable, of another size, of other bytes

FileState check(const std::string& path, const ModelFile& expected);

/// What is wrong with a network that a configuration names, to follow "the file X"; empty: nothing. Known are networks
/// by their ending (.onnx, .weights with its .cfg); one that the list does not have must be there, and no more.
std::string network_problem(const std::string& path, const ModelList& list = ModelList::built_in());

}  // namespace lynceus::models
