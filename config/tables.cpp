#include "config/tables.h"

#include <algorithm>
#include <utility>

#include "config/url.h"

namespace lynceus::config {
namespace {

std::vector<Row> storage_table() {
  return {
      bind(
          row("directory", Type::file, "Where state, pictures and the settings made on the page are kept.")
              .such_as("/var/lib/lynceus")
              .otherwise("`$STATE_DIRECTORY`, else `./lynceus-state`"),
          [](Target & t) -> auto& { return t.config->storage.directory; }),
      bind(
          row("max_bytes", Type::size, "What all of it may take on the disk.").between(1 << 20, 1125899906842624.0),
          [](Target & t) -> auto& { return t.config->storage.max_bytes; }),
      evidence_row(),
  };
}

std::vector<Row> inference_table() {
  return {
      bind(
          row("backend", Type::choice, "What runs networks; `auto` takes the fastest that agrees with the CPU.")
              .from({"auto", "cpu", "opencl", "cuda", "cuda_fp16"}),
          [](Target & t) -> auto& { return t.config->inference.backend; }),
      bind(
          row("threads", Type::integer, "Threads of a network on the CPU; 0 leaves it to the library.").between(0, 256),
          [](Target & t) -> auto& { return t.config->inference.threads; }),
      bind(
          row("device", Type::integer, "Which CUDA device, where there are several.").between(0, 63),
          [](Target & t) -> auto& { return t.config->inference.device; }),
      bind(
          row("memory", Type::size, "What networks may take of a CUDA device's memory; 0: all there is.")
              .between(0, 1099511627776.0),
          [](Target & t) -> auto& { return t.config->inference.memory_bytes; }),
      bind(
          row("mirrors", Type::texts, "Folders on the web where `lynceus models pull` looks for networks first.")
              .such_as("[\"https://models.example.org/lynceus\"]")
              .otherwise("where the networks were published")
              .checked(check_web_url)
              .hidden(),
          [](Target & t) -> auto& { return t.config->model_mirrors; }),
  };
}

Row cameras_row() {
  Row out = row("cameras", Type::named, "The cameras by id: lower-case letters, digits, `-` and `_`, at most 63.");
  out.such_as("{door: {url: \"rtsp://192.0.2.7/stream1\"}}");
  out.rows = camera_table();
  out.name_problem = [](const std::string& id) -> std::string {
    return camera_id(id) ? "" : "no good camera id; accepted: a-z, 0-9, _ and -, at most 63, first a letter or digit";
  };
  out.enter = [](Target& parent, const std::string& id, const Node& node) {
    CameraDraft draft;
    draft.settings.id = draft.settings.name = id;
    draft.place = node.place;
    draft.has_source =
        node.kind == Node::Kind::scalar || node.kind == Node::Kind::sequence;  // said to be wrong already
    parent.cameras->push_back(std::move(draft));
    Target child = parent;
    child.camera = &parent.cameras->back();
    return child;
  };
  return out;
}

Row make_root() {
  std::vector<Row> rows;
  rows.push_back(bind(
      row("site", Type::text, "Name of this place in messages and topics; no `/`, `+`, `#`.")
          .between(0, 64)
          .such_as("office")
          .otherwise("the host's name"),
      [](Target & t) -> auto& { return t.config->site; }));
  rows.push_back(bind(
      row("timezone", Type::timezone, "For times of day.").such_as("Europe/Berlin").otherwise("the system's"),
      [](Target & t) -> auto& { return t.config->timezone; }));
  rows.push_back(section("server", "HTTP: page, API, metrics.", server_table()));
  rows.push_back(section("storage", "What is kept on disk.", storage_table()));
  rows.push_back(alarms_row());
  rows.push_back(notify_row());
  rows.push_back(section("inference", "How networks are run.", inference_table()));
  rows.push_back(section("defaults", "What cameras share; a camera overrides it key by key.", camera_table()));
  rows.back().shared = true;
  rows.push_back(cameras_row());
  return section("", "", std::move(rows));
}

}  // namespace

Row section(std::string key, std::string help, std::vector<Row> rows) {
  Row out = row(std::move(key), Type::section, std::move(help));
  out.rows = std::move(rows);
  return out;
}

const std::vector<Row>& server_table() {
  static const std::vector<Row> rows{
      bind(
          row("address", Type::address, "Where to listen. Anything but loopback needs tokens or `auth: none`."),
          [](Target & t) -> auto& { return t.config->server.address; }),
      bind(
          row("port", Type::integer, "0: any free port, told in the log.").between(0, 65535),
          [](Target & t) -> auto& { return t.config->server.port; }),
      bind(
          row("auth", Type::choice, "`none` opens everything to whoever reaches the port.").from({"tokens", "none"}),
          [](Target & t) -> auto& { return t.config->server.auth; }),
      bind(
          row("metrics_auth", Type::choice, "`none` opens /metrics alone.").from({"tokens", "none"}),
          [](Target & t) -> auto& { return t.config->server.metrics_auth; }),
      bind(
          row("hosts", Type::texts, "Host names the page is reached by, besides loopback.")
              .such_as("[cameras.example.org]"),
          [](Target & t) -> auto& { return t.config->server.hosts; }),
      bind(
          row("tls_certificate", Type::file, "PEM file; with `tls_key`, HTTPS.")
              .such_as("/etc/lynceus/tls.pem")
              .otherwise("plain HTTP"),
          [](Target & t) -> auto& { return t.config->server.tls_certificate; }),
      bind(
          row("tls_key", Type::file, "PEM file of the certificate's key.")
              .such_as("/etc/lynceus/tls.key")
              .otherwise("plain HTTP"),
          [](Target & t) -> auto& { return t.config->server.tls_key; }),
      bind(
          row("plugin_dir", Type::file, "Folder of the plugins.")
              .such_as("/usr/lib/lynceus/plugins")
              .otherwise("the one installed with the program"),
          [](Target & t) -> auto& { return t.config->server.plugin_dir; }),
      bind(
          row("models_dir", Type::file, "Folder of the networks, searched before the one installed with the program.")
              .such_as("/usr/share/lynceus/models")
              .otherwise("the one installed with the program"),
          [](Target & t) -> auto& { return t.config->server.models_dir; }),
      bind(
          row("threads", Type::integer, "Threads of the server.").between(1, 64),
          [](Target & t) -> auto& { return t.config->server.threads; }),
  };
  return rows;
}

const Row& root_table() {
  static const Row root = make_root();
  return root;
}

Defaults::Defaults() : target_{&config_, &camera_, &zone_, &line_, &arm_, &cameras_, &rule_, &sink_} {}

bool camera_id(const std::string& id) {
  const auto word = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  if (id.empty() || id.size() > 63 || !word(id[0])) return false;
  return std::all_of(id.begin(), id.end(), [&](char c) { return word(c) || c == '_' || c == '-'; });
}

}  // namespace lynceus::config
