// Alarms, evidence and sinks that are wrong, and the exact words for them.
#include "tests/support/catch.h"
#include "tests/unit/config/bad_rows.h"

namespace lynceus::test {
namespace {

const std::string kKey = "; accepted: whsec_ and base64 of 24 to 64 bytes, such as whsec_$(openssl rand -base64 32)";

const std::vector<BadRow>& rows() {
  static const std::vector<BadRow> all{
      {"a key that is near", "alarms: {on_dealy: 2s}\n",
       "1:10: alarms.on_dealy: unknown key; did you mean 'on_delay'?"},
      {"a share beyond one", "alarms: {deadband: 5}\n",
       "1:20: alarms.deadband: '5' is out of range; accepted: a number from 0 to 1"},
      {"a delay without unit", "alarms: {off_delay: 5}\n",
       "1:21: alarms.off_delay: '5' is no duration; accepted: a duration such as 500ms, 2s, 1m, 1h from 0s to 24h"},
      {"a kind's name", "alarms: {kinds: {Dwell: {enabled: false}}}\n",
       "1:18: alarms.kinds.Dwell: no good kind; accepted: 1 to 64 of a-z, 0-9 and _"},
      {"a severity", "alarms: {kinds: {dwell: {severity: criticl}}}\n",
       "1:36: alarms.kinds.dwell.severity: unknown value 'criticl'; did you mean 'critical'?"},
      {"a ring too small", "storage: {evidence: {ring_bytes: 1KiB}}\n",
       "1:34: storage.evidence.ring_bytes: '1KiB' is out of range; accepted: bytes, or a size such as 64MiB, 2GiB, "
       "from 1MiB to 1GiB"},
      {"sinks as a list", "notify: {sinks: [{url: \"http://h/\"}]}\n",
       "1:17: notify.sinks: is a list; accepted: a map"},
      {"a sink's name", "notify: {sinks: {Ops: {url: \"http://h/\"}}}\n",
       "1:18: notify.sinks.Ops: no good name; accepted: a-z, 0-9, _ and -, at most 63, first a letter or digit"},
      {"a webhook without address", "notify: {sinks: {ops: {format: cloudevents}}}\n",
       "1:23: notify.sinks.ops: the key 'url' is missing; accepted: a URL (http or https), or 'type: mqtt'"},
      {"an empty sink", "notify: {sinks: {ops: }}\n",
       "1:18: notify.sinks.ops: the key 'url' is missing; accepted: a URL (http or https), or 'type: mqtt'"},
      {"a broker without host", "notify: {sinks: {ha: {type: mqtt}}}\n",
       "1:22: notify.sinks.ha: the key 'host' is missing; accepted: the broker's name"},
      {"a type", "notify: {sinks: {ops: {type: webhok, url: \"http://h/\"}}}\n",
       "1:30: notify.sinks.ops.type: unknown value 'webhok'; did you mean 'webhook'?"},
      {"a camera's URL", "notify: {sinks: {ops: {url: \"rtsp://u:verysecret@h/\"}}}\n",
       "1:29: notify.sinks.ops.url: is no web address; accepted: http://HOST/PATH or https://HOST/PATH"},
      {"no host", "notify: {sinks: {ops: {url: \"https:///verysecret\"}}}\n",
       "1:29: notify.sinks.ops.url: the host is missing; accepted: rtsp://HOST/PATH and the like"},
      {"a fragment", "notify: {sinks: {ops: {url: \"https://h/#verysecret\"}}}\n",
       "1:29: notify.sinks.ops.url: a '#'; accepted: a URL without a fragment"},
      {"a format", "notify: {sinks: {ops: {url: \"http://h/\", format: cloudevent}}}\n",
       "1:50: notify.sinks.ops.format: unknown value 'cloudevent'; did you mean 'cloudevents'?"},
      {"a key without whsec_", "notify: {sinks: {ops: {url: \"http://h/\", secrets: [verysecret]}}}\n",
       "1:52: notify.sinks.ops.secrets[0]: is no signing key" + kKey},
      {"a key that is no base64", "notify: {sinks: {ops: {url: \"http://h/\", secrets: [whsec_very-secret]}}}\n",
       "1:52: notify.sinks.ops.secrets[0]: is no signing key" + kKey},
      {"an empty key", "notify: {sinks: {ops: {url: \"http://h/\", secrets: [whsec_]}}}\n",
       "1:52: notify.sinks.ops.secrets[0]: is no signing key" + kKey},
      {"one key, no list", "notify: {sinks: {ops: {url: \"http://h/\", secrets: whsec_verysecret}}}\n",
       "1:51: notify.sinks.ops.secrets: is a single value; accepted: a list of texts"},
      {"a token with a blank", "notify: {sinks: {ops: {url: \"http://h/\", bearer: \"very secret\"}}}\n",
       "1:50: notify.sinks.ops.bearer: a blank, or a character that is not ASCII; accepted: a token"},
      {"a key of brokers", "notify: {sinks: {ops: {url: \"http://h/\", host: h}}}\n",
       "1:48: notify.sinks.ops.host: is for sinks of type mqtt; this one is of type webhook"},
      {"a key of webhooks", "notify: {sinks: {ha: {type: mqtt, host: h, group: 5s}}}\n",
       "1:51: notify.sinks.ha.group: is for sinks of type webhook; this one is of type mqtt"},
      {"a broker's URL", "notify: {sinks: {ha: {type: mqtt, host: \"mqtt://h\"}}}\n",
       "1:41: notify.sinks.ha.host: is no host; accepted: a name or an address, no URL"},
      {"a version", "notify: {sinks: {ha: {type: mqtt, host: h, version: 4}}}\n",
       "1:53: notify.sinks.ha.version: unknown value '4'; did you mean '5'?"},
      {"a wildcard", "notify: {sinks: {ha: {type: mqtt, host: h, prefix: \"a/#\"}}}\n",
       "1:52: notify.sinks.ha.prefix: is no topic; accepted: words parted by '/', without '+' and '#', not first '$'"},
      {"a password of nobody", "notify: {sinks: {ha: {type: mqtt, host: h, password: verysecret}}}\n",
       "1:54: notify.sinks.ha.password: a password without a 'user'"},
      {"authorities that are not there", "notify: {sinks: {ops: {url: \"https://h/\", ca_file: ca.pem}}}\n",
       "1:52: notify.sinks.ops.ca_file: there is no file '/nowhere/ca.pem'"},
      {"a rate", "notify: {sinks: {ops: {url: \"http://h/\", rate_per_s: -1}}}\n",
       "1:54: notify.sinks.ops.rate_per_s: '-1' is out of range; accepted: a number from 0 to 10000"},
  };
  return all;
}

TEST_CASE("bad configurations: alarms, evidence, sinks") { check_rows(rows()); }

}  // namespace
}  // namespace lynceus::test
