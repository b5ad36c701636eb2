#include "pipeline/host/elf_note.h"

#include <elf.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <system_error>
#include <type_traits>
#include <utility>
#include <vector>

namespace lynceus::host {
namespace {

constexpr std::uint64_t kMaxFile = std::uint64_t{256} << 20;
constexpr std::uint64_t kMaxNames = std::uint64_t{1} << 20;
constexpr std::uint64_t kMaxNote = 4096;
#if defined(__x86_64__)
constexpr Elf64_Half kMachine = EM_X86_64;
#elif defined(__aarch64__)
constexpr Elf64_Half kMachine = EM_AARCH64;
#elif defined(__riscv)
constexpr Elf64_Half kMachine = EM_RISCV;
#else
#error "name this processor's ELF machine here"
#endif
constexpr std::string_view kSection = ".note.lynceus";
constexpr std::string_view kOwner = "Lynceus";
constexpr std::string_view kNameKey = ";plugin=";

[[noreturn]] void refuse(const std::string& why) { throw std::runtime_error(why); }

void read_at(const ByteSource& source, std::uint64_t offset, std::span<std::byte> out) {
  if (offset > source.size || out.size() > source.size - offset) refuse("the file is cut short");
  if (!out.empty() && !source.read(offset, out)) refuse("the file cannot be read");
}

template <class T>
T read_as(const ByteSource& source, std::uint64_t offset) {
  static_assert(std::is_trivially_copyable_v<T>);
  T value;
  read_at(source, offset, std::as_writable_bytes(std::span(&value, 1)));
  return value;
}

std::string read_text(const ByteSource& source, const Elf64_Shdr& section, std::uint64_t bound) {
  if (section.sh_type == SHT_NOBITS || section.sh_size > bound) refuse("a section of the file has an impossible size");
  std::string text(section.sh_size, '\0');
  read_at(source, section.sh_offset, std::as_writable_bytes(std::span(text)));
  return text;
}

Elf64_Ehdr read_header(const ByteSource& source) {
  if (source.size < sizeof(Elf64_Ehdr)) refuse("not a shared library (too short for ELF)");
  const auto header = read_as<Elf64_Ehdr>(source, 0);
  if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0) refuse("not a shared library (no ELF signature)");
  if (header.e_ident[EI_CLASS] != ELFCLASS64) refuse("not a 64-bit library");
  if (header.e_ident[EI_DATA] != ELFDATA2LSB) refuse("not a little-endian library");
  if (header.e_type != ET_DYN) refuse("not a shared library (an ELF file of another type)");
  if (header.e_machine != kMachine) refuse("built for another kind of processor");
  if (header.e_shoff == 0 || header.e_shnum == 0) refuse("has no section headers, so no plugin note");
  if (header.e_shentsize != sizeof(Elf64_Shdr)) refuse("has section headers of an impossible size");
  return header;
}

std::vector<Elf64_Shdr> read_sections(const ByteSource& source, const Elf64_Ehdr& header) {
  std::vector<Elf64_Shdr> sections(header.e_shnum);  // 16 bit: 4 MiB at most
  read_at(source, header.e_shoff, std::as_writable_bytes(std::span(sections)));
  return sections;
}

std::string_view name_at(const std::string& names, std::uint64_t offset) {
  if (offset >= names.size()) return {};
  const std::string_view rest = std::string_view(names).substr(offset);
  return rest.substr(0, rest.find('\0'));
}

/// The note section's bytes.
std::string find_note(const ByteSource& source) {
  const Elf64_Ehdr header = read_header(source);
  const std::vector<Elf64_Shdr> sections = read_sections(source, header);
  if (header.e_shstrndx >= sections.size()) refuse("has no section names, so no plugin note");
  const std::string names = read_text(source, sections[header.e_shstrndx], kMaxNames);
  for (const Elf64_Shdr& section : sections) {
    if (name_at(names, section.sh_name) == kSection) return read_text(source, section, kMaxNote);
  }
  refuse("has no plugin note (not built with LYNCEUS_PLUGIN)");
}

/// The descriptor of the first note in the section, which must be ours.
std::string descriptor_of(const std::string& note) {
  Elf64_Nhdr head;
  if (note.size() < sizeof head) refuse("the plugin note is cut short");
  std::memcpy(&head, note.data(), sizeof head);
  const auto padded = [](std::uint64_t size) { return (size + 3) & ~std::uint64_t{3}; };
  const std::uint64_t begin = sizeof head + padded(head.n_namesz);
  if (begin > note.size() || head.n_descsz > note.size() - begin) refuse("the plugin note is cut short");
  const std::string_view owner = std::string_view(note).substr(sizeof head, head.n_namesz);
  if (head.n_type != 1 || owner.substr(0, owner.find('\0')) != kOwner) refuse("the plugin note is not ours");
  const std::string_view text = std::string_view(note).substr(begin, head.n_descsz);
  return std::string(text.substr(0, text.find('\0')));
}

bool printable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

/// An open file descriptor.
class File {
 public:
  explicit File(const std::string& path) : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {
    if (fd_ < 0) refuse(std::generic_category().message(errno));
  }
  ~File() { ::close(fd_); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  std::uint64_t size() const {
    struct stat info {};
    if (::fstat(fd_, &info) != 0) refuse(std::generic_category().message(errno));
    if (!S_ISREG(info.st_mode)) refuse("not a regular file");
    if (static_cast<std::uint64_t>(info.st_size) > kMaxFile) refuse("larger than 256 MiB");
    return static_cast<std::uint64_t>(info.st_size);
  }

  bool read(std::uint64_t offset, std::span<std::byte> out) const {
    while (!out.empty()) {
      const ssize_t got = ::pread(fd_, out.data(), out.size(), static_cast<off_t>(offset));
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) return false;
      out = out.subspan(static_cast<std::size_t>(got));
      offset += static_cast<std::uint64_t>(got);
    }
    return true;
  }

 private:
  int fd_;
};

/// The next `key=value` up to a semicolon; shortens `text`.
std::pair<std::string_view, std::string_view> next_pair(std::string_view& text) {
  const std::string_view item = text.substr(0, text.find(';'));
  text.remove_prefix(std::min(text.size(), item.size() + 1));
  const auto equals = item.find('=');
  if (equals == std::string_view::npos) return {item, {}};
  return {item.substr(0, equals), item.substr(equals + 1)};
}

std::string_view value_of(std::string_view text, std::string_view key) {
  while (!text.empty()) {
    const auto [name, value] = next_pair(text);
    if (name == key) return value;
  }
  return "nothing known";
}

}  // namespace

PluginNote parse_plugin_note(const ByteSource& source) {
  const std::string text = descriptor_of(find_note(source));
  const auto split = text.rfind(kNameKey);
  if (split == std::string::npos || !printable(text)) refuse("the plugin note is damaged");
  return {text.substr(0, split), text.substr(split + kNameKey.size())};
}

PluginNote parse_plugin_note(std::span<const std::byte> file) {
  const auto read = [file](std::uint64_t offset, std::span<std::byte> out) {
    std::copy_n(file.begin() + static_cast<std::ptrdiff_t>(offset), out.size(), out.begin());
    return true;
  };
  return parse_plugin_note(ByteSource{file.size(), read});
}

PluginNote read_plugin_note(const std::string& path) {
  const File file(path);
  return parse_plugin_note(ByteSource{
      file.size(), [&file](std::uint64_t offset, std::span<std::byte> out) { return file.read(offset, out); }});
}

std::string build_difference(std::string_view theirs, std::string_view ours) {
  std::string words;
  for (std::string_view rest = ours; !rest.empty();) {
    const auto [key, value] = next_pair(rest);
    const std::string_view other = value_of(theirs, key);
    if (other == value) continue;
    if (!words.empty()) words += "; ";
    words.append("built for ").append(key).append(" ").append(other);
    words.append(", this is ").append(key).append(" ").append(value);
  }
  if (words.empty() && theirs != ours) words = "its note has another form";
  return words;
}

}  // namespace lynceus::host
