"""Clips of B-frame H.264, a 10-s GOP, H.265 and MJPEG, and one that kill -9 cut off: each plays without an error."""
import contextlib
import http.client
import json
import shutil
import subprocess
import time

from house import BIN, Child, Daemon, Simulator, progress, running, say, watch

CAMERAS = {"bframes": ("bframes=2", 1), "long_gop": ("gop=10,loop=40", 10), "h265": ("codec=h265", 1), "mjpeg": ("codec=mjpeg", 0.1)}
BEFORE_S, AFTER_S = 5, 10
BLACK_S = 60
FPS = 10


def api(daemon, path):
    connection = http.client.HTTPConnection("127.0.0.1", daemon.port, timeout=10)
    with contextlib.closing(connection):
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.read() if answer.status == 200 else None


def first_alarm(daemon, camera):
    listed = json.loads(api(daemon, f"/api/v1/alarms?camera={camera}") or b'{"alarms":[]}')["alarms"]
    return listed[-1] if listed else None


def probe(path):
    """Seconds and pictures by ffprobe's account; None where it has something to complain of."""
    entries = "format=duration:stream=nb_read_packets"
    said = subprocess.run(["ffprobe", "-v", "error", "-count_packets", "-show_entries", entries, "-of", "json", path],
                          capture_output=True, text=True)
    if said.stderr or said.returncode:
        return None
    found = json.loads(said.stdout)
    return float(found["format"]["duration"]), int(found["streams"][0]["nb_read_packets"])


def judge(verdicts, name, path, least_s, most_s):
    found = probe(path)
    verdicts.at_most(f"{name}: complaints of ffprobe", 1 if found is None else 0, 0)
    length, pictures = found or (0, 0)
    decoded = subprocess.run(["ffmpeg", "-v", "error", "-i", path, "-f", "null", "-"], capture_output=True, text=True)
    verdicts.at_most(f"{name}: lines of complaint of ffmpeg's decoder", len(decoded.stderr.splitlines()), 0)
    analyzed = subprocess.run([BIN / "lynceus", "analyze", "health", path], capture_output=True, text=True)
    verdicts.at_most(f"{name}: exit status of GStreamer's decoder", analyzed.returncode, 0)
    frames = len(analyzed.stdout.splitlines())
    verdicts.at_least(f"{name}: pictures GStreamer decoded", frames, max(1, pictures))
    verdicts.at_least(f"{name}: length", length, least_s, "s")
    verdicts.at_most(f"{name}: length", length, most_s, "s")


def cut_off(verdicts, simulator, daemon):
    """kill -9 while the clip of `bframes` is being written: it plays as it lies there."""
    evidence = daemon.folder / "state/evidence"
    simulator.fault("bframes", "black", BLACK_S)
    parts = lambda: list(evidence.glob("*.mp4.part"))
    if watch(60, 0.2, lambda: any(part.stat().st_size > 0 for part in parts())) is None:
        raise RuntimeError("no clip was begun")
    time.sleep(6)
    daemon.process.kill()
    daemon.process.wait()
    for part in parts():
        judge(verdicts, "killed, as it lies there", part, BEFORE_S, BEFORE_S + AFTER_S + 2)
    with running(Child([BIN / "lynceusd", "--config", daemon.folder / "lynceus.yaml"], stderr=daemon.log)):
        taken_in = watch(30, 0.2, lambda: not parts() and list(evidence.glob("*.mp4")))
        verdicts.at_most("unfinished files after the next start", len(parts()) if taken_in is None else 0, 0)
        for whole in list(evidence.glob("*.mp4"))[:1]:
            judge(verdicts, "killed, after the next start", whole, BEFORE_S, BEFORE_S + AFTER_S + 2)


def run(verdicts):
    if not shutil.which("ffprobe") or not shutil.which("ffmpeg"):
        say("skipped: ffmpeg is not installed")
        return
    specs = {name: f"scene:still,fps={FPS},size=640x480,{keys}" for name, (keys, _) in CAMERAS.items()}
    with running(Simulator(specs)) as simulator:
        with running(Daemon(simulator.urls)) as daemon:
            daemon.wait_up(len(CAMERAS))
            time.sleep(20)  # the ring is to hold a group of ten seconds
            for name in CAMERAS:
                simulator.fault(name, "black", BLACK_S)
            for name, (_, gop_s) in CAMERAS.items():
                progress(f"waiting for the clip of {name}")
                done = watch(90, 0.5, lambda: (first_alarm(daemon, name) or {}).get("clip"))
                if done is None:
                    raise RuntimeError(f"{name}: no clip: {first_alarm(daemon, name)}")
                path = daemon.folder / f"{name}.mp4"
                path.write_bytes(api(daemon, first_alarm(daemon, name)["clip"]) or b"")
                judge(verdicts, name, path, BEFORE_S + AFTER_S - gop_s - 0.5, BEFORE_S + AFTER_S + gop_s + 0.5)
        with running(Daemon({"bframes": simulator.urls["bframes"]})) as daemon:
            simulator.process.stdin.write("END bframes\n")
            simulator.process.stdin.flush()
            simulator._line(30)
            daemon.wait_up(1)
            time.sleep(10)
            cut_off(verdicts, simulator, daemon)
