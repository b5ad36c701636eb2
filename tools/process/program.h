// Where this program and its siblings lie, installed or built. Thread: any.
#pragma once

#include <string>

namespace lynceus::tools {

/// Throws Error (Exit::fatal) when it cannot be told.
std::string own_program();
/// The path of another program of ours, beside this one.
std::string program_beside_us(const std::string& name);

}  // namespace lynceus::tools
