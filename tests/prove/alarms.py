"""What the proofs of alarms share: a daemon whose cameras raise alarms at a rate, and its API."""
import http.client
import json

from house import BIN, Daemon

RAISER = BIN.parent / "bench-plugins"


def raising(cameras, rate, sink, extra="", **keywords):
    """A daemon with so many cameras, each raising `rate` alarms a second that last a second."""
    hook = f"notify: {{sinks: {{prove: {{url: \"{sink}\"}}}}}}" if sink else ""
    defaults = f"defaults: {{analyzers: {{raiser: {{when: every_frame, rate: {rate}}}}}}}"
    settings = "alarms: {off_delay: 0s, flap_count: 0}"
    server = {"server": f"server: {{port: 0, auth: none, plugin_dir: \"{RAISER}\"}}"}
    urls = {f"c{i}": "sim://sky?fps=10&size=160x120" for i in range(cameras)}
    return Daemon(urls, "\n".join([settings, hook, defaults, extra]), **server, **keywords)


def get(daemon, path):
    connection = http.client.HTTPConnection("127.0.0.1", daemon.port, timeout=30)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status} {body[:200]}")
        return json.loads(body)
    finally:
        connection.close()


def all_alarms(daemon):
    cursor, alarms = "", []
    while True:
        page = get(daemon, f"/api/v1/alarms?limit=1000{'&cursor=' + cursor if cursor else ''}")
        alarms += page["alarms"]
        cursor = page["next"]
        if not cursor:
            return alarms
