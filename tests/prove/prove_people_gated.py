"""A 1280x720 crowd: the gated detector's CPU and recall against the same detector on every frame.

There is no truth for the clip: recall is measured against what YOLOX-nano finds in every tenth frame at twice the
scale, in four overlapping quarters, with a score of at least 0.5.
"""
import pathlib
import tempfile

import cv2

import people_common as common
from house import say

CLIP = common.SHARED / "data/people/crowd720p50.mp4"
STEP, QUARTER = 10, (704, 396)  # quarters overlap by a tenth


def reference_boxes(folder):
    """{frame: boxes}; a box that ends at a cut is left to the other quarter."""
    clip, frames, paths = cv2.VideoCapture(str(CLIP)), [], []
    while True:
        good, picture = clip.read()
        if not good:
            break
        number = int(clip.get(cv2.CAP_PROP_POS_FRAMES)) - 1
        if number % STEP:
            continue
        h, w = picture.shape[:2]
        for x in (0, w - QUARTER[0]):
            for y in (0, h - QUARTER[1]):
                path = folder / f"{number}_{x}_{y}.png"
                cv2.imwrite(str(path), picture[y : y + QUARTER[1], x : x + QUARTER[0]])
                paths.append(path)
                frames.append((number, x, y))
    truth = {}
    for (number, x, y), (found, _) in zip(frames, common.pictures("yolox_nano", paths, "--confidence", 0.5)):
        boxes = truth.setdefault(number, [])
        for bx, by, bw, bh, score in found:
            cut = (x and bx < 2) or (y and by < 2) or (not x and bx + bw > QUARTER[0] - 2) or (not y and by + bh > QUARTER[1] - 2)
            box = [bx + x, by + y, bw, bh, score]
            if not cut and all(common.iou(box, other) < 0.5 for other in boxes):
                boxes.append(box)
    return truth


def recall(rows, truth):
    right = sum(len(common.matched(rows[n]["boxes"], boxes, 0.5)) for n, boxes in truth.items() if n < len(rows))
    return right / sum(len(boxes) for n, boxes in truth.items() if n < len(rows))


def compare(verdicts, name, truth):
    every, gated = common.video(name, CLIP), common.video(name, CLIP, "--gated")
    cost = [sum(row["ms"] for row in rows) / len(rows) for rows in (every, gated)]
    found = [recall(rows, truth) for rows in (every, gated)]
    count = [sum(len(row["boxes"]) for row in rows) / len(rows) for rows in (every, gated)]
    say(f"      {name}: every frame {cost[0]:.1f} ms, recall {found[0]:.3f}, {count[0]:.1f} boxes; "
        f"gated {cost[1]:.1f} ms, recall {found[1]:.3f}, {count[1]:.1f} boxes")
    verdicts.at_most(f"{name}: gated, share of the CPU", cost[1] / cost[0], 0.35)
    verdicts.at_most(f"{name}: recall lost", 100 * (found[0] - found[1]), 2, "points")


def run(verdicts):
    if common.absent("crowd720p50.mp4", CLIP) or common.absent("yolox_nano.onnx", common.MODELS / "yolox_nano/yolox_nano.onnx"):
        return
    with tempfile.TemporaryDirectory() as folder:
        truth = reference_boxes(pathlib.Path(folder))
    say(f"      {sum(map(len, truth.values()))} people in {len(truth)} frames to be found")
    for name in ("own", "yolox_nano", "yolo_fastest_body"):
        if not common.absent(name, common.DETECTORS[name][3]):
            compare(verdicts, name, truth)
