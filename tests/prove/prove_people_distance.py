"""Distances between annotated people over seven calibrated cameras, by every method (WILDTRACK)."""
import json
import os
import pathlib
import subprocess

from house import BIN, ROOT, say

DATA = pathlib.Path(os.environ.get("LYNCEUS_DATA", ROOT.parent / "shared")) / "data/people/wildtrack"


def run(verdicts):
    if not DATA.is_dir():
        say(f"      skipped: no {DATA}")
        return
    command = [BIN / "lynceus", "evaluate", "people", "--json", DATA]
    distance = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)["distance"]
    for method, f in distance["by_method"].items():
        median = "-" if f["median_m"] is None else f"{100 * f['median_m']:.1f} cm"
        say(f"      {method:14} median {median:>8}  precision {f['violation_precision']:.3f}  recall {f['violation_recall']:.3f}"
            f"  F1 {f['violation_f1']:.3f}")
    for method, least in (("calibration", 0.97), ("homography", 0.95)):
        figures = distance["by_method"][method]
        verdicts.at_most(f"{method}, median error", 100 * figures["median_m"], 5, "cm")
        verdicts.at_least(f"{method}, F1 of violations", figures["violation_f1"], least)
