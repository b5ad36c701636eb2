"""A container with a booted systemd, in a network of its own with nothing in it but loopback.

    with Guest() as guest:
        guest.inside("systemctl", "is-active", "dbus")
"""
import subprocess
import sys

from container import Container, output
from house import Metrics, watch


class Guest(Container):
    def __init__(self):
        super().__init__("guest", "systemd-sysv,dbus,man-db,ca-certificates")
        self.process = self.leader = None

    def prepare(self, wanted):
        """Before it starts: what a package depends on, and nothing left of the last time."""
        self.run("sh", "-c", "! dpkg -s lynceus >/dev/null 2>&1 || dpkg --purge lynceus")
        self.run("rm", "-rf", "/etc/lynceus", "/var/lib/lynceus", "/var/log/journal")
        self.run("apt-get", "update", "-q")
        self.run("apt-get", "satisfy", "-y", "-q", "--no-install-recommends", wanted)

    def __enter__(self):
        console = self.root.with_suffix(".console")
        with console.open("wb") as file:
            self.process = subprocess.Popen(self.nspawn("--private-network", "--boot"), env=self.environment,
                                            stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.STDOUT)
        try:
            if watch(120, 0.3, self._is_up) is None:
                raise RuntimeError(f"the container did not start: {console.read_text(errors='replace')[-2000:]}")
        except BaseException:
            self.__exit__(*sys.exc_info())
            raise
        return self

    def __exit__(self, *_):
        if self.leader:
            subprocess.run(["nsenter", "-t", self.leader, "--all", "systemctl", "poweroff"], capture_output=True, check=False)
        try:
            self.process.wait(60 if self.leader else 1)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _is_up(self):
        """Its init is the only child of systemd-nspawn."""
        children = subprocess.run(["pgrep", "-P", str(self.process.pid)], capture_output=True, text=True, check=False)
        if not children.stdout.strip():
            return False
        self.leader = children.stdout.split()[0]
        state = self.try_to("systemctl", "is-system-running")
        return state.stdout.strip() in ("running", "degraded")

    # ---- inside ----

    def command(self, *words):
        return ["nsenter", "-t", self.leader, "--all", *[str(word) for word in words]]

    def inside(self, *words):
        return output(*self.command(*words))

    def try_to(self, *words):
        return subprocess.run(self.command(*words), capture_output=True, text=True, check=False)

    def apt(self, *words):
        return self.inside("env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-y", "-q", "-o",
                        "Dpkg::Options::=--force-confold", *words)

    def curl(self, path, port, *options):
        """What curl prints, or None where nobody answers with success."""
        command = ["nsenter", "-t", self.leader, "-n", "curl", "-fsS", "-m", "20", *options, f"http://127.0.0.1:{port}{path}"]
        answer = subprocess.run(command, capture_output=True, text=True, check=False)
        return answer.stdout if answer.returncode == 0 else None

    def http(self, path, port=8080, token=None):
        return self.curl(path, port, *(["-H", f"Authorization: Bearer {token}"] if token else []))

    def size_of(self, path, port=8080):
        return int(self.curl(path, port, "-o", "/dev/null", "-w", "%{size_download}") or 0)

    def metrics(self):
        return Metrics(self.http("/metrics") or "")


class Service:
    """One unit of a guest, as systemd sees it."""

    def __init__(self, guest, name):
        self.guest, self.name = guest, name

    def show(self, key):
        return self.guest.inside("systemctl", "show", "-p", key, "--value", self.name).strip()

    def pid(self):
        return int(self.show("MainPID"))

    def do(self, verb):
        return self.guest.try_to("systemctl", verb, self.name).returncode

    def active(self):
        return self.show("ActiveState") == "active"

    def log(self, *more):
        return self.guest.inside("journalctl", "-u", self.name, "-o", "cat", "--no-pager", *more)

    def wait_new_pid(self, old, within_s):
        """Seconds until it runs as another process, 999 when it does not."""
        took = watch(within_s, 0.2, lambda: self.active() and self.pid() not in (0, old))
        return 999 if took is None else took
