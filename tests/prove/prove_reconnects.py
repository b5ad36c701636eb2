"""Memory over 20 reconnects a camera, 8 cameras, and over ten minutes of quiet streaming."""
import os
import time

from house import Daemon, Simulator, progress, running, say, watch

CAMERAS = 8
RECONNECTS = 20
QUIET_S = int(os.environ.get("LYNCEUS_QUIET_S", "600"))
HEAP = "lynceus_heap_in_use_bytes"
RECONNECTED = "lynceus_camera_reconnects_total"


def reconnect_all(simulator, daemon):
    for i in range(CAMERAS):
        simulator.fault(f"c{i}", "drop", 0.5)
    watch(60, 0.2, lambda: daemon.metrics().total("lynceus_camera_up") < CAMERAS)
    if watch(90, 0.5, lambda: daemon.metrics().total("lynceus_camera_up") == CAMERAS) is None:
        raise RuntimeError("the cameras did not come back")


def heap_kib(daemon):
    """The least of ten readings: frames in flight come and go."""
    readings = []
    for _ in range(10):
        readings.append(daemon.metrics().total(HEAP) / 1024)
        time.sleep(0.3)
    return min(readings)


def run(verdicts):
    cameras = {f"c{i}": "scene:still,fps=10,size=640x480" for i in range(CAMERAS)}
    # The ring holds more or less of a group of pictures as it comes: megabytes that say nothing of what is kept for good.
    without_ring = "defaults: {privacy: no_evidence}"
    with running(Simulator(cameras)) as simulator, running(Daemon(simulator.urls, without_ring)) as daemon:
        daemon.wait_up(CAMERAS)
        for _ in range(3):  # libraries fill their caches on the first rounds
            reconnect_all(simulator, daemon)
        time.sleep(12)
        before, seen = heap_kib(daemon), daemon.metrics().total(RECONNECTED)
        for i in range(RECONNECTS):
            reconnect_all(simulator, daemon)
            progress(f"round {i + 1} of {RECONNECTS}: {heap_kib(daemon):.0f} KiB")
        time.sleep(12)
        after, now = heap_kib(daemon), daemon.metrics().total(RECONNECTED)
        say(f"      heap in use {before:.0f} KiB before, {after:.0f} KiB after")
        verdicts.at_least("reconnects counted a camera", (now - seen) / CAMERAS, RECONNECTS)
        verdicts.at_most(f"heap in use after {RECONNECTS} reconnects a camera, more by", after - before, 256, "KiB")

        resident = []
        end = time.monotonic() + QUIET_S
        while time.monotonic() < end:
            resident.append(daemon.resident_kib() / 1024)
            time.sleep(2)
        verdicts.at_most(f"RSS max - min over {QUIET_S} s of {CAMERAS} cameras", max(resident) - min(resident), 4, "MiB")
