#!/usr/bin/env python3
"""AP50 of averaged weights on the held-out pictures, through PyTorch: a look while training, no judgement.

    measure.py DATA WEIGHTS.pt
"""
import sys

import cv2
import numpy as np
import torch

import net
from pictures import Pictures


def people(model, picture, size=320, least=0.02):
    h, w = picture.shape[:2]
    scale = size / max(h, w)
    page = np.full((size, size, 3), 114, np.uint8)
    small = cv2.resize(picture, (round(w * scale), round(h * scale)), interpolation=cv2.INTER_AREA)
    page[: small.shape[0], : small.shape[1]] = small
    with torch.no_grad():
        maps = model(torch.from_numpy(page).permute(2, 0, 1)[None].float() / 255)
        logits, edges = net.flatten(maps)
        boxes = net.boxes_of(edges, *net.centres(maps))[0].numpy() / scale
    scores = logits[0].sigmoid().numpy()
    keep = scores >= least
    boxes, scores = boxes[keep], scores[keep]
    sized = np.concatenate((boxes[:, :2], boxes[:, 2:] - boxes[:, :2]), 1)
    chosen = np.array(cv2.dnn.NMSBoxes(sized.tolist(), scores.tolist(), least, 0.6)).ravel().astype(int)
    return boxes[chosen], scores[chosen]


def iou(box, others):
    low, high = np.maximum(box[:2], others[:, :2]), np.minimum(box[2:], others[:, 2:])
    inner = (high - low).clip(0).prod(1)
    return inner / ((box[2:] - box[:2]).prod() + (others[:, 2:] - others[:, :2]).prod(1) - inner + 1e-9)


def claims(found, scores, marks):
    """[(score, right)] of one picture; finds mostly inside an ignored region do not count."""
    truth, ignore = marks[marks[:, 4] > 0, :4], marks[marks[:, 4] == 0, :4]
    taken, out = np.zeros(len(truth), bool), []
    for i in np.argsort(-scores):
        match = np.where(taken, 0, iou(found[i], truth)) if len(truth) else np.zeros(0)
        if len(match) and match.max() >= 0.5:
            taken[match.argmax()] = True
            out.append((scores[i], True))
            continue
        low, high = np.maximum(found[i, :2], ignore[:, :2]), np.minimum(found[i, 2:], ignore[:, 2:])
        inner = (high - low).clip(0).prod(1) / ((found[i, 2:] - found[i, :2]).prod() + 1e-9)
        if not (inner > 0.5).any():
            out.append((scores[i], False))
    return out, len(truth)


def average_precision(marked, people_there):
    marked = sorted(marked, key=lambda m: -m[0])
    right = np.cumsum([m[1] for m in marked])
    precision = right / np.arange(1, len(marked) + 1)
    precision = np.maximum.accumulate(precision[::-1])[::-1]
    recall = np.concatenate(([0.0], right / max(people_there, 1)))
    return float((np.diff(recall) * precision).sum())


def by_kind(model, held, every=1):
    """AP50 of each set, of every so many pictures, and their mean."""
    sums = {}
    for i, row in list(enumerate(held.rows))[::every]:
        out, there = claims(*people(model, held.picture(i)), held.marks(i))
        got, count = sums.setdefault(row["set"], ([], 0))
        sums[row["set"]] = (got + out, count + there)
    figures = {name: average_precision(got, count) for name, (got, count) in sums.items() if got}
    figures["mean"] = float(np.mean(list(figures.values()))) if figures else 0.0
    return figures


def main():
    torch.set_num_threads(1)
    model = net.Detector()
    model.load_state_dict(torch.load(sys.argv[2]))
    for name, value in by_kind(model.eval(), Pictures(sys.argv[1], "held")).items():
        print(f"{name:30} AP50 {value:.3f}")


if __name__ == "__main__":
    main()
