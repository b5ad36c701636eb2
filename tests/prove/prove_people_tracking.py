"""Tracking from boxes alone beside ByteTrack on the same boxes, and how many frames a second one core follows."""
import json
import os
import pathlib
import subprocess
import tempfile

import numpy as np
from scipy.optimize import linear_sum_assignment

import people_bytetrack
import people_walks
from house import BIN, ROOT, say

SHARED = pathlib.Path(os.environ.get("LYNCEUS_DATA", ROOT.parent / "shared")) / "data/people"
SIZES, RATES = [(768, 576), (640, 480), (1280, 720)], [7, 10, 25, 12]


def evaluate(folder):
    command = [BIN / "lynceus", "evaluate", "people", "--json", "--set", "detector=file", folder]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def idf1(truth, result):
    """Percent, of rows (frame, id, x, y, w, h)."""
    shared, real, ours = {}, sorted({r[1] for r in truth}), sorted({r[1] for r in result})
    for frame in {r[0] for r in truth}:
        a, b = [r for r in truth if r[0] == frame], [r for r in result if r[0] == frame]
        if a and b:
            corners = [[(r[2], r[3], r[2] + r[4], r[3] + r[5]) for r in rows] for rows in (a, b)]
            for i, j in np.argwhere(people_bytetrack.overlaps(*corners) >= 0.5):
                shared[a[i][1], b[j][1]] = shared.get((a[i][1], b[j][1]), 0) + 1
    table = np.array([[shared.get((i, j), 0) for j in ours] for i in real]).reshape(len(real), len(ours))
    return 200 * table[linear_sum_assignment(-table)].sum() / (len(truth) + len(result))


def bytetrack(folder):
    truth, found = (np.loadtxt(folder / f"{n}/{n}.txt", delimiter=",", ndmin=2) for n in ("gt", "det"))
    frames = int(max(truth[:, 0].max(), found[:, 0].max()))
    return idf1([tuple(r[:6]) for r in truth], people_bytetrack.track(found, frames))


def compare(folders):
    ours, theirs = [], []
    for folder in folders:
        figures, plain = evaluate(folder), bytetrack(folder)
        say(f"      {folder.name:14} IDF1 {figures['idf1']:6.2f}  HOTA {figures['hota']:6.2f}  MOTA {figures['mota']:6.2f}"
            f"  switches {figures['id_switches']:3}   ByteTrack IDF1 {plain:6.2f}")
        ours.append(figures["idf1"])
        theirs.append(plain)
    return np.mean(ours) - np.mean(theirs)


def crowd_of_twenty(folder):
    """Twenty people walk to and fro for 2,000 frames."""
    rows = []
    for frame in range(1, 2001):
        for who in range(20):
            x = 600 + 500 * np.sin(frame / 120 + who) + 3 * np.sin(frame * (who + 1))
            rows.append((frame, who + 1, x, 60 + 25 * who, 60, 150, 0.9))
    people_walks.write(folder, rows, rows, (1280, 720), 25, 2000)
    return folder


def run(verdicts):
    campus = SHARED / "mot/TUD-Campus"
    if (campus / "gt/gt.txt").exists():
        verdicts.at_least("public sequence, IDF1 above ByteTrack's", compare([campus]), 3, "points")
    else:
        say(f"      skipped: no {campus}")
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        folders = []
        for i, name in enumerate(["seq_eth", "zara01"] * 4):
            if (SHARED / "walks" / name / "obsmat.txt").exists():
                folders.append(scratch / f"{name}-{i}")
                walks = people_walks.read_walks(SHARED / "walks" / name)
                people_walks.make(folders[-1], walks, 900 + i, RATES[i % 4], 40, SIZES[i % 3])
        if folders:
            verdicts.at_least("recorded walks seen by eight cameras, IDF1 above ByteTrack's", compare(folders), 3, "points")
        crowd = crowd_of_twenty(scratch / "twenty")
        verdicts.at_least("twenty people, one core", max(evaluate(crowd)["fps"] for _ in range(3)), 1000, "frames/s")
