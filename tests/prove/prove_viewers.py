"""20 viewers, each with a stream of pictures and the events: the cameras' frame rates, memory, and what a viewer gets."""
import contextlib
import selectors
import socket
import threading
import time

from house import Daemon, Simulator, running, say

CAMERAS = {f"cam{i}": "scene:lobby,fps=10,size=1280x720" for i in range(4)}
VIEWERS, SECONDS, ROUNDS, FPS = 20, 20, 3, 5


class Viewers(threading.Thread):
    """All of them on one thread: reads what comes and counts pictures and events."""

    def __init__(self, port, cameras):
        super().__init__()
        self.selector, self.over = selectors.DefaultSelector(), threading.Event()
        self.pictures, self.events, self.ended = [0] * VIEWERS, [0] * VIEWERS, 0
        for number in range(VIEWERS):
            camera = cameras[number % len(cameras)]
            self._open(port, f"/api/v1/cameras/{camera}/stream.mjpg?view=overlay&fps={FPS}", (self.pictures, number, b"--lynceus\r\n"))
            self._open(port, "/api/v1/events", (self.events, number, b"\nevent: "))

    def _open(self, port, path, counter):
        line = socket.create_connection(("127.0.0.1", port), timeout=20)
        line.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
        self.selector.register(line, selectors.EVENT_READ, counter)

    def run(self):
        while not self.over.is_set():
            for key, _ in self.selector.select(0.2):
                data = key.fileobj.recv(1 << 18)
                counts, number, mark = key.data
                counts[number] += data.count(mark)
                if not data:
                    self.ended += 1
                    self.selector.unregister(key.fileobj)

    def stop(self):
        self.over.set()
        self.join()
        for key in list(self.selector.get_map().values()):
            key.fileobj.close()


def rates(daemon, seconds):
    """Frames received and analysed a second, and CPU cores, over so long."""
    def look():
        metrics = daemon.metrics()
        names = ("lynceus_camera_frames_received_total", "lynceus_camera_frames_analyzed_total", "process_cpu_seconds_total")
        return [metrics.total(name) for name in names], time.monotonic()
    before = look()
    time.sleep(seconds)
    after = look()
    return [(now - then) / (after[1] - before[1]) for now, then in zip(after[0], before[0])]


def watched(daemon):
    viewers = Viewers(daemon.port, list(CAMERAS))
    viewers.start()
    with contextlib.closing(contextlib.ExitStack()) as stack:
        stack.callback(viewers.stop)
        time.sleep(3)
        pictures = list(viewers.pictures)
        received, analysed, cores = rates(daemon, SECONDS)
        least = min(now - then for now, then in zip(viewers.pictures, pictures)) / SECONDS
        return received, analysed, cores, daemon.resident_kib() / 1024, least, min(viewers.events), viewers.ended


def run(verdicts):
    with running(Simulator(CAMERAS)) as simulator, running(Daemon(simulator.urls)) as daemon:
        daemon.wait_up(len(CAMERAS))
        time.sleep(5)
        rounds = []
        for _ in range(ROUNDS):
            alone, memory = rates(daemon, SECONDS), daemon.resident_kib() / 1024
            *seen, more, least, events, ended = watched(daemon)
            say(f"      received {alone[0]:.1f} frames/s alone, {seen[0]:.1f} watched; analysed {alone[1]:.1f}, {seen[1]:.1f}; "
                f"cores {alone[2]:.2f}, {seen[2]:.2f}; MiB {memory:.0f}, {more:.0f}; slowest viewer {least:.1f} pictures/s")
            rounds.append((seen[0] / alone[0], seen[1] / alone[1], more, least, events, ended))
        middle = [sorted(values)[1] for values in zip(*rounds)]
        verdicts.at_least(f"frames received with {VIEWERS} viewers / alone (median of {ROUNDS})", middle[0], 0.98)
        verdicts.at_least("frames analysed, likewise", middle[1], 0.98)
        verdicts.at_most("memory of round 3 / round 1, both watched", rounds[-1][2] / rounds[0][2], 1.1)
        verdicts.at_most("memory watched", max(r[2] for r in rounds), 400, "MiB")
        verdicts.at_least("pictures a second of the slowest viewer (median)", middle[3], 0.8 * FPS)
        verdicts.at_least("events of the listener with the fewest", min(r[4] for r in rounds), 10)
        verdicts.at_most("viewers and listeners let go", sum(r[5] for r in rounds), 0)
