"""Power goes at a random moment, unsynced writes kept in parts: whatever was told as durable is there, 1000 seeds."""
import os
import subprocess

from house import BIN

SEEDS = 1000


def run(verdicts):
    test = BIN.parent / "tests/unit_alarms"
    done = subprocess.run([test, "[powerloss]"], env={**os.environ, "LYNCEUS_SEEDS": str(SEEDS)}, check=False,
                          stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        print(done.stdout)
    verdicts.at_most(f"losses of power after which something was missing, of {SEEDS} (the tests stop at the first)",
                     int(done.returncode != 0), 0)
