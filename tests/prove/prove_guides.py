"""README and the first two guides as they stand, in a fresh Debian: only their fenced commands, to a delivered alarm.

The container is a copy of a least Debian that is kept, with the tree as committed in /root/lynceus; it is gone at the end. The
shared ccache of this machine is lent to it where there is one. Of the README's two commands the first is told to end
by itself, and of the second only what it installs is: what is run in their place is printed.
"""
import pathlib
import shutil
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "docs"))
from documents import fenced  # noqa: E402

from container import Container, output
from house import ROOT, say

PAGES = ["README.md", "docs/guide/install.md", "docs/guide/thermal-camera.md"]
INSTEAD = {"./dev run": "./dev run --port 0 --for 60s", "./dev test": "./dev deps"}
TREE = "/root/lynceus"
MOST_S = 5400


class Fresh(Container):
    """Deleted in the end."""

    def __init__(self):
        base = Container("base", "ca-certificates")
        self.name, self.environment = "guides", base.environment
        self.root = base.root.with_name("guides")
        self.remove()
        output("cp", "-a", "--reflink=auto", base.root, self.root)
        self.run("apt-get", "update", "-q")
        tree = self.file(TREE)
        tree.mkdir(parents=True)
        archive = subprocess.run(["git", "-C", ROOT, "archive", "HEAD"], capture_output=True, check=True).stdout
        subprocess.run(["tar", "-x", "-C", tree], input=archive, check=True)

    def remove(self):
        if self.root.exists():
            subprocess.run(["rm", "-rf", "--one-file-system", self.root], check=True)

    def nspawn(self, *words):
        lent = pathlib.Path.home() / ".cache/ccache"
        bind = [f"--bind={lent}:/root/.cache/ccache"] if lent.is_dir() else []
        command = super().nspawn(*words)
        return command[:1] + bind + command[1:]

    def follow(self, script, log):
        """The exit status of a script, run by one shell in the tree; what it says goes to the log."""
        self.file(TREE + "/../guides.sh").write_text(script, encoding="utf-8")
        with open(log, "w", encoding="utf-8") as said:
            return subprocess.run(self.nspawn("--pipe", f"--chdir={TREE}", "bash", "-e", "/root/guides.sh"), env=self.environment,
                                  stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT, timeout=MOST_S, check=False).returncode


def steps():
    """(page, command lines) of every fenced block, with what stands in for commands that do not end."""
    for page in PAGES:
        for block in fenced((ROOT / page).read_text(encoding="utf-8"), "sh"):
            lines = []
            for line in block.splitlines():
                command = line.split("   #")[0].rstrip()
                if command in INSTEAD:
                    say(f"      {page}: {command} → {INSTEAD[command]}")
                lines.append(INSTEAD.get(command, command))
            yield page, "\n".join(lines)


def script():
    """Each block says where it comes from, so that the log shows how far it came."""
    return "set -e\n" + "\n".join(f"echo '== {page}'\n{lines}" for page, lines in steps()) + "\necho '== all'\n"


def run(verdicts):
    if not shutil.which("debootstrap") or not shutil.which("systemd-nspawn"):
        raise SystemExit("prove: guides needs debootstrap and systemd-container")
    fresh = Fresh()
    try:
        log, start = fresh.root.with_suffix(".log"), time.monotonic()
        status = fresh.follow(script(), log)
        text = log.read_text(encoding="utf-8", errors="replace")
        if status != 0:
            say(text[-3000:])
        say(f"      {time.monotonic() - start:.0f} s; whole log: {log}")
        verdicts.at_most("exit status of the commands", status, 0)
        verdicts.at_least("came to the end", text.count("== all"), 1)
        received = fresh.file(TREE + "/workshop/received.txt")
        raised = received.read_text(encoding="utf-8").count("lynceus.alarm.raised") if received.exists() else 0
        verdicts.at_least("alarms raised that the receiver verified and took", raised, 1)
    finally:
        fresh.remove()
