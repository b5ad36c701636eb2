// Cameras, URLs, substitutions that are wrong, and the exact words for them.
#include "tests/support/catch.h"
#include "tests/unit/config/bad_rows.h"

namespace lynceus::test {
namespace {

const std::string kCamera = "cameras:\n  a:\n    url: sim://card\n";

const std::vector<BadRow>& rows() {
  static const std::vector<BadRow> all{
      {"cameras as a list", "cameras: [{url: sim://card}]\n", "1:10: cameras: is a list; accepted: a map"},
      {"a camera that is a text", "cameras: {a: sim://card}\n", "1:14: cameras.a: is a single value; accepted: a map"},
      {"camera id", "cameras: {Door: {url: sim://card}}\n",
       "1:11: cameras.Door: no good camera id; accepted: a-z, 0-9, _ and -, at most 63, first a letter or digit"},
      {"camera without url", "cameras: {a: {name: x}}\n",
       "1:14: cameras.a: the key 'url' is missing; accepted: a URL, or streams with 'detect'"},
      {"an empty camera", "cameras:\n  a:\n",
       "2:3: cameras.a: the key 'url' is missing; accepted: a URL, or streams with 'detect'"},
      {"url and streams", "cameras: {a: {url: sim://card, streams: {detect: sim://card}}}\n",
       "1:15: cameras.a.url: stands beside 'streams'; accepted: one of the two"},
      {"evidence alone", "cameras: {a: {streams: {evidence: sim://card}}}\n",
       "1:14: cameras.a: the key 'url' is missing; accepted: a URL, or streams with 'detect'"},
      {"yes is no truth value", kCamera + "    enabled: yes\n",
       "4:14: cameras.a.enabled: 'yes' is no truth value; accepted: true or false"},
      {"on is no truth value", kCamera + "    enabled: on\n",
       "4:14: cameras.a.enabled: 'on' is no truth value; accepted: true or false"},
      {"quoted true", kCamera + "    enabled: \"true\"\n",
       "4:14: cameras.a.enabled: 'true' is no truth value; accepted: true or false"},
      {"not a number", kCamera + "    fps: .nan\n",
       "4:10: cameras.a.fps: '.nan' is no number; accepted: a number from 0 to 240"},
      {"infinite", kCamera + "    fps: .inf\n",
       "4:10: cameras.a.fps: '.inf' is no number; accepted: a number from 0 to 240"},
      {"inf in C's spelling", kCamera + "    fps: inf\n",
       "4:10: cameras.a.fps: 'inf' is no number; accepted: a number from 0 to 240"},
      {"sexagesimal", kCamera + "    fps: 1:30\n",
       "4:10: cameras.a.fps: '1:30' is no number; accepted: a number from 0 to 240"},
      {"fps too high", kCamera + "    fps: 1e9\n",
       "4:10: cameras.a.fps: '1e9' is out of range; accepted: a number from 0 to 240"},
      {"latency", kCamera + "    latency_ms: 200ms\n",
       "4:17: cameras.a.latency_ms: '200ms' is no whole number; accepted: a whole number from 0 to 10000"},
      {"duration without unit", kCamera + "    frozen_after: 60\n",
       "4:19: cameras.a.frozen_after: '60' is no duration; accepted: a duration such as 500ms, 2s, 1m, 1h from 1s to "
       "24h"},
      {"duration too short", kCamera + "    frozen_after: 10ms\n",
       "4:19: cameras.a.frozen_after: '10ms' is out of range; accepted: a duration such as 500ms, 2s, 1m, 1h from 1s "
       "to 24h"},
      {"kind", kCamera + "    kind: termal\n", "4:11: cameras.a.kind: unknown value 'termal'; did you mean 'thermal'?"},
      {"name too long", kCamera + "    name: " + std::string(101, 'x') + "\n",
       "4:11: cameras.a.name: is too long; accepted: a text that is not empty, at most 100 characters"},
      {"empty name", kCamera + "    name: \"\"\n",
       "4:11: cameras.a.name: is empty; accepted: a text that is not empty, at most 100 characters"},
      {"unknown scheme", "cameras: {a: {url: rtps://h/s}}\n",
       "1:20: cameras.a.url: unknown scheme 'rtps'; did you mean 'rtsp'?"},
      {"unknown scheme, nothing near", "cameras: {a: {url: gopher://h/s}}\n",
       "1:20: cameras.a.url: unknown scheme 'gopher'; accepted: rtsp, rtsps, http, https, file, v4l2, sim"},
      {"no slashes", "cameras: {a: {url: \"rtsp:h/s\"}}\n",
       "1:20: cameras.a.url: the '//' behind the scheme is missing"},
      {"no host", "cameras: {a: {url: rtsp:///s}}\n",
       "1:20: cameras.a.url: the host is missing; accepted: rtsp://HOST/PATH and the like"},
      {"no host behind the user", "cameras: {a: {url: \"rtsp://u:p@:554/s\"}}\n",
       "1:20: cameras.a.url: the host is missing; accepted: rtsp://HOST/PATH and the like"},
      {"port", "cameras: {a: {url: \"rtsp://h:70000/s\"}}\n",
       "1:20: cameras.a.url: the port is no number from 1 to 65535 (a '/', '?', '#' or '@' in a password is written "
       "%2F, %3F, %23, %40)"},
      {"blank", "cameras: {a: {url: \"rtsp://h/a b\"}}\n",
       "1:20: cameras.a.url: a blank or a control character; accepted: %20"},
      {"IPv6", "cameras: {a: {url: \"rtsp://[::1/s\"}}\n",
       "1:20: cameras.a.url: the ']' of the IPv6 address is missing"},
      {"v4l2", "cameras: {a: {url: v4l2://video0}}\n", "1:20: cameras.a.url: accepted: v4l2:///dev/videoN"},
      {"file", "cameras: {a: {url: file://x.mp4}}\n", "1:20: cameras.a.url: accepted: file:///PATH"},
      {"scene", "cameras: {a: {url: \"sim://\"}}\n",
       "1:20: cameras.a.url: the scene is missing; accepted: sim://SCENE"},
      {"empty url", "cameras: {a: {url: \"\"}}\n", "1:20: cameras.a.url: is empty; accepted: a URL or a path"},
      {"no such variable", "site: ${env:LYNCEUS_NO_SUCH}\n",
       "1:7: site: '${env:LYNCEUS_NO_SUCH}': the environment has no 'LYNCEUS_NO_SUCH'"},
      {"no such file", "site: ${file:no-such-file}\n",
       "1:7: site: '${file:no-such-file}': cannot be read: No such file or directory"},
      {"no credentials", "site: ${credential:x}\n", "1:7: site: '${credential:x}': CREDENTIALS_DIRECTORY is not set"},
      {"credential with a slash", "site: ${credential:../x}\n",
       "1:7: site: '${credential:../x}': a credential's name holds no '/'"},
      {"bare name", "site: ${HOME}\n",
       "1:7: site: '${HOME}': no such substitution; accepted: ${env:NAME}, ${file:PATH}, ${credential:NAME}"},
      {"unknown kind", "site: ${vault:x}\n",
       "1:7: site: '${vault:x}': no such substitution; accepted: ${env:NAME}, ${file:PATH}, ${credential:NAME}"},
      {"open brace", "site: ${env:HOME\n",
       "1:7: site: '${env:HOME}': the '}' is missing; accepted: ${env:NAME}, ${file:PATH}, ${credential:NAME}"},
  };
  return all;
}

TEST_CASE("bad configurations: cameras, URLs, substitutions") { check_rows(rows()); }

}  // namespace
}  // namespace lynceus::test
