// Which Host a request may name: a page of somebody else whose name was pointed at us (DNS rebinding) is refused.
// Thread: pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lynceus::daemon::http {

/// 127.0.0.0/8, ::1, localhost.
bool is_loopback(std::string_view name);

/// True when `host` (name or address, port or not) is loopback, one of `names`, or the very address that was connected
/// to.
bool host_accepted(std::string_view host, const std::vector<std::string>& names, std::string_view local_address);

}  // namespace lynceus::daemon::http
