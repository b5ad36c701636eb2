#include "tools/command/json_lines.h"

#include <cerrno>
#include <cmath>
#include <string>
#include <system_error>
#include <type_traits>
#include <variant>

#include "base/error.h"

namespace lynceus::tools {

Json finite(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json to_json(const sdk::Value& value) {
  return std::visit(
      [](const auto& held) -> Json {
        using T = std::decay_t<decltype(held)>;
        if constexpr (std::is_same_v<T, std::monostate>) {
          return nullptr;
        } else if constexpr (std::is_same_v<T, double>) {
          return finite(held);
        } else if constexpr (std::is_same_v<T, sdk::Value::Array>) {
          Json list = Json::array();
          for (const sdk::Value& item : held) list.push_back(to_json(item));
          return list;
        } else if constexpr (std::is_same_v<T, sdk::Value::Object>) {
          Json object = Json::object();
          for (const auto& [key, item] : held) object[key] = to_json(item);
          return object;
        } else {
          return held;
        }
      },
      value.data());
}

std::string to_line(const Json& object) { return object.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n"; }

void print_line(const Json& object, std::FILE* to) {
  const std::string line = to_line(object);
  if (std::fwrite(line.data(), 1, line.size(), to) == line.size() && std::fflush(to) == 0) return;
  throw Error(Exit::fatal, "output", "stdout", std::generic_category().message(errno));
}

}  // namespace lynceus::tools
