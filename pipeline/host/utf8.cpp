#include "pipeline/host/utf8.h"

#include <cstdint>
#include <string_view>

namespace lynceus::host {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

int length_by_lead(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead < 0xE0) return 2;
  if (lead >= 0xE0 && lead < 0xF0) return 3;
  if (lead >= 0xF0 && lead < 0xF5) return 4;
  return 0;
}

/// Length of the character at the front of `text`; 0 when it is none (overlong forms and surrogates included).
std::size_t character_at(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto length = static_cast<std::size_t>(length_by_lead(byte(0)));
  if (length <= 1) return length;
  if (length > text.size()) return 0;
  std::uint32_t code = byte(0) & (0xFFu >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
    code = (code << 6) | (byte(i) & 0x3Fu);
  }
  const bool overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
  const bool outside = (code >= 0xD800 && code < 0xE000) || code > 0x10FFFF;
  return overlong || outside ? 0 : length;
}

bool control(std::string_view character) {
  const auto first = static_cast<unsigned char>(character.front());
  return character.size() == 1 && (first < 0x20 || first == 0x7F);
}

bool plain(const std::string& text, std::size_t bound) {
  if (text.size() > bound) return false;
  for (const char c : text) {
    if (c < 0x20 || c == 0x7F) return false;  // also every byte above 0x7F, char being signed or not
    if (static_cast<unsigned char>(c) >= 0x80) return false;
  }
  return true;
}

}  // namespace

bool clean_text(std::string& text, std::size_t bound) {
  if (plain(text, bound)) return false;
  std::string clean;
  for (std::string_view rest = text; !rest.empty();) {
    const std::size_t length = character_at(rest);
    std::string_view character = length == 0 ? kReplacement : rest.substr(0, length);
    rest.remove_prefix(length == 0 ? 1 : length);
    if (control(character)) character = " ";
    if (clean.size() + character.size() > bound) break;
    clean += character;
  }
  const bool changed = clean != text;
  text = std::move(clean);
  return changed;
}

}  // namespace lynceus::host
