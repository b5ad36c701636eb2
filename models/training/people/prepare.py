#!/usr/bin/env python3
"""Pictures and boxes of all sets -> one file of pixels and one index, pictures at most 416 pixels long.

    prepare.py DATA TEACHER.onnx OUT      DATA: the folder that holds person_train, indoor, irst, daynight

The index says for every picture: set, kind (visible or thermal), part (train or held), boxes and regions to ignore.
Held-out pictures are chosen by set, clip, flight or look-alike group, never picture by picture; OUT/held.txt lists them.
"""
import hashlib
import json
import pathlib
import sys

import cv2
import numpy as np

import teacher

LONGEST = 416
# name, kind, held out: "none", "all", or the rule below that names a picture's group
SETS = [
    ("cctv_humandet", "visible", "lookalike"),
    ("coco_mini", "visible", "none"),
    ("voc2007_person", "visible", "none"),
    ("people_capston2", "visible", "none"),
    ("street_lschen", "visible", "none"),
    ("ppe_worksite", "visible", "skip"),
    ("hituav_thermal_aerial", "thermal", "flight"),
    ("thermal_seek_dogs_people", "thermal", "session"),
    ("thermal_handheld_clip", "thermal", "all"),
]


def lot(text):
    """A number 0..99 that depends on the text alone."""
    return int(hashlib.sha256(text.encode()).hexdigest(), 16) % 100


def lookalike_groups(pictures):
    """Difference hashes at most 10 bits apart are one group: frames of one camera stay together."""
    prints = []
    for picture in pictures:
        small = cv2.resize(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), (9, 8), interpolation=cv2.INTER_AREA).astype(int)
        prints.append((small[:, 1:] > small[:, :-1]).ravel())
    prints = np.array(prints)
    group = list(range(len(pictures)))

    def root(i):
        while group[i] != i:
            i = group[i]
        return i

    for i in range(len(pictures)):
        for j in np.flatnonzero((prints[i + 1 :] != prints[i]).sum(1) <= 10) + i + 1:
            group[root(j)] = root(i)
    return [root(i) for i in range(len(pictures))]


def held(rule, names, pictures):
    if rule in ("none", "all"):
        return [rule == "all"] * len(names)
    if rule == "lookalike":
        return [lot(names[g]) < 30 for g in lookalike_groups(pictures)]
    if rule == "flight":  # day or night and height: whole flights
        return [lot("_".join(n.split("_")[:2])) < 40 for n in names]
    return [n.split(".")[0].split("_")[2] in "34" for n in names]  # session: that camera's third and fourth walk


class Store:
    def __init__(self, folder):
        folder.mkdir(parents=True, exist_ok=True)
        self.pixels = open(folder / "pixels.bin", "wb")
        self.index_path = folder / "index.json"
        self.rows = []
        self.offset = 0

    def add(self, picture, boxes, ignore, **more):
        scale = min(1.0, LONGEST / max(picture.shape[:2]))
        if scale < 1:
            picture = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        h, w = picture.shape[:2]
        self.pixels.write(np.ascontiguousarray(picture).tobytes())
        row = {"offset": self.offset, "height": h, "width": w, **more}
        row["boxes"] = [[round(v * scale, 2) for v in b[:4]] for b in boxes]
        row["ignore"] = [[round(v * scale, 2) for v in b[:4]] for b in ignore]
        self.rows.append(row)
        self.offset += h * w * 3

    def close(self):
        self.pixels.close()
        self.index_path.write_text(json.dumps(self.rows))
        out = sorted(f"{r['set']}/{r['file']}\n" for r in self.rows if r["part"] == "held")
        (self.index_path.parent / "held.txt").write_text("".join(out))


def labelled(store, data):
    for name, kind, rule in SETS:
        if rule == "skip":
            continue
        folder = data / "person_train" / name
        rows = [json.loads(line) for line in open(folder / "labels.jsonl")]
        pictures = [cv2.imread(str(folder / r["file"])) for r in rows]
        names = [pathlib.Path(r["file"]).name for r in rows]
        for row, picture, file, out in zip(rows, pictures, names, held(rule, names, pictures)):
            sure = [] if out else [p for p in row.get("pseudo", []) if p[4] >= 0.5]
            ignore = [i for i in row["ignore"] if i not in [p[:4] for p in sure]]
            store.add(picture, row["boxes"] + sure, ignore, set=name, file=file, kind=kind, part="held" if out else "train")


def taught(store, look, picture, label, **more):
    """A picture without labels: what the teacher is sure of is a person, what it doubts is ignored."""
    found = teacher.find(look, picture, 0.2)
    sure = [f for f in found if f[4] >= 0.5]
    store.add(label if label is not None else picture, sure, [f for f in found if f[4] < 0.5], part="train", **more)


def frames(path, step):
    clip = cv2.VideoCapture(str(path))
    number = 0
    while True:
        good, picture = clip.read()
        if not good:
            return
        if number % step == 0:
            yield number, picture
        number += 1


def unlabelled(store, look, data):
    for name, step in (("intel_one-by-one-person-detection.mp4", 12), ("frigate_test_motion_video-1.mp4", 40)):
        for number, picture in frames(data / "person_train/clips" / name, step):
            taught(store, look, picture, None, set=name.split(".")[0], file=str(number), kind="visible")
    for path in sorted((data / "daynight/roadscene/visible").iterdir()):
        thermal = cv2.imread(str(path.parent.parent / "infrared" / path.name))
        taught(store, look, cv2.imread(str(path)), thermal, set="roadscene", file=path.name, kind="thermal")
    for path in sorted((data / "irst/drone_ir").glob("*.mp4")):  # skies: nobody there
        for number, picture in frames(path, 400):
            store.add(picture, [], [], set="drone_ir", file=f"{path.stem}_{number}", kind="thermal", part="train")
    rooms = [p for p in sorted((data / "indoor/unlabelled").rglob("*")) if p.suffix in (".jpg", ".png")]
    for path in rooms[::2]:
        taught(store, look, cv2.imread(str(path)), None, set="indoor", file=path.name, kind="visible")


def main():
    data, network, out = (pathlib.Path(a) for a in sys.argv[1:4])
    store = Store(out)
    labelled(store, data)
    unlabelled(store, teacher.load(network), data)
    store.close()
    parts = {}
    for row in store.rows:
        key = (row["set"], row["kind"], row["part"])
        count = parts.setdefault(key, [0, 0, 0])
        count[0] += 1
        count[1] += len(row["boxes"])
        count[2] += len(row["ignore"])
    for (name, kind, part), (pictures, boxes, ignore) in parts.items():
        print(f"{name:40} {kind:8} {part:6} {pictures:5} pictures {boxes:6} people {ignore:6} ignored")


if __name__ == "__main__":
    main()
