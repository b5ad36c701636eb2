#include "config/substitute.h"

#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string_view>
#include <system_error>

#include "base/log.h"

namespace lynceus::config {
namespace {

constexpr std::size_t kMaxSecretBytes = 64 << 10;
constexpr const char* kForms = "accepted: ${env:NAME}, ${file:PATH}, ${credential:NAME}";

std::string from_environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (value == nullptr) throw std::runtime_error("the environment has no " + shown(name));
  return value;
}

std::string from_file(const std::string& file, const Sources& sources) {
  if (sources.files != nullptr) sources.files->push_back(file);
  std::error_code error;
  if (std::filesystem::exists(file, error) && !std::filesystem::is_regular_file(file, error)) {
    throw std::runtime_error("not a regular file");
  }
  std::string text = read_bounded(file, kMaxSecretBytes);
  if (!text.empty() && text.back() == '\n') text.pop_back();
  if (!text.empty() && text.back() == '\r') text.pop_back();
  return text;
}

std::string from_credentials(const std::string& name, const Sources& sources) {
  if (name.find('/') != std::string::npos || name == "." || name == "..") {
    throw std::runtime_error("a credential's name holds no '/'");
  }
  const char* folder = std::getenv("CREDENTIALS_DIRECTORY");
  if (folder == nullptr) throw std::runtime_error("CREDENTIALS_DIRECTORY is not set");
  return from_file(std::string(folder) + "/" + name, sources);
}

/// `inside` is what stands between ${ and }.
std::string value_of(const std::string& inside, const Sources& sources) {
  const std::size_t colon = inside.find(':');
  const std::string kind = inside.substr(0, colon);
  const std::string name = colon == std::string::npos ? "" : inside.substr(colon + 1);
  if (name.empty() || (kind != "env" && kind != "file" && kind != "credential")) {
    throw std::runtime_error(std::string("no such substitution; ") + kForms);
  }
  if (!sources.allowed) throw std::runtime_error("substitutions belong in the main file");
  if (kind == "env") return from_environment(name);
  if (kind == "credential") return from_credentials(name, sources);
  return from_file((std::filesystem::path(sources.folder) / name).string(), sources);
}

bool printable(const std::string& value) {
  for (const char c : value) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return false;
  }
  return true;
}

}  // namespace

std::optional<Expanded> expand(const std::string& text, const Place& place, const Sources& sources,
                               Problems& problems) {
  Expanded out;
  for (std::size_t i = 0; i < text.size();) {
    const std::string_view rest = std::string_view(text).substr(i);
    if (rest.starts_with("$${")) {
      out.text += "${";
      i += 3;
      continue;
    }
    if (!rest.starts_with("${")) {
      out.text += text[i++];
      continue;
    }
    const std::size_t end = rest.find('}');
    const std::string inside(rest.substr(2, end == std::string_view::npos ? end : end - 2));
    const std::string name = "${" + inside.substr(0, 80) + "}";
    try {
      if (end == std::string_view::npos) throw std::runtime_error(std::string("the '}' is missing; ") + kForms);
      const std::string value = value_of(inside, sources);
      log::add_secret(value);
      if (!printable(value)) throw std::runtime_error("the value holds a line end or a control character");
      out.text += value;
      out.secret = true;
    } catch (const std::runtime_error& error) {
      problems.add(place, shown(name) + ": " + error.what());
      return {};
    }
    i += end + 1;
  }
  return out;
}

std::string read_bounded(const std::string& file, std::size_t limit) {
  std::error_code error;
  if (std::filesystem::is_directory(file, error)) throw std::runtime_error("cannot be read: it is a folder");
  errno = 0;
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::runtime_error(std::string("cannot be read: ") + std::strerror(errno != 0 ? errno : ENOENT));
  std::string text(limit + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (in.bad()) throw std::runtime_error("cannot be read");
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (text.size() > limit) throw std::runtime_error("more than " + std::to_string(limit) + " bytes");
  return text;
}

}  // namespace lynceus::config
