#include "config/yaml_tree.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <set>
#include <sstream>
#include <stdexcept>
#include <utility>

#include "config/config.h"
#include "config/substitute.h"

namespace lynceus::config {
namespace {

/// Ends the reading; the problem is noted already.
struct Stop {};

bool untagged(const std::string& tag) { return tag.empty() || tag == "?" || tag == "!"; }

bool has_control_character(const std::string& text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\n' && c != '\t') || byte == 0x7f;
  });
}

/// Turns events into nodes: a stack of what is open, each level waiting for an item, a key or a key's value.
class Builder final : public YAML::EventHandler {
 public:
  Builder(const std::string& name, Problems& problems) : problems_(problems) {
    root_place_.file = std::make_shared<const std::string>(name);
    root_place_.line = root_place_.column = 1;
  }

  Node take() { return std::move(root_); }
  const Place& root_place() const { return root_place_; }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ > 1) stop(mark, "a second document begins here; accepted: one document a file");
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    check(mark, "", anchor);
    if (wants_key()) stop(mark, "an empty key; keys are text");
    Node node = open(mark);
    // yaml-cpp marks what comes next; the key is where the value is missing.
    if (!levels_.empty() && levels_.back().node.kind == Node::Kind::map)
      node.place = levels_.back().node.entries.back().place;
    close(std::move(node));
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    stop(mark, "anchors and aliases are not accepted; what cameras share belongs in 'defaults'");
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    check(mark, tag, anchor);
    if (has_control_character(value)) stop(mark, "a control character in a text");
    if (wants_key()) return begin_entry(mark, value);
    Node node = open(mark);
    node.kind = Node::Kind::scalar;
    node.text = value;
    node.quoted = tag == "!";
    close(std::move(node));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    descend(mark, tag, anchor, Node::Kind::sequence);
  }
  void OnSequenceEnd() override { ascend(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    descend(mark, tag, anchor, Node::Kind::map);
  }
  void OnMapEnd() override { ascend(); }

 private:
  struct Level {
    Node node;
    std::set<std::string> keys;
    bool key_read = false;  ///< the last entry waits for its value
  };

  [[noreturn]] void stop(const YAML::Mark& mark, const std::string& why) {
    Place place = levels_.empty() ? root_place_ : levels_.back().node.place;
    place.line = mark.line + 1;
    place.column = mark.column + 1;
    problems_.add(place, why);
    throw Stop{};
  }

  void check(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    if (!untagged(tag)) stop(mark, "tags are not accepted: " + shown(tag));
    if (anchor != 0) stop(mark, "anchors and aliases are not accepted; what cameras share belongs in 'defaults'");
  }

  bool wants_key() const {
    return !levels_.empty() && levels_.back().node.kind == Node::Kind::map && !levels_.back().key_read;
  }

  /// A node at its place: the root, the next item, or the value of the key just read.
  Node open(const YAML::Mark& mark) {
    Node node;
    const int line = mark.line + 1, column = mark.column + 1;
    if (levels_.empty()) {
      node.place = root_place_;
      node.place.line = line;
      node.place.column = column;
    } else if (const Node& parent = levels_.back().node; parent.kind == Node::Kind::sequence) {
      node.place = parent.place.child("[" + std::to_string(parent.items.size()) + "]", line, column);
    } else {
      node.place = parent.entries.back().place;
      node.place.line = line;
      node.place.column = column;
    }
    return node;
  }

  void begin_entry(const YAML::Mark& mark, const std::string& key) {
    Level& level = levels_.back();
    if (key.size() > 128) stop(mark, "a key of more than 128 characters");
    if (!level.keys.insert(key).second) {
      const auto first = std::find_if(level.node.entries.begin(), level.node.entries.end(),
                                      [&](const Node::Entry& e) { return e.key == key; });
      stop(mark, "the key " + shown(key) + " stands here twice; first in line " + std::to_string(first->place.line));
    }
    level.node.entries.push_back({key, level.node.place.child(key, mark.line + 1, mark.column + 1), {}});
    level.key_read = true;
  }

  void descend(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, Node::Kind kind) {
    check(mark, tag, anchor);
    if (wants_key()) stop(mark, "a list or a map as a key; keys are text");
    if (levels_.size() >= static_cast<std::size_t>(kMaxLevels)) stop(mark, "more than 64 levels");
    Level level;
    level.node = open(mark);
    level.node.kind = kind;
    levels_.push_back(std::move(level));
  }

  void ascend() {
    Node node = std::move(levels_.back().node);
    levels_.pop_back();
    close(std::move(node));
  }

  void close(Node node) {
    if (levels_.empty()) {
      root_ = std::move(node);
      return;
    }
    Level& level = levels_.back();
    if (level.node.kind == Node::Kind::sequence) {
      level.node.items.push_back(std::move(node));
    } else {
      level.node.entries.back().value = std::move(node);
      level.key_read = false;
    }
  }

  Problems& problems_;
  Place root_place_;
  std::vector<Level> levels_;
  Node root_;
  int documents_ = 0;
};

/// Length of the well-formed UTF-8 character at `at`, 0 if there is none.
std::size_t utf8_length(const std::string& text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  const unsigned first = byte(at);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(at + i) & 0xC0) != 0x80) return 0;
  }
  const unsigned second = byte(at + 1);
  if ((first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F)) return 0;  // too long, surrogate
  if ((first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F)) return 0;
  return length;
}

/// NUL bytes and broken characters, before yaml-cpp guesses at an encoding.
bool check_bytes(const std::string& text, Place place, Problems& problems) {
  if (text.size() > kMaxFileBytes) {
    place.line = 0;
    problems.add(place, "more than 1 MiB; accepted: at most 1048576 bytes");
    return false;
  }
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = text[i] == '\0' ? 0 : utf8_length(text, i);
    if (length == 0) {
      problems.add(place, text[i] == '\0' ? "a NUL byte; the file must be UTF-8 text"
                                          : "a byte that is no UTF-8; the file must be UTF-8 text");
      return false;
    }
    if (text[i] == '\n') {
      ++place.line;
      place.column = 0;
    }
    ++place.column;
    i += length;
  }
  return true;
}

}  // namespace

const Node* Node::find(std::string_view key) const {
  for (const Entry& entry : entries) {
    if (entry.key == key) return &entry.value;
  }
  return nullptr;
}

const char* Node::kind_name() const {
  switch (kind) {
    case Kind::null:
      return "nothing";
    case Kind::scalar:
      return "a single value";
    case Kind::sequence:
      return "a list";
    case Kind::map:
      return "a map";
  }
  return "";
}

std::optional<Node> parse_yaml(const std::string& text, const std::string& name, Problems& problems) {
  Builder builder(name, problems);
  if (!check_bytes(text, builder.root_place(), problems)) return {};
  try {
    std::istringstream stream(text);
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const Stop&) {
    return {};
  } catch (const YAML::Exception& error) {
    Place place = builder.root_place();
    place.line = error.mark.is_null() ? 1 : error.mark.line + 1;
    place.column = error.mark.is_null() ? 1 : error.mark.column + 1;
    problems.add(place, "no valid YAML: " + error.msg);
    return {};
  } catch (const std::exception&) {  // yaml-cpp's scanner can throw plain exceptions on broken input
    problems.add(builder.root_place(), "no valid YAML");
    return {};
  }
  Node root = builder.take();
  if (root.empty()) {
    root.kind = Node::Kind::map;
    if (!root.place.file) root.place = builder.root_place();
  }
  return root;
}

std::string read_config_file(const std::string& file) {
  try {
    return read_bounded(file, kMaxFileBytes);
  } catch (const std::runtime_error& error) {
    throw ConfigError(file, error.what());
  }
}

Node read_yaml(const std::string& file) {
  Problems problems;
  auto root = parse_yaml(read_config_file(file), file, problems);
  problems.raise();
  return std::move(*root);
}

}  // namespace lynceus::config
