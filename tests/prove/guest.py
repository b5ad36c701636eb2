"""A Debian of its own with a booted systemd: a container whose folder is kept, so that a second run is quick.

The suite and the mirror are those of this machine's own apt. The container has a network of its own with nothing in it but
loopback. Needs root, debootstrap and systemd-container.

    with Guest() as guest:
        guest.run("systemctl", "is-active", "dbus")
"""
import json
import os
import pathlib
import subprocess
import sys

from house import Metrics, progress, watch

MACHINE = "lynceus-prove"
BASE = "systemd-sysv,dbus,man-db,ca-certificates"


def output(*command, **keywords):
    """stdout of a command; its stderr in the error when it fails."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, **keywords)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, command))}: exit {done.returncode}: {(done.stdout + done.stderr)[-2000:]}")
    return done.stdout


def suite():
    facts = dict(line.split("=", 1) for line in pathlib.Path("/etc/os-release").read_text().splitlines() if "=" in line)
    return facts["VERSION_CODENAME"].strip('"')


def sources():
    """Lines of sources.list with what apt on this machine takes from the distribution itself."""
    wanted = []
    for origin in ("Debian", "Ubuntu"):
        wanted += output("apt-get", "indextargets", "--format", "deb $(REPO_URI) $(RELEASE) $(COMPONENT)",
                         "Created-By: Packages", f"Origin: {origin}").splitlines()
    if not wanted:
        raise RuntimeError("apt names no mirror of the distribution: run apt-get update first")
    return sorted(set(wanted))


def mirror(lines):
    return next(line.split()[1] for line in lines if line.split()[2] == suite())


def cache():
    return pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache")) / "lynceus"


class Guest:
    def __init__(self):
        if os.geteuid() != 0:
            raise RuntimeError("a container with a systemd of its own needs root")
        self.root = cache() / f"guest-{suite()}"
        self.environment = dict(os.environ)
        if not pathlib.Path("/sys/fs/cgroup/cgroup.controllers").exists():
            self.environment["SYSTEMD_NSPAWN_UNIFIED_HIERARCHY"] = "0"
        self.process = self.leader = None
        self._make()

    def _make(self):
        made = self.root / "etc/lynceus-guest"
        if made.exists():
            return
        progress(f"making {self.root}")
        self.root.parent.mkdir(parents=True, exist_ok=True)
        lines = sources()
        subprocess.run(["rm", "-rf", "--one-file-system", self.root], check=True)
        output("debootstrap", "--variant=minbase", f"--include={BASE}", suite(), self.root, mirror(lines))
        (self.root / "etc/apt/sources.list").write_text("\n".join(lines) + "\n")
        made.touch()

    def _nspawn(self, *words):
        return ["systemd-nspawn", "--quiet", "-D", str(self.root), f"--machine={MACHINE}", "--keep-unit", "--register=no",
                *words]

    def prepare(self, wanted):
        """Before it runs, with this machine's network: what a package depends on, and nothing left of the last run."""
        quiet = ("--pipe", "env", "DEBIAN_FRONTEND=noninteractive")
        output(*self._nspawn("--pipe", "sh", "-c", "! dpkg -s lynceus >/dev/null 2>&1 || dpkg --purge lynceus"), env=self.environment)
        subprocess.run(["rm", "-rf", self.root / "etc/lynceus", self.root / "var/lib/lynceus"], check=True)
        output(*self._nspawn(*quiet, "apt-get", "update", "-q"), env=self.environment)
        output(*self._nspawn(*quiet, "apt-get", "satisfy", "-y", "-q", "--no-install-recommends", wanted),
               env=self.environment)

    def __enter__(self):
        self.process = subprocess.Popen(self._nspawn("--private-network", "--boot"), env=self.environment,
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        os.set_blocking(self.process.stdout.fileno(), False)
        try:
            if watch(120, 0.3, self._is_up) is None:
                raise RuntimeError(f"the container did not start: {(self.process.stdout.read() or b'').decode()[-2000:]}")
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
        self.process.stdout.read()  # the console, which must not fill up
        children = subprocess.run(["pgrep", "-P", str(self.process.pid)], capture_output=True, text=True, check=False)
        if not children.stdout.strip():
            return False
        self.leader = children.stdout.split()[0]
        state = self.try_to("systemctl", "is-system-running")
        return state.stdout.strip() in ("running", "degraded")

    # ---- inside ----

    def command(self, *words):
        return ["nsenter", "-t", self.leader, "--all", *[str(word) for word in words]]

    def run(self, *words):
        return output(*self.command(*words))

    def try_to(self, *words):
        return subprocess.run(self.command(*words), capture_output=True, text=True, check=False)

    def apt(self, *words):
        return self.run("env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-y", "-q", "-o",
                        "Dpkg::Options::=--force-confold", *words)

    def file(self, name):
        return self.root / name.lstrip("/")

    def http(self, path, port=8080):
        """The body, or None where nobody answers with success."""
        answer = subprocess.run(["nsenter", "-t", self.leader, "-n", "curl", "-fsS", "-m", "10",
                                 f"http://127.0.0.1:{port}{path}"], capture_output=True, text=True, check=False)
        return answer.stdout if answer.returncode == 0 else None

    def json(self, path):
        text = self.http(path)
        return None if text is None else json.loads(text)

    def metrics(self):
        return Metrics(self.http("/metrics") or "")


class Service:
    """One unit of a guest, as systemd sees it."""

    def __init__(self, guest, name):
        self.guest, self.name = guest, name

    def show(self, key):
        return self.guest.run("systemctl", "show", "-p", key, "--value", self.name).strip()

    def pid(self):
        return int(self.show("MainPID"))

    def do(self, verb):
        return self.guest.try_to("systemctl", verb, self.name).returncode

    def active(self):
        return self.show("ActiveState") == "active"

    def log(self, *more):
        return self.guest.run("journalctl", "-u", self.name, "-o", "cat", "--no-pager", *more)

    def wait_new_pid(self, old, within_s):
        """Seconds until it runs as another process, 999 when it does not."""
        took = watch(within_s, 0.2, lambda: self.active() and self.pid() not in (0, old))
        return 999 if took is None else took

    def wait_state(self, state, within_s):
        took = watch(within_s, 0.2, lambda: self.show("ActiveState") == state)
        return 999 if took is None else took


