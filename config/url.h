// Where a camera's video comes from: checked before anybody connects, its credentials registered before anybody logs.
// Thread: reentrant.
#pragma once

#include <string>

namespace lynceus::config {

/// What is wrong with the URL, without quoting any of its secrets; empty when nothing is. Registers the password (as
/// written and decoded) and secret query values with log::add_secret. A text without a scheme is a path.
std::string check_url(const std::string& url);

/// The same for a receiver's URL: http or https, at most 2048 characters, no fragment.
std::string check_web_url(const std::string& url);
/// What may be shown of it: scheme, host and port.
std::string shown_web_url(const std::string& url);

/// A path made absolute from `folder`; a URL is left as it is.
std::string resolve(const std::string& path, const std::string& folder);

}  // namespace lynceus::config
