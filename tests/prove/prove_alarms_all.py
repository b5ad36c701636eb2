"""The demo raises an alarm of each kind that its plugins know within a minute, and its receiver verifies the deliveries."""
import contextlib
import http.client
import re
import subprocess
import time

from house import BIN, Metrics, say

FOR_S = 70
LIMIT_S = 60
# Of a camera, but of no plugin: the demo makes no analyzer hang and sends no codec that nobody knows.
NOT_SHOWN = {"analyzer_stuck", "analyzer_disabled", "too_many_conditions", "camera_unsupported"}
KIND = re.compile(r'kind="([^"]+)"')


def metrics_of(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    with contextlib.closing(connection):
        connection.request("GET", "/metrics")
        return Metrics(connection.getresponse().read().decode())


def kinds(page):
    """Every kind a camera of the demo may raise, with how often it did."""
    found = {}
    for family, labels, value in page.rows:
        if family == "lynceus_alarms_total" and 'camera=""' not in labels:
            kind = KIND.search(labels)[1]
            found[kind] = found.get(kind, 0) + float(value)
    return {kind: count for kind, count in found.items() if kind not in NOT_SHOWN}


def run(verdicts):
    demo = subprocess.Popen([BIN / "lynceus", "demo", "--port", "0", "--for", f"{FOR_S}s"], text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        port = int(next(line for line in demo.stdout if line.startswith("page: ")).rsplit(":", 1)[1])
        began, when = time.monotonic(), {}
        while time.monotonic() - began < LIMIT_S:
            page = kinds(metrics_of(port))
            for kind, count in page.items():
                if count:
                    when.setdefault(kind, time.monotonic() - began)
            time.sleep(0.5)
        rest = demo.stdout.read()
        status = demo.wait(30)
    finally:
        if demo.poll() is None:
            demo.terminate()
            demo.wait(30)
    for kind in sorted(page):
        say(f"      {kind}: " + (f"{when[kind]:.0f} s" if kind in when else "not raised"))
    verified, refused = map(int, re.search(r"deliveries: (\d+) verified, (\d+) refused", rest).groups())
    verdicts.at_least(f"kinds raised within {LIMIT_S} s, of {len(page)}", len(when), len(page))
    verdicts.at_least("kinds told to the receiver and verified", len(set(re.findall(r"raised: (\w+)", rest))), len(when))
    verdicts.at_least("deliveries verified", verified, len(when))
    verdicts.at_most("deliveries whose signature is wrong", refused, 0)
    verdicts.at_most("exit status of the demo: every camera streamed", status, 0)
