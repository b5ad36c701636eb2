"""10,000 alarms a minute for five minutes: none lost, all delivered, the API answers, the database stays bounded."""
import threading
import time

from alarms import all_alarms, get, raising
from house import running, say, watch
from receiver import Receiver

CAMERAS, RATE, SECONDS = 8, 21.0, 300
BYTES_AN_ALARM, LOG_BYTES = 2 * 1024, 16 << 20  # with indices; what is owed is gone when delivered


class Clock(threading.Thread):
    """Asks for a path ten times a second and remembers how long it took."""

    def __init__(self, daemon, path):
        super().__init__(daemon=True)
        self.target_daemon, self.path, self.times, self.ending = daemon, path, [], threading.Event()

    def run(self):
        while not self.ending.wait(0.1):
            begun = time.monotonic()
            get(self.target_daemon, self.path)
            self.times.append((time.monotonic() - begun) * 1000)

    def p99(self):
        return sorted(self.times)[int(len(self.times) * 0.99)]


def gaps(alarms):
    """How many numbers are missing between the first and the last alarm of each camera."""
    numbers = {}
    for alarm in alarms:
        if alarm["kind"] == "raised":
            numbers.setdefault(alarm["camera"], set()).add(int(alarm["zone"]))
    return sum(max(n) - min(n) + 1 - len(n) for n in numbers.values()), sum(len(n) for n in numbers.values())


def run(verdicts):
    receiver = Receiver()
    with running(receiver), running(raising(CAMERAS, RATE, receiver.url())) as daemon:
        daemon.wait_up(CAMERAS)
        clocks = [Clock(daemon, "/api/v1/alarms?limit=100"), Clock(daemon, "/api/v1/version")]
        for clock in clocks:
            clock.start()
        time.sleep(SECONDS)
        for clock in clocks:
            clock.ending.set()
        alarms = all_alarms(daemon)
        lost, raised = gaps(alarms)
        verdicts.at_least("alarms raised a minute", raised / SECONDS * 60, 10_000)
        verdicts.at_most("alarms missing between first and last", lost, 0)
        say(f"      p99 of an answer that touches no alarm, for comparison: {clocks[1].p99():.1f} ms")
        verdicts.at_most("API p99, a page of 100 alarms", clocks[0].p99(), 50, "ms")
        stored = daemon.metrics().total("lynceus_storage_bytes", 'kind="db"')
        verdicts.at_most("database", stored / 2**20, (raised * BYTES_AN_ALARM + LOG_BYTES) / 2**20, "MiB")
        owed = sum(alarm["revision"] for alarm in alarms)
        say(f"      delivered when the time was up: {receiver.count()} of {owed} changes")
        ids = [alarm["id"] for alarm in alarms]
        took = watch(600, 1, lambda: all(f"{i}.1" in receiver.bodies for i in ids))
        verdicts.at_most("the last raise delivered after", 999 if took is None else took, 120, "s")
        verdicts.at_most("deliveries out of order", receiver.disordered(), 0)
