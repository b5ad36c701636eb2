// YAML itself, top keys and values that are wrong, and the exact words for them.
#include "tests/support/catch.h"
#include "tests/unit/config/bad_rows.h"

namespace lynceus::test {
namespace {

const std::string kCamera = "cameras:\n  a:\n    url: sim://card\n";

const std::vector<BadRow>& rows() {
  static const std::vector<BadRow> all{
      {"list at the top", "- a\n- b\n", "1:1: is a list; accepted: a map"},
      {"text at the top", "hello", "1:1: is a single value; accepted: a map"},
      {"equal keys", "site: a\nsite: b\n", "2:1: the key 'site' stands here twice; first in line 1"},
      {"equal keys below", "server:\n  port: 1\n  threads: 2\n  port: 3\n",
       "4:3: server: the key 'port' stands here twice; first in line 2"},
      {"tag", "site: !!str a\n", "1:7: tags are not accepted: 'tag:yaml.org,2002:str'"},
      {"own tag", "server: !vault\n  port: 1\n", "1:9: tags are not accepted: '!vault'"},
      {"anchor", "site: &x a\n", "1:7: anchors and aliases are not accepted; what cameras share belongs in 'defaults'"},
      {"alias", "defaults: &d {fps: 5}\ncameras: {a: *d}\n",
       "1:11: anchors and aliases are not accepted; what cameras share belongs in 'defaults'"},
      {"merge key", "server: {<<: {port: 1}}\n",
       "1:10: server.<<: unknown key; accepted: address, port, auth, metrics_auth, hosts, tls_certificate, tls_key, "
       "plugin_dir, models_dir, threads"},
      {"second document", "site: a\n---\nsite: b\n",
       "2:1: a second document begins here; accepted: one document a file"},
      {"empty key", "server: {: 1}\n", "1:10: server: an empty key; keys are text"},
      {"a map as key", "? {a: b}\n: c\n", "1:3: a list or a map as a key; keys are text"},
      {"a key too long", std::string(200, 'k') + ": 1\n", "1:1: a key of more than 128 characters"},
      {"control character", "site: \"a\\x07b\"\n", "1:7: a control character in a text"},
      {"no UTF-8", "site: \"caf\xE9\"\n", "1:11: a byte that is no UTF-8; the file must be UTF-8 text"},
      {"unknown key", "sight: a\n",
       "1:1: sight: unknown key; accepted: site, timezone, server, storage, alarms, notify, inference, defaults, "
       "cameras"},
      {"unknown key, nothing near", "wibble: a\n",
       "1:1: wibble: unknown key; accepted: site, timezone, server, storage, alarms, notify, inference, defaults, "
       "cameras"},
      {"unknown key below", "server:\n  prot: 8080\n", "2:3: server.prot: unknown key; did you mean 'port'?"},
      {"unknown key of a camera", kCamera + "    frams: 3\n",
       "4:5: cameras.a.frams: unknown key; accepted: url, streams, name, kind, transport, latency_ms, verify_tls, "
       "decoder, fps, "
       "enabled, privacy, frozen_after, masks, analyzers, zones, lines, ground, arm"},
      {"unknown key of defaults", "defaults:\n  transprot: tcp\n",
       "2:3: defaults.transprot: unknown key; did you mean 'transport'?"},
      {"swapped letters", "sotrage: {}\n", "1:1: sotrage: unknown key; did you mean 'storage'?"},
      {"list for a section", "server: [1]\n", "1:9: server: is a list; accepted: a map"},
      {"text for a section", "server: yes\n", "1:9: server: is a single value; accepted: a map"},
      {"no value", "server:\n  port:\n", "2:3: server.port: has no value; accepted: a whole number from 0 to 65535"},
      {"text for a number", "server: {port: http}\n",
       "1:16: server.port: 'http' is no whole number; accepted: a whole number from 0 to 65535"},
      {"quoted number", "server: {port: \"8080\"}\n",
       "1:16: server.port: '8080' is no whole number; accepted: a whole number from 0 to 65535"},
      {"number out of range", "server: {port: 65536}\n",
       "1:16: server.port: '65536' is out of range; accepted: a whole number from 0 to 65535"},
      {"negative", "server: {port: -1}\n",
       "1:16: server.port: '-1' is out of range; accepted: a whole number from 0 to 65535"},
      {"fraction for a whole number", "server: {port: 80.5}\n",
       "1:16: server.port: '80.5' is no whole number; accepted: a whole number from 0 to 65535"},
      {"octal", "server: {port: 010}\n",
       "1:16: server.port: '010' is no whole number; accepted: a whole number from 0 to 65535"},
      {"underscores", "server: {port: 8_080}\n",
       "1:16: server.port: '8_080' is no whole number; accepted: a whole number from 0 to 65535"},
      {"too large for any number", "server: {port: 99999999999999999999}\n",
       "1:16: server.port: '99999999999999999999' is no whole number; accepted: a whole number from 0 to 65535"},
      {"map for a number", "server: {port: {a: 1}}\n",
       "1:16: server.port: is a map; accepted: a whole number from 0 to 65535"},
      {"choice", "server: {auth: tokns}\n", "1:16: server.auth: unknown value 'tokns'; did you mean 'tokens'?"},
      {"choice, nothing near", "server: {auth: password}\n",
       "1:16: server.auth: unknown value 'password'; accepted: tokens, none"},
      {"no address", "server: {address: localhost}\n",
       "1:19: server.address: 'localhost' is no IP address; accepted: an IPv4 or IPv6 address"},
      {"text for a list", "server: {hosts: a.example}\n",
       "1:17: server.hosts: is a single value; accepted: a list of texts"},
      {"empty text in a list", "server: {hosts: [a, \"\"]}\n",
       "1:21: server.hosts[1]: is empty; accepted: a text that is not empty, at most 253 characters"},
      {"certificate alone", "server: {tls_certificate: /dev/null}\n",
       "1:9: server: 'tls_certificate' and 'tls_key' belong together; accepted: both or none"},
      {"no such certificate", "server: {tls_certificate: c.pem, tls_key: k.pem}\n",
       "1:27: server.tls_certificate: there is no file '/nowhere/c.pem'\n"
       "1:43: server.tls_key: there is no file '/nowhere/k.pem'"},
      {"size", "storage: {max_bytes: 2 GB}\n",
       "1:22: storage.max_bytes: '2 GB' is no size; accepted: bytes, or a size such as 64MiB, 2GiB, from 1MiB to "
       "1024TiB"},
      {"size too small", "storage: {max_bytes: 4KiB}\n",
       "1:22: storage.max_bytes: '4KiB' is out of range; accepted: bytes, or a size such as 64MiB, 2GiB, from 1MiB to "
       "1024TiB"},
      {"site with a slash", "site: a/b\n", "1:7: site: a '/', '+' or '#'; accepted: a name without them"},
      {"time zone", "timezone: ../../etc/passwd\n",
       "1:11: timezone: '../../etc/passwd' is no time zone; accepted: a name such as Europe/Berlin; empty: the "
       "system's"},
      {"backend", "inference: {backend: coda}\n",
       "1:22: inference.backend: unknown value 'coda'; did you mean 'cuda'?"},
  };
  return all;
}

TEST_CASE("bad configurations: YAML itself, top keys and values") { check_rows(rows()); }

}  // namespace
}  // namespace lynceus::test
