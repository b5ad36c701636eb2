"""False tracks: none in three hours of drawn sky and cloud video, none on real pictures without a target panned.

LYNCEUS_MINUTES=10 ./dev prove targets_false takes a part of the three hours.
"""
import json
import os
import subprocess

from house import BIN, say
from prove_targets import DATA

SKY = BIN.parent / "tests/targets_sky"


def count(*words):
    return json.loads(subprocess.run([SKY, *map(str, words)], check=True, capture_output=True, text=True).stdout)


def run(verdicts):
    drawn = count("--minutes", os.environ.get("LYNCEUS_MINUTES", 180), "--seed", os.environ.get("LYNCEUS_SEED", 1))
    say(f"      {drawn['hours']:.2f} hours, {drawn['frames']} frames, {drawn['tentative']} tentative; "
        f"with none seen the rate is below {3 / drawn['hours']:.2f} an hour (95 %)")
    verdicts.at_most("false tracks in drawn sky and cloud video", drawn["false_tracks"], 0)
    if not DATA.is_dir():
        say(f"skipped: no {DATA}")
        return
    panned = count("--pan", DATA / "sirst/backgrounds")
    say(f"      {panned['frames']} frames panned over real pictures, {panned['tentative']} tentative")
    verdicts.at_most("false tracks on real pictures panned", panned["false_tracks"], 0)
