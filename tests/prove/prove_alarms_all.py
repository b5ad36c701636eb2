"""The demo raises an alarm of each kind that its plugins know within a minute, and its receiver verifies the deliveries;
context's kinds, which say why there is no enhanced view, are raised on streams of their own."""
import contextlib
import http.client
import pathlib
import re
import subprocess
import tempfile
import time

from house import BIN, Daemon, Metrics, Simulator, running, say, watch

FOR_S = 70
LIMIT_S = 60
# Of a camera, but of no plugin: the demo makes no analyzer hang and sends no codec that nobody knows.
# pipe_drift compares the last hour with the last days; unit_pipes drives the plugin through that in virtual time.
NOT_SHOWN = {"analyzer_stuck", "analyzer_disabled", "too_many_conditions", "camera_unsupported", "pipe_drift"}
CONTEXT = {"light_changed", "misaligned", "no_day_picture", "size_mismatch"}
CAR_PARK = "scene:carpark,fps=10,size=640x480"
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


def picture_of(url, folder):
    """What a camera shows right now, as a file."""
    subprocess.run([BIN / "lynceus", "analyze", "health", "--limit", "1", "--out", folder, url], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return next(pathlib.Path(folder).glob("*.png"))


def context_kinds():
    """A camera that is pushed, one whose light goes out, one without its day picture, one with another's: {kind: seconds}."""
    simulated = {"pushed": f"{CAR_PARK},fault=move@20+30/70", "dusk": f"{CAR_PARK},fault=black@20+20/70",
                 "wide": "scene:room,fps=10,size=640x360"}
    with tempfile.TemporaryDirectory(prefix="lynceus-prove-") as name, running(Simulator(simulated)) as simulator:
        day, wide = (picture_of(simulator.urls[camera], f"{name}/{camera}") for camera in ("pushed", "wide"))
        days = {"pushed": day, "dusk": day, "lost": f"{name}/nothing.png", "narrow": wide}
        urls = {camera: simulator.urls.get(camera, simulator.urls["pushed"]) for camera in days}
        cameras = {camera: f'{{url: "{urls[camera]}", transport: tcp, '
                           f'analyzers: {{context: {{day: "{days[camera]}", always: true}}}}}}' for camera in days}
        with running(Daemon(cameras)) as daemon:
            when, began = {}, time.monotonic()

            def all_raised():
                for kind, count in kinds(daemon.metrics()).items():
                    if count and kind in CONTEXT:
                        when.setdefault(kind, time.monotonic() - began)
                return len(when) == len(CONTEXT)

            watch(LIMIT_S, 0.5, all_raised)
            return when


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
    page = {kind: count for kind, count in page.items() if kind not in CONTEXT}
    when = {kind: seconds for kind, seconds in when.items() if kind not in CONTEXT}
    for kind in sorted(page):
        say(f"      {kind}: " + (f"{when[kind]:.0f} s" if kind in when else "not raised"))
    verified, refused = map(int, re.search(r"deliveries: (\d+) verified, (\d+) refused", rest).groups())
    verdicts.at_least(f"kinds raised within {LIMIT_S} s, of {len(page)}", len(when), len(page))
    verdicts.at_least("kinds told to the receiver and verified", len(set(re.findall(r"raised: (\w+)", rest))), len(when))
    verdicts.at_least("deliveries verified", verified, len(when))
    verdicts.at_most("deliveries whose signature is wrong", refused, 0)
    verdicts.at_most("exit status of the demo: every camera streamed", status, 0)
    seen = context_kinds()
    for kind in sorted(CONTEXT):
        say(f"      {kind}: " + (f"{seen[kind]:.0f} s" if kind in seen else "not raised"))
    verdicts.at_least(f"kinds of context raised within {LIMIT_S} s, of {len(CONTEXT)}", len(seen), len(CONTEXT))
