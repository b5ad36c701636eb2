"""The API under `wrk -t1 -c64` at nice 10 while 4 cameras are analysed: requests a second, and what it costs the cameras."""
import re
import shutil
import subprocess
import time

from house import Daemon, Simulator, progress, running, say

CAMERAS = {f"cam{i}": "scene:lobby,fps=10,size=1280x720" for i in range(4)}
SECONDS = 20


def analyzed(daemon):
    return daemon.metrics().total("lynceus_camera_frames_analyzed_total"), time.monotonic()


def rate_over(daemon, work):
    before, start = analyzed(daemon)
    result = work()
    after, end = analyzed(daemon)
    return (after - before) / (end - start), result


def wrk(port, path):
    out = subprocess.run(["nice", "-n", "10", "wrk", "-t1", "-c64", f"-d{SECONDS}s", "--latency", f"http://127.0.0.1:{port}{path}"],
                         check=True, capture_output=True, text=True).stdout
    progress(out)
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", out)
    errors = re.search(r"Socket errors: (.*)", out)
    return float(re.search(r"Requests/sec:\s+([\d.]+)", out)[1]), int(bad[1]) if bad else 0, errors[1] if errors else ""


def run(verdicts):
    if not shutil.which("wrk"):
        raise SystemExit("prove: api_load needs wrk (package wrk)")
    with running(Simulator(CAMERAS)) as simulator, running(Daemon(simulator.urls)) as daemon:
        daemon.wait_up(len(CAMERAS))
        time.sleep(5)
        rounds = []
        for number in range(3):
            alone, _ = rate_over(daemon, lambda: time.sleep(SECONDS))
            loaded, (requests, bad, errors) = rate_over(daemon, lambda: wrk(daemon.port, "/api/v1/cameras"))
            say(f"      {requests:.0f} requests/s; {alone:.1f} frames/s alone, {loaded:.1f} under load {errors}".rstrip())
            rounds.append((requests, loaded / alone, bad))
        middle = sorted(rounds)[1]
        verdicts.at_least("requests to /api/v1/cameras (median of 3)", middle[0], 5000, "1/s")
        verdicts.at_least("frames analysed under load / alone (median of 3)", sorted(r[1] for r in rounds)[1], 0.98)
        verdicts.at_most("answers that were no 200", sum(r[2] for r in rounds), 0)
