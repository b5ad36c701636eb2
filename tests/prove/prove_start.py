"""From the start of the daemon to a frame of each of 8 cameras that are up."""
import time

from house import Daemon, Simulator, running, say, watch

CAMERAS = 8
ROUNDS = 5
LIMIT_S = 3.0
RECEIVED, ANALYZED = "lynceus_camera_frames_received_total", "lynceus_camera_frames_analyzed_total"


def seconds_to_frames(urls):
    began = time.monotonic()
    with running(Daemon(urls)) as daemon:
        taken = {}
        for family in (RECEIVED, ANALYZED):
            def all_there():
                page = daemon.metrics()
                return all(page.of_camera(family, name) >= 1 for name in urls)
            if watch(30, 0.02, all_there) is None:
                raise RuntimeError("not every camera came")
            taken[family] = time.monotonic() - began
        return taken


def run(verdicts):
    cameras = {f"c{i}": "scene:still,fps=10,size=1280x720" for i in range(CAMERAS)}
    with running(Simulator(cameras)) as simulator:
        rounds = [seconds_to_frames(simulator.urls) for _ in range(ROUNDS)]
    say("      " + ", ".join(f"{taken[RECEIVED]:.2f} s" for taken in rounds))
    verdicts.at_most(f"start to a frame of each of {CAMERAS} cameras, slowest of {ROUNDS}",
                     max(taken[RECEIVED] for taken in rounds), LIMIT_S, "s")
    verdicts.at_most("the same, to a frame analysed", max(taken[ANALYZED] for taken in rounds), LIMIT_S, "s")
