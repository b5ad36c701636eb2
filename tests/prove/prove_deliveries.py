"""A receiver that hangs, a broker that is silent and a host nobody knows: the other sinks do not feel them."""
import contextlib
import datetime
import json
import os
import socket
import threading
import time

from alarms import RAISER
from house import Daemon, running, say
from receiver import Receiver

RATE = 20
SECONDS = int(os.environ.get("LYNCEUS_PROVE_S", "60"))


class Hanging:
    """Takes connections and never says a word."""

    def __init__(self):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.held = []
        threading.Thread(target=self.take, daemon=True).start()

    def take(self):
        with contextlib.suppress(OSError):
            while True:
                self.held.append(self.socket.accept()[0])

    def stop(self):
        self.socket.close()
        for one in self.held:
            one.close()


def notify(sinks):
    return "notify: {sinks: " + json.dumps(sinks) + "}"


def daemon_with(sinks):
    defaults = f"defaults: {{analyzers: {{raiser: {{when: every_frame, rate: {RATE}}}}}}}"
    server = f"server: {{port: 0, auth: none, plugin_dir: \"{RAISER}\"}}"
    return Daemon({"c0": "sim://sky?fps=10&size=160x120"},
                  "\n".join(["alarms: {off_delay: 0s, flap_count: 0}", notify(sinks), defaults]), server=server)


def age_of(event):
    sent = datetime.datetime.fromisoformat(event["time"].replace("Z", "+00:00"))
    return (datetime.datetime.now(datetime.timezone.utc) - sent).total_seconds()


def ages(sinks):
    """How old events are when the good receiver has them: the 95th and 99th of a hundred, and what was not in order."""
    receiver = Receiver()
    found, seen, lock = [], 0, threading.Lock()
    stop = threading.Event()

    def look():
        nonlocal seen
        while not stop.wait(0.005):
            with receiver.lock:
                fresh = [receiver.bodies[name] for name in receiver.taken[seen:]]
            seen += len(fresh)
            with lock:
                found.extend(age_of(event) for event in fresh)

    with running(receiver), running(daemon_with({**sinks, "good": {"url": receiver.url()}})) as daemon:
        watcher = threading.Thread(target=look, daemon=True)
        watcher.start()
        daemon.wait_up(1)
        time.sleep(10)
        before = daemon.resident_kib()
        with lock:
            found.clear()
        time.sleep(SECONDS)
        grown = (daemon.resident_kib() - before) / 1024
        pending = daemon.metrics().total("lynceus_deliveries_pending", 'sink="good"')
        stop.set()
        watcher.join()
        with lock:
            figures = sorted(found)
        at = lambda share: figures[min(len(figures) - 1, int(share * len(figures)))]  # noqa: E731
        return {"count": len(figures), "p95": at(0.95), "p99": at(0.99), "pending": pending, "grown": grown,
                "disordered": receiver.disordered()}


def run(verdicts):
    alone = ages({})
    say(f"      alone: {alone['count']} deliveries, p95 {alone['p95'] * 1000:.0f} ms, p99 {alone['p99'] * 1000:.0f} ms")
    hanging = Hanging()
    with running(hanging):
        beside = ages({
            "hanging": {"url": f"http://127.0.0.1:{hanging.port}/hook", "timeout": "5s"},
            "hanging-tls": {"url": f"https://127.0.0.1:{hanging.port}/hook", "timeout": "5s"},
            "silent-broker": {"type": "mqtt", "host": "127.0.0.1", "port": hanging.port, "timeout": "5s"},
            "unknown-host": {"url": "http://no-such-host.invalid/hook", "timeout": "5s"},
        })
    say(f"      beside four that hang: {beside['count']} deliveries, p95 {beside['p95'] * 1000:.0f} ms, "
        f"p99 {beside['p99'] * 1000:.0f} ms")
    verdicts.at_least("delivered beside them, of what was delivered alone", beside["count"] / alone["count"], 0.95)
    verdicts.at_most("95th of a hundred arrive later by", (beside["p95"] - alone["p95"]) * 1000, 100, "ms")
    verdicts.at_most("owed to the good one at the end", beside["pending"], 2 * RATE)
    verdicts.at_most("out of order", beside["disordered"], 0)
    verdicts.at_most(f"resident memory grown in {SECONDS} s", beside["grown"], 16, "MiB")
