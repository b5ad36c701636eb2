"""Memory over 20 reconnects a camera, 8 cameras, and over ten minutes of quiet streaming.

Two daemons run side by side: the cameras of one are dropped again and again, those of the other never. The growth of the
other (histories that fill with time, not with reconnects) is taken off, so the figure is what reconnects cost; both are
printed. Before and after are medians over five rounds each, since what is on its way at once differs with the moments at
which eight cameras happened to come back: some 200 KiB from round to round. privacy is no_evidence: the evidence ring
holds more or less of a group of pictures as it comes, megabytes that say nothing of what is kept for good. The C library's
per-thread caches are off, since mallinfo2 counts what lies free in them as in use. LYNCEUS_QUIET_S: the quiet part's length.
"""
import os
import statistics
import time

from house import Daemon, Simulator, progress, running, say, watch

CAMERAS = 8
RECONNECTS = 20
ROUNDS_A_MEDIAN = 5
QUIET_S = int(os.environ.get("LYNCEUS_QUIET_S", "600"))
HELD_S = 11  # a connection that lived so long is tried anew at once when it is lost
HEAP = "lynceus_heap_in_use_bytes"
RECONNECTED = "lynceus_camera_reconnects_total"


def reconnect_all(simulator, daemon):
    for i in range(CAMERAS):
        simulator.fault(f"c{i}", "drop", 0.5)
    watch(60, 0.2, lambda: daemon.metrics().total("lynceus_camera_up") < CAMERAS)
    if watch(90, 0.5, lambda: daemon.metrics().total("lynceus_camera_up") == CAMERAS) is None:
        raise RuntimeError("the cameras did not come back")


def heap_kib(daemons, seconds):
    """Of each, the least of many readings with all cameras up: frames in flight come and go, 450 KiB each."""
    least = [float("inf")] * len(daemons)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for i, metrics in enumerate([daemon.metrics() for daemon in daemons]):
            if metrics.total("lynceus_camera_up") == CAMERAS:
                least[i] = min(least[i], metrics.total(HEAP) / 1024)
        time.sleep(0.07)
    return least


def without_thread_caches(folder):
    return ["env", "GLIBC_TUNABLES=glibc.malloc.tcache_count=0"]


def run(verdicts):
    cameras = {f"{group}{i}": "scene:still,fps=10,size=640x480" for group in "ck" for i in range(CAMERAS)}
    with running(Simulator(cameras)) as simulator:
        def daemon_of(group):
            urls = {name: url for name, url in simulator.urls.items() if name.startswith(group)}
            return running(Daemon(urls, "defaults: {privacy: no_evidence}", before=without_thread_caches))

        with daemon_of("c") as daemon, daemon_of("k") as control:
            daemon.wait_up(CAMERAS)
            control.wait_up(CAMERAS)
            over_reconnects(verdicts, simulator, daemon, control)
            over_quiet(verdicts, daemon)


def over_reconnects(verdicts, simulator, daemon, control):
    rounds, counted = [], []
    for i in range(-3, RECONNECTS + ROUNDS_A_MEDIAN):  # libraries fill their caches on the first three
        reconnect_all(simulator, daemon)
        counted.append(daemon.metrics().total(RECONNECTED))
        heap = heap_kib((daemon, control), HELD_S)
        progress(f"round {i + 1}: {heap[0]:.0f} KiB, without reconnects {heap[1]:.0f} KiB")
        if i >= 0:
            rounds.append(heap)
    before, after = medians(rounds[:ROUNDS_A_MEDIAN]), medians(rounds[-ROUNDS_A_MEDIAN:])
    grown, aged = after[0] - before[0], after[1] - before[1]
    say(f"      heap in use {before[0]:.0f} KiB before, {after[0]:.0f} KiB after; without reconnects "
        f"{before[1]:.0f} and {after[1]:.0f} KiB")
    verdicts.at_least("reconnects counted a camera", (counted[-1] - counted[-1 - RECONNECTS]) / CAMERAS, RECONNECTS)
    verdicts.at_most(f"heap in use after {RECONNECTS} reconnects a camera, more than without by", grown - aged, 256, "KiB")
    verdicts.at_most("reconnects of the daemon beside it", control.metrics().total(RECONNECTED), 0)


def medians(rounds):
    return [statistics.median(of_one) for of_one in zip(*rounds)]


def over_quiet(verdicts, daemon):
    resident = []
    end = time.monotonic() + QUIET_S
    while time.monotonic() < end:
        resident.append(daemon.resident_kib() / 1024)
        time.sleep(2)
    verdicts.at_most(f"RSS max - min over {QUIET_S} s of {CAMERAS} cameras", max(resident) - min(resident), 4, "MiB")
