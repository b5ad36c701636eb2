#!/usr/bin/env python3
"""Clips of drone_ir and pictures of SIRST -> grey frames in one file, with boxes and folds.

    prepare.py IRST-FOLDER WORK

Every second clip by name, the first included; the others are held out: `./dev prove targets` judges on them. Of SIRST the pictures
of four folds of the five that ../fit_scores.py makes by scene.
"""
import csv
import json
import pathlib
import re
import sys

import cv2
import numpy as np

FOLDS = 5


def clip_boxes(path):
    frames = {}
    with open(path) as file:
        for row in csv.DictReader(file):
            frames.setdefault(int(row["frame"]), []).append([float(row[key]) for key in "xywh"])
    return frames


def clips(folder):
    """Name, fold and frames with their box or None."""
    taken = sorted(folder.glob("*.mp4"))[::2]
    fold = np.random.RandomState(1).permutation(len(taken)) % FOLDS
    for path, part in zip(taken, fold):
        boxes, film, frames = clip_boxes(path.with_suffix(".csv")), cv2.VideoCapture(str(path)), []
        while True:
            there, frame = film.read()
            if not there:
                break
            here = boxes.get(len(frames), [])
            frames.append((cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY), here[0] if len(here) == 1 else None))
        yield path.stem, int(part), frames


def stills(folder):
    """SIRST by scene, in folds; pictures with and without targets serve as backgrounds."""
    paths = sorted([*(folder / "images").glob("*.png"), *(folder / "backgrounds").glob("*.png")])
    scene = {p: p.stem if p.stem.startswith("Misc") else re.sub(r"[_-]\d+$", "", p.stem) for p in paths}
    names = sorted(set(scene.values()))
    fold = dict(zip(names, np.random.RandomState(1).permutation(len(names)) % FOLDS))
    for path in paths:
        picture = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
        if picture is not None and min(picture.shape) >= 64:
            yield path.stem, int(fold[scene[path]]), [(picture, None)]


def main():
    source, out = map(pathlib.Path, sys.argv[1:3])
    out.mkdir(parents=True, exist_ok=True)
    index, offset = [], 0
    with open(out / "pixels.bin", "wb") as file:
        for kind, rows in (("clip", clips(source / "drone_ir")), ("still", stills(source / "sirst"))):
            for name, fold, frames in rows:
                height, width = frames[0][0].shape
                # x and y count from 1; boxes become centre x, y, width, height
                marks = [None if b is None else [b[0] - 1 + b[2] / 2, b[1] - 1 + b[3] / 2, b[2], b[3]] for _, b in frames]
                index.append({"kind": kind, "name": name, "fold": fold, "offset": offset, "width": width, "height": height,
                              "frames": len(frames), "boxes": marks})
                for picture, _ in frames:
                    file.write(picture.tobytes())
                offset += len(frames) * width * height
    (out / "index.json").write_text(json.dumps(index))
    print(f"{sum(r['kind'] == 'clip' for r in index)} clips, {sum(r['kind'] == 'still' for r in index)} stills, {offset >> 20} MiB")


if __name__ == "__main__":
    main()
