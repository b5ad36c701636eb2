#!/usr/bin/env python3
"""How well networks follow the clips of the fold they never saw: overlap, precision, loss. No tracker but the published one.

    measure.py WORK RUN…
"""
import json
import pathlib
import sys

import cv2
import numpy as np
import torch

import boxes
import net
from pairs import Pool
from track import Follower


def load(run, weights="best.pt"):
    run = pathlib.Path(run)
    options = json.loads((run / "options.json").read_text())
    model, inputs = net.make(options["without"], options["inputs"])
    model.load_state_dict(torch.load(run / weights))
    return model.eval(), inputs, options


def follow(pool, row, model, inputs):
    """IoU and centre error of every frame with a box after the first."""
    first = next(i for i, box in enumerate(row["boxes"]) if box)
    follower, figures = Follower(model, inputs, pool.frame(row, first), row["boxes"][first]), []
    for i in range(first + 1, row["frames"]):
        box, there = follower.step(pool.frame(row, i))
        if row["boxes"][i]:
            truth = np.array(row["boxes"][i])
            figures.append((boxes.overlap(box, truth) if there else 0.0, np.hypot(*(box - truth)[:2]) if there else 1e9))
    return np.array(figures)


def figures(work, run, every=1):
    model, inputs, options = load(run)
    pool = Pool(work, {options["fold"]})
    clips = [follow(pool, row, model, inputs) for row in pool.clips[::every]]
    clips = [c for c in clips if len(c)]
    lowest = float((pathlib.Path(run) / "done").read_text().split()[1]) if (pathlib.Path(run) / "done").exists() else float("nan")
    return {"clips": len(clips), "loss": lowest, "aor": float(np.mean([c[:, 0].mean() for c in clips])),
            "precision_5px": float(np.mean([(c[:, 1] <= 5).mean() for c in clips])),
            "precision_20px": float(np.mean([(c[:, 1] <= 20).mean() for c in clips]))}


def main():
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    for run in sys.argv[2:]:
        print(run, json.dumps(figures(sys.argv[1], run)))


if __name__ == "__main__":
    main()
