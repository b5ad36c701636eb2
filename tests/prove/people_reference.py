"""An independent reading of public detectors' outputs, in numpy: what prove_people_decoders compares ours with.

  people_reference.py record yolox|darknet MODEL PICTURE   rows worth keeping of the raw outputs and the boxes they mean,
                                                           for tests/unit/people/data
"""
import sys

import cv2
import numpy as np


def suppressed(boxes, scores, limit):
    """Indices kept, best first: one that overlaps a kept one by more than the limit goes."""
    kept = []
    for i in np.argsort(-scores, kind="stable"):
        x, y, w, h = boxes[i]
        for k in kept:
            kx, ky, kw, kh = boxes[k]
            common = max(0, min(x + w, kx + kw) - max(x, kx)) * max(0, min(y + h, ky + kh) - max(y, ky))
            if common / (w * h + kw * kh - common) > limit:
                break
        else:
            kept.append(i)
    return kept


def clipped(boxes, width, height):
    x1, y1 = boxes[:, 0].clip(0, width), boxes[:, 1].clip(0, height)
    x2, y2 = (boxes[:, 0] + boxes[:, 2]).clip(0, width), (boxes[:, 1] + boxes[:, 3]).clip(0, height)
    return np.stack((x1, y1, x2 - x1, y2 - y1), 1)


def area_or_linear(picture, size):
    half = size[0] * 2 <= picture.shape[1] and size[1] * 2 <= picture.shape[0]
    return picture if picture.shape[1::-1] == size else cv2.resize(picture, size, interpolation=cv2.INTER_AREA if half else cv2.INTER_LINEAR)


class Darknet:
    def __init__(self, weights, size):
        text = open(str(weights)[: -len(".weights")] + ".cfg").read().replace("[yolo]", "[yolo]\nthresh=0.001")
        self.net = cv2.dnn.readNetFromDarknet(np.frombuffer(text.encode(), np.uint8), np.fromfile(weights, np.uint8))
        self.size = size

    def raw(self, picture):
        page = area_or_linear(picture, (self.size, self.size))
        self.net.setInput(cv2.dnn.blobFromImage(page, 1 / 255, swapRB=True))
        return self.net.forward(self.net.getUnconnectedOutLayersNames())

    def boxes(self, picture, least):
        h, w = picture.shape[:2]
        rows = np.concatenate(self.raw(picture)).astype(np.float64)
        rows = rows[(rows[:, 5:].argmax(1) == 0) & (rows[:, 5] >= least)]
        sized = rows[:, :4] * [w, h, w, h]
        sized[:, :2] -= sized[:, 2:] / 2
        return clipped(sized, w, h), rows[:, 5]


class Yolox:
    def __init__(self, path, size=416):
        self.net = cv2.dnn.readNetFromONNX(str(path))
        self.size = size

    def raw(self, picture):
        h, w = picture.shape[:2]
        self.scale = min(self.size / w, self.size / h)
        page = np.full((self.size, self.size, 3), 114, np.uint8)
        small = area_or_linear(picture, (int(w * self.scale + 0.5), int(h * self.scale + 0.5)))
        page[: small.shape[0], : small.shape[1]] = small
        self.net.setInput(cv2.dnn.blobFromImage(page))
        return [self.net.forward()]

    def boxes(self, picture, least):
        rows = self.raw(picture)[0][0].astype(np.float64)
        found, scores = [], []
        at = 0
        for stride in (8, 16, 32):
            for y in range(self.size // stride):
                for x in range(self.size // stride):
                    r, at = rows[at], at + 1
                    score = r[4] * r[5]
                    if score < least or r[5:].argmax() != 0:
                        continue
                    w, h = np.exp(r[2:4]) * stride
                    found.append([(r[0] + x) * stride - w / 2, (r[1] + y) * stride - h / 2, w, h])
                    scores.append(score)
        boxes = np.array(found).reshape(-1, 4) / self.scale
        return clipped(boxes, picture.shape[1], picture.shape[0]), np.array(scores)


def detector(kind, path, size=0):
    return Yolox(path, size or 416) if kind == "yolox" else Darknet(path, size or 320)


def find(reader, picture, least, limit):
    boxes, scores = reader.boxes(picture, least)
    kept = suppressed(boxes, scores, limit)
    return boxes[kept], scores[kept]


def record(kind, path, picture):
    """Rows near a person, as `head row value…`, then the boxes at 0.3 with NMS 0.5."""
    picture = cv2.imread(picture)
    reader = detector(kind, path)
    print(f"picture {picture.shape[1]} {picture.shape[0]} input {reader.size} {reader.size}")
    for head, rows in enumerate(reader.raw(picture)):
        rows = rows.reshape(-1, rows.shape[-1])
        print(f"head {head} {rows.shape[0]} {rows.shape[1]}")
        score = rows[:, 5] if kind == "darknet" else rows[:, 4] * rows[:, 5]
        for i in np.flatnonzero((score >= 0.1) | (rows[:, 4] * rows[:, 5:].max(1) >= 0.5)):
            other = rows[i, 6:].max() if rows.shape[1] > 6 else 0
            print("row", head, i, *(f"{v:.6g}" for v in rows[i, :6]), f"{other:.6g}")
    for box, score in zip(*find(reader, picture, 0.3, 0.5)):
        print("box", *(f"{v:.4f}" for v in box), f"{score:.6f}")


if __name__ == "__main__":
    if len(sys.argv) != 5 or sys.argv[1] != "record":
        sys.exit(__doc__)
    record(*sys.argv[2:5])
