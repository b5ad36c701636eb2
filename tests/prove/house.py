"""What the proofs share: simulator and daemon as child processes, the metrics page, and a verdict line."""
import contextlib
import http.client
import os
import pathlib
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
BIN = pathlib.Path(os.environ.get("LYNCEUS_BIN", ROOT / "build/release/bin"))


def say(text):
    print(text, flush=True)


def half_precision():
    """What trainings are told on processors that have it: half the time."""
    return ["--bf16"] if "avx512_bf16" in pathlib.Path("/proc/cpuinfo").read_text() else []


class Verdicts:
    """Collects figure and limit of each claim; the proof fails when one falls short."""

    def __init__(self):
        self.short = 0

    def at_most(self, what, figure, limit, unit=""):
        self._line(what, figure, "<=", limit, unit, figure <= limit)

    def at_least(self, what, figure, limit, unit=""):
        self._line(what, figure, ">=", limit, unit, figure >= limit)

    def _line(self, what, figure, sign, limit, unit, good):
        say(f"{'ok   ' if good else 'SHORT'} {what}: {figure:.4g} {sign} {limit:.4g} {unit}".rstrip())
        self.short += not good


class Child:
    def __init__(self, command, **keywords):
        self.process = subprocess.Popen([str(word) for word in command], text=True, **keywords)

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


class Simulator(Child):
    """`lynceus simulate`; cameras = {id: spec}. urls = {id: url}."""

    def __init__(self, cameras):
        command = [BIN / "lynceus", "simulate", "--control"]
        for name, spec in cameras.items():
            command += ["--camera", f"{name}={spec}"]
        super().__init__(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.urls = {}
        while len(self.urls) < len(cameras):
            name, url = self._line(120).split(" ", 1)
            self.urls[name] = url

    def _line(self, within_s):
        ready, _, _ = select.select([self.process.stdout], [], [], within_s)
        line = self.process.stdout.readline().strip() if ready else ""
        if not line:
            raise RuntimeError("the simulator said nothing")
        return line

    def fault(self, camera, name, seconds):
        self.process.stdin.write(f"fault {camera} {name} {seconds}\n")
        self.process.stdin.flush()
        return self._line(30)


class Daemon(Child):
    """`lynceusd` with these cameras ({id: url, or the whole section as "{…}"}) in a folder of its own; before(folder): words
    in front of the command."""

    def __init__(self, cameras, extra="", server="server: {port: 0, auth: none}", before=lambda folder: []):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="lynceus-prove-"))
        config = self.folder / "lynceus.yaml"
        lines = ["site: prove", server, f"storage: {{directory: {self.folder}/state}}", extra, "cameras:"]
        lines += [f"  {name}: " + (url if url.startswith("{") else f'{{url: "{url}"}}') for name, url in cameras.items()]
        config.write_text("\n".join(lines) + "\n")
        self.log = open(self.folder / "log", "w")
        command = [BIN / "lynceusd", "--config", config, "--port-file", self.folder / "port"]
        super().__init__(before(self.folder) + command, stderr=self.log)
        self.port = self._port()

    def _port(self):
        end = time.monotonic() + 30
        while time.monotonic() < end and self.process.poll() is None:
            with contextlib.suppress(OSError, ValueError):
                return int((self.folder / "port").read_text())
            time.sleep(0.05)
        raise RuntimeError("lynceusd did not start: " + (self.folder / "log").read_text()[-2000:])

    def metrics(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        with contextlib.closing(connection):
            connection.request("GET", "/metrics")
            return Metrics(connection.getresponse().read().decode())

    def resident_kib(self):
        text = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", text)[1])

    def wait_up(self, count, within_s=60):
        end = time.monotonic() + within_s
        while time.monotonic() < end:
            if self.metrics().total("lynceus_camera_up") >= count:
                return
            time.sleep(0.2)
        raise RuntimeError(f"not {count} cameras up: " + (self.folder / "log").read_text()[-2000:])

    def stop(self):
        super().stop()
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)


class Metrics:
    LINE = re.compile(r"^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$")

    def __init__(self, text):
        self.rows = [m.groups() for m in map(self.LINE.match, text.splitlines()) if m]

    def total(self, name, *labels):
        return sum(float(value) for family, own, value in self.rows
                   if family == name and all(label in (own or "") for label in labels))

    def of_camera(self, name, camera):
        return self.total(name, f'camera="{camera}"')


@contextlib.contextmanager
def running(child):
    try:
        yield child
    finally:
        child.stop()


def watch(seconds, every_s, look):
    """Calls look() every so often until it says True or the time is up; how long it took, or None."""
    start = time.monotonic()
    while time.monotonic() - start < seconds:
        if look():
            return time.monotonic() - start
        time.sleep(every_s)
    return None


def progress(text):
    if sys.stderr.isatty():
        print(text, file=sys.stderr, flush=True)
