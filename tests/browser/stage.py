"""What the browser tests look at: simulated cameras on real RTSP, a daemon with tokens, and a sink that nobody answers."""
import contextlib
import http.client
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "prove"))
from house import BIN, Child, Simulator  # noqa: E402

SMALL = "fps=5,size=320x240,gop=400ms,loop=10s"
CAMERAS = {"lobby": f"scene:lobby,{SMALL}", "boiler": f"scene:pipe,{SMALL},fault-at=never"}

CONFIG = """
site: browser
server: {{port: {port}, plugin_dir: "{plugins}"}}
storage: {{directory: "{folder}/state", evidence: {{before: 1s, after: 1s}}}}
alarms: {{off_delay: 0s}}
defaults:
  transport: tcp
  analyzers: {{health: {{when: every_frame, raise_after: 400ms, clear_after: 400ms}}}}
notify: {{sinks: {{nobody: {{url: "http://127.0.0.1:9/hook", timeout: 1s}}}}}}
cameras:
  lobby: {{name: Lobby, url: "{lobby}"}}
  boiler: {{name: Boiler room, url: "{boiler}", kind: thermal, analyzers: {{pipes: {{}}}}}}
"""


class Stage:
    def __init__(self, cache):
        os.environ["XDG_CACHE_HOME"] = str(cache)  # rendered scenes, not at the mercy of who else simulates here
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="lynceus-browser-"))
        self.port = 0
        self.daemon = None
        self.simulator = Simulator(CAMERAS)
        self.start()
        self.tokens = {role: self._token(role) for role in ("view", "admin")}
        self.until(lambda: all(camera["state"] == "streaming" for camera in self.get("cameras")["cameras"]), 60)

    def start(self):
        """Again on the port of the first time: the page knows no other."""
        config, port = self.folder / "lynceus.yaml", self.folder / "port"
        config.write_text(CONFIG.format(port=self.port, plugins=BIN.parent / "plugins", folder=self.folder, **self.simulator.urls))
        port.unlink(missing_ok=True)
        with open(self.folder / "log", "a", encoding="utf-8") as log:
            self.daemon = Child([BIN / "lynceusd", "--config", config, "--port-file", port], stderr=log)
        self.until(lambda: port.exists() and port.read_text().strip(), 60)
        self.port = int(port.read_text())

    def stop(self):
        self.daemon.stop()

    def close(self):
        self.stop()
        self.simulator.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def log(self):
        return (self.folder / "log").read_text(encoding="utf-8")[-3000:]

    def until(self, good, within_s):
        end = time.monotonic() + within_s
        while not good():
            if time.monotonic() > end or self.daemon and self.daemon.process.poll() is not None:
                raise RuntimeError("the daemon is not as expected: " + self.log())
            time.sleep(0.05)

    def get(self, path):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        with contextlib.closing(connection):
            headers = {"Authorization": f"Bearer {self.tokens['admin']}"} if hasattr(self, "tokens") else {}
            connection.request("GET", f"/api/v1/{path}", headers=headers)
            return json.loads(connection.getresponse().read())

    def _token(self, role):
        made = subprocess.run([BIN / "lynceus", "token", "add", "--state", self.folder / "state", "--role", role, f"{role}-tester"],
                              check=True, capture_output=True, text=True)
        return made.stdout.split()[-1]
