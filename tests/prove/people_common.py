"""What the proofs of people's detectors share: where data and networks lie, and how a detector is run."""
import json
import os
import pathlib
import subprocess

import cv2

from house import BIN, ROOT, say

SHARED = pathlib.Path(os.environ.get("LYNCEUS_DATA", ROOT.parent / "shared"))
LOOKS = BIN.parent / "tests/people_looks"
MODELS = SHARED / "models"
OWN = ROOT / "models/people.onnx"
# name -> words for people_looks
DETECTORS = {
    "own": ["--detector", "own", "--model", OWN],
    "hog": ["--detector", "hog"],
    "yolox_nano": ["--detector", "yolox", "--model", MODELS / "yolox_nano/yolox_nano.onnx"],
    "yolo_fastest_body": ["--detector", "darknet", "--model", MODELS / "yolo_fastest/yolo-fastest-1.1_body.weights"],
    "yolo_fastest_xl": ["--detector", "darknet", "--model", MODELS / "yolo_fastest/yolo-fastest-1.1-xl.weights"],
    "nanodet": ["--detector", "nanodet", "--model", MODELS / "nanodet/nanodet.onnx"],
}


def pictures(name, paths, *words):
    """[(boxes, CPU ms)] of these pictures."""
    command = [LOOKS, "pictures", *DETECTORS[name], *words]
    done = subprocess.run([str(w) for w in command], input="".join(f"{p}\n" for p in paths), capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr.strip())
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    return [(row["boxes"], row["ms"]) for row in rows]


def video(name, path, *words):
    command = [LOOKS, "video", path, *DETECTORS[name], *words]
    done = subprocess.run([str(w) for w in command], check=True, capture_output=True, text=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def iou(a, b):
    w = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    h = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    common = max(0, w) * max(0, h)
    whole = a[2] * a[3] + b[2] * b[3] - common
    return common / whole if whole > 0 else 0


def matched(found, truth, least):
    """Pairs (found, truth) of the same person, best score first, each truth once."""
    left, pairs = list(range(len(truth))), []
    for i in sorted(range(len(found)), key=lambda k: -found[k][4]):
        best = max(left, key=lambda t: iou(found[i], truth[t]), default=None)
        if best is not None and iou(found[i], truth[best]) >= least:
            left.remove(best)
            pairs.append((i, best))
    return pairs


def absent(what, path):
    if pathlib.Path(path).exists():
        return False
    say(f"      skipped, not here: {what}")
    return True


def upright(path):
    return cv2.imread(str(path))
