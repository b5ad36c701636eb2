"""One of 8 cameras dead, frozen or sending garbage: the other 7 keep their rate, it comes back by itself."""
import time

from house import Daemon, Simulator, running, say, watch

CAMERAS = 8
FAULT_S = 45
FAULTS = ["drop", "stall", "freeze", "garbage", "auth", "codec", "resolution", "crash"]
RECEIVED = "lynceus_camera_frames_received_total"


def rate(daemon, camera, seconds):
    before, start = daemon.metrics().of_camera(RECEIVED, camera), time.monotonic()
    time.sleep(seconds)
    return (daemon.metrics().of_camera(RECEIVED, camera) - before) / (time.monotonic() - start)


def rates_of_others(daemon, seconds):
    names = [f"c{i}" for i in range(1, CAMERAS)]
    before, start = daemon.metrics(), time.monotonic()
    time.sleep(seconds)
    after, passed = daemon.metrics(), time.monotonic() - start
    return min((after.of_camera(RECEIVED, n) - before.of_camera(RECEIVED, n)) / passed for n in names)


def run(verdicts):
    cameras = {f"c{i}": "scene:still,fps=10,size=640x480" for i in range(CAMERAS)}
    with running(Simulator(cameras)) as simulator, running(Daemon(simulator.urls)) as daemon:
        daemon.wait_up(CAMERAS)
        usual = rates_of_others(daemon, 5)
        say(f"      usual rate of the slowest of the others: {usual:.2f} fps")
        for fault in FAULTS:
            began = time.monotonic()
            simulator.fault("c0", fault, FAULT_S)
            others = rates_of_others(daemon, FAULT_S - 1)
            time.sleep(max(0.0, began + FAULT_S - time.monotonic()))
            back = watch(60, 0.2, lambda: rate(daemon, "c0", 1.0) > 7)
            verdicts.at_least(f"{fault}: slowest of the other 7, share of its usual rate", others / usual, 0.97)
            verdicts.at_most(f"{fault}: back after the fault's end", 999 if back is None else back, 35, "s")
