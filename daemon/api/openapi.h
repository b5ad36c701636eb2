// The OpenAPI 3.1 document, made from the table of routes; the shapes of bodies stand in openapi_schemas.cpp.
// Thread: pure functions.
#pragma once

#include <string>
#include <vector>

#include "daemon/api/router.h"

namespace lynceus::daemon::http {

std::string openapi_json(const std::vector<Route>& routes);

/// components.schemas, as JSON text.
const char* openapi_schemas();

}  // namespace lynceus::daemon::http
