"""False tracks: none in three hours of drawn sky and cloud video, none on real pictures without a target panned.

Two processes draw half of it each. LYNCEUS_MINUTES=10 ./dev prove targets_false takes a part of the three hours.
"""
import json
import os
import subprocess

from house import BIN, say
from prove_targets import DATA

SKY = BIN.parent / "tests/targets_sky"


def start(*words):
    return subprocess.Popen([SKY, *map(str, words)], stdout=subprocess.PIPE, text=True)


def counted(process):
    said = process.communicate()[0]
    if process.returncode != 0:
        raise RuntimeError("targets_sky failed")
    return json.loads(said)


def run(verdicts):
    minutes, seed = float(os.environ.get("LYNCEUS_MINUTES", 180)), int(os.environ.get("LYNCEUS_SEED", 1))
    halves = [counted(one) for one in [start("--minutes", minutes / 2, "--seed", seed + i) for i in range(2)]]
    drawn = {key: sum(half[key] for half in halves) for key in halves[0]}
    say(f"      {drawn['hours']:.2f} hours, {drawn['frames']} frames, {drawn['tentative']} tentative; "
        f"with none seen the rate is below {3 / drawn['hours']:.2f} an hour (95 %)")
    verdicts.at_most("false tracks in drawn sky and cloud video", drawn["false_tracks"], 0)
    if not DATA.is_dir():
        say(f"skipped: no {DATA}")
        return
    panned = counted(start("--pan", DATA / "sirst/backgrounds"))
    say(f"      {panned['frames']} frames panned over real pictures, {panned['tentative']} tentative")
    verdicts.at_most("false tracks on real pictures panned", panned["false_tracks"], 0)
