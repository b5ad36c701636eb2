"""A full disk: alarms are told from memory with "durable": false, and written by themselves when there is room."""
import os
import shutil

from alarms import get, raising
from house import running, say, watch
from receiver import Receiver


def small_disk(folder):
    """A tmpfs of 8 MiB below the state directory, in a mount namespace of the daemon's own."""
    (folder / "state").mkdir()
    mount = f'mount -t tmpfs -o size=8m,mode=700 tmpfs "{folder}/state" && exec "$@"'
    return ["unshare", "-m", "sh", "-c", mount, "sh"]


def fill(path):
    """Takes the last byte."""
    fd = os.open(path, os.O_WRONLY | os.O_CREAT)
    try:
        for size in (65536, 4096, 512, 1):
            try:
                while True:
                    os.write(fd, b"x" * size)
            except OSError:
                pass
    finally:
        os.close(fd)


def run(verdicts):
    if os.geteuid() != 0 or shutil.which("unshare") is None:
        say("      skipped: needs root for a mount namespace")
        return
    receiver = Receiver()
    with running(receiver), running(raising(1, 5, receiver.url(), before=small_disk)) as daemon:
        daemon.wait_up(1)
        watch(10, 0.2, lambda: receiver.count() > 10)
        inside = f"/proc/{daemon.process.pid}/root{daemon.folder}/state/filler"
        fill(inside)

        def told_from_memory():
            return [b for b in list(receiver.bodies.values()) if b["data"]["durable"] is False]

        took = watch(60, 0.2, lambda: len(told_from_memory()) > 10)
        verdicts.at_most('full: ten deliveries with "durable": false after', 999 if took is None else took, 30, "s")
        failed = [b for b in receiver.bodies.values() if b["data"]["kind"] == "storage_failed"]
        verdicts.at_least("storage_failed was told", len(failed), 1)
        listed = get(daemon, "/api/v1/alarms?limit=5")["alarms"]
        verdicts.at_least("listed as not durable, of the newest five", sum(not a["durable"] for a in listed), 5)

        os.truncate(inside, 0)
        took = watch(60, 0.2, lambda: all(a["durable"] for a in get(daemon, "/api/v1/alarms?limit=1000")["alarms"]))
        verdicts.at_most("room again: everything durable after", 999 if took is None else took, 10, "s")
        cleared = watch(30, 0.5, lambda: any(
            b["data"]["kind"] == "storage_failed" and b["type"].endswith("cleared") for b in list(receiver.bodies.values())))
        verdicts.at_most("storage_failed cleared after", 999 if cleared is None else cleared, 30, "s")
        verdicts.at_most("deliveries out of order", receiver.disordered(), 0)
