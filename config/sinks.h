// What must be right of sinks besides each value by itself. Texts never quote a secret. Thread: reentrant.
#pragma once

#include <string>
#include <vector>

#include "config/config.h"
#include "config/problem.h"
#include "config/yaml_tree.h"

namespace lynceus::config {

/// `whsec_` and base64 of 1 to 64 bytes, or what is wrong.
std::string signing_key_problem(const std::string& text);
std::string token_problem(const std::string& text);
std::string host_problem(const std::string& text);
/// Parts of a topic, without wildcards.
std::string topic_problem(const std::string& text);

/// Keys that belong together, or to another type of sink; a camera that nobody has is a warning.
void check_sinks(const Node& root, const Config& config, Problems& problems, std::vector<std::string>& warnings);

}  // namespace lynceus::config
