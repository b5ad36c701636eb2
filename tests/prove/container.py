"""A Debian of its own in a folder that is kept, so that a second run is quick; commands run in it by systemd-nspawn.

The suite and the mirror are those of this machine's own apt. Needs root, debootstrap and systemd-container.

    Container("arm64", "ca-certificates").run("apt-get", "update")
"""
import os
import pathlib
import subprocess

from house import progress


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


class Container:
    """`name` is the folder's; `include` what is in it beyond the least that debootstrap makes."""

    def __init__(self, name, include):
        if os.geteuid() != 0:
            raise RuntimeError("a container needs root")
        self.name = name
        self.root = cache() / f"{name}-{suite()}"
        self.environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
        if not pathlib.Path("/sys/fs/cgroup/cgroup.controllers").exists():
            self.environment["SYSTEMD_NSPAWN_UNIFIED_HIERARCHY"] = "0"
        if not (self.root / "etc/lynceus-container").exists():
            self._make(include)

    def _make(self, include):
        progress(f"making {self.root}")
        self.root.parent.mkdir(parents=True, exist_ok=True)
        lines = sources()
        subprocess.run(["rm", "-rf", "--one-file-system", self.root], check=True)
        output("debootstrap", "--variant=minbase", f"--include={include}", suite(), self.root, mirror(lines))
        (self.root / "etc/apt/sources.list").write_text("\n".join(lines) + "\n")
        (self.root / "etc/lynceus-container").touch()

    def nspawn(self, *words):
        return ["systemd-nspawn", "--quiet", "-D", str(self.root), f"--machine=lynceus-{self.name}", "--keep-unit",
                "--register=no", *[str(word) for word in words]]

    def run(self, *words):
        """A command in it, with this machine's network; what it prints."""
        return output(*self.nspawn("--pipe", "--setenv=DEBIAN_FRONTEND=noninteractive", *words), env=self.environment)

    def install(self, *packages):
        self.run("apt-get", "update", "-q")
        self.run("apt-get", "install", "-y", "-q", "--no-install-recommends", *packages)

    def file(self, name):
        return self.root / name.lstrip("/")
