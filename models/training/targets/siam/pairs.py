"""Training pairs: a template crop, a search crop, and what every anchor of the search crop should say.

Real pairs are two frames of a clip, at most 100 apart; drawn ones come from drawn.py; of one in five the search crop shows
something else, and only background can be learned from it. One owner, one thread.
"""
import json
import pathlib

import cv2
import numpy as np

import boxes
import drawn
from crops import Scales, View, sample
from net import TEMPLATE, SEARCH

APART, NEGATIVE, REAL = 100, 0.33, 0.6  # a negative draw gives two samples, another four: 0.2 of them
POSITIVE, SAMPLED, SAMPLED_NEGATIVE = 16, 64, 16
WAITING = 256


class Pool:
    """Frames of the folds wanted, in one mapped file."""

    def __init__(self, folder, folds):
        rows = json.loads((pathlib.Path(folder) / "index.json").read_text())
        self.pixels = np.memmap(pathlib.Path(folder) / "pixels.bin", np.uint8, "r")
        rows = [r for r in rows if r["fold"] in folds]
        self.stills = [r for r in rows if r["kind"] == "still"]
        self.films = [r for r in rows if r["kind"] == "clip"]
        self.clips = [r for r in self.films if any(r["boxes"])]
        self.marked = [[i for i, b in enumerate(r["boxes"]) if b] for r in self.clips]

    def frame(self, row, i):
        size = row["width"] * row["height"]
        start = row["offset"] + i * size
        return self.pixels[start:start + size].reshape(row["height"], row["width"])


def part_around(picture, box, factor, reach):
    """The part of a picture that crops around the box can see, scaled; the box in it. Small parts keep the filter cheap."""
    side = boxes.crop_side(*(box[2:] * factor)) / factor
    half = side * reach + 18 / factor
    x0, y0 = (max(0, int(box[i] - half)) for i in (0, 1))
    part = picture[y0:int(box[1] + half) + 1, x0:int(box[0] + half) + 1]
    box = np.array([box[0] - x0, box[1] - y0, box[2], box[3]])
    if factor == 1:
        return np.ascontiguousarray(part), box
    size = [max(24, round(extent * factor)) for extent in part.shape[::-1]]
    scale = np.array([size[0] / part.shape[1], size[1] / part.shape[0]] * 2)
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR
    return cv2.resize(part, tuple(size), interpolation=how), box * scale


class Pairs:
    def __init__(self, pool, seed, inputs="im", region=True):
        self.pool, self.rng = pool, np.random.default_rng(seed)
        self.inputs, self.region = inputs, region
        self.waiting, self.last = [], None

    def background(self, side):
        rng = self.rng
        kind = rng.random()
        if kind < 0.25:
            return drawn.cloud(rng, side)
        if kind < 0.6:
            row = self.pool.stills[rng.integers(len(self.pool.stills))]
            picture = self.pool.frame(row, 0)
        else:
            row = self.pool.films[rng.integers(len(self.pool.films))]
            picture = self.pool.frame(row, rng.integers(row["frames"]))
        wanted = min(int(side * rng.uniform(0.7, 1.6)), *picture.shape)
        y, x = (rng.integers(extent - wanted + 1) for extent in picture.shape)
        part = cv2.resize(picture[y:y + wanted, x:x + wanted], (side, side), interpolation=cv2.INTER_LINEAR)
        return part[:, ::rng.choice([-1, 1])].astype(np.float32)

    def real(self):
        rng, pool = self.rng, self.pool
        which = rng.integers(len(pool.clips))
        row, marked = pool.clips[which], pool.marked[which]
        first = marked[rng.integers(len(marked))]
        near = [i for i in marked if abs(i - first) <= APART]
        second = near[rng.integers(len(near))]
        factor = float(np.exp(rng.uniform(np.log(0.3), np.log(1.2)))) if rng.random() < 0.5 else 1.0
        mirror, gain, offset = rng.random() < 0.5, rng.uniform(0.6, 1.3), rng.uniform(-25, 25)
        noise = rng.uniform(0, 4) if rng.random() < 0.4 else 0
        made = []
        for i, reach in ((first, 1.1), (second, 1.8)):
            picture, box = part_around(pool.frame(row, i), np.array(row["boxes"][i]), factor, reach)
            if mirror:
                picture, box = picture[:, ::-1], box * (-1, 1, 1, 1) + (picture.shape[1], 0, 0, 0)
            picture = picture.astype(np.float32) * gain + offset
            made.append((drawn.finish(rng, picture, noise), box))
        return made

    def both(self):
        made = None
        while made is None:
            made = self.real() if self.rng.random() < REAL else drawn.pair(self.rng, self.background)
        margin = np.exp(self.rng.uniform(-0.3, 0.4) + self.rng.normal(0, 0.1, 2))  # people draw boxes so or so: the template tells
        return [(picture, np.array([b[0], b[1], max(1, b[2] * margin[0]), max(1, b[3] * margin[1])])) for picture, b in made]

    def jitter(self, box, shift_px, size):
        """Where the crop is taken: published pixels off, of another size than the box."""
        rng = self.rng
        unit = boxes.crop_side(box[2], box[3]) / 127
        off, grow = rng.uniform(-shift_px, shift_px, 2) * unit, 1 + rng.uniform(-size, size)
        return np.array([box[0] + off[0], box[1] + off[1], max(1, box[2] * grow), max(1, box[3] * grow)])

    def draw(self):
        """One sample; what is drawn together is spread over many batches."""
        while len(self.waiting) < WAITING:
            self.waiting.extend(self.some())
        at = self.rng.integers(len(self.waiting))
        self.waiting[at], self.waiting[-1] = self.waiting[-1], self.waiting[at]
        return self.waiting.pop()

    def some(self):
        """Several samples of two pictures, since filtering them costs more than the crops do: either may be the template."""
        views = [(View(picture), box) for picture, box in self.both()]
        if self.rng.random() < NEGATIVE and self.last:
            yield self.one(views[0], self.last, True)
            yield self.one(self.last, views[1], True)
        else:
            for first, second in ((0, 1), (0, 1), (1, 0), (1, 0)):
                yield self.one(views[first], views[second], False)
            self.last = views[1]

    def one(self, template, search, negative):
        (view, box), (later, later_box) = template, search
        around = self.jitter(box, 4, 0.05)
        crops = sample(view, around)
        scales = Scales(crops, around)
        first = (SEARCH - TEMPLATE) // 2
        template = scales.apply(crops, self.inputs)[:, first:first + TEMPLATE, first:first + TEMPLATE]
        around = self.jitter(later_box, 64, 0.3)
        search = scales.apply(sample(later, around), self.inputs)
        return (template, search, *self.labels(around, None if negative else later_box))

    def labels(self, around, box):
        """Per anchor: +1, -1, or 0 where nothing is learned; what its four outputs should be."""
        if not self.region:
            return self.map_labels(around, box)
        rng, anchor = self.rng, boxes.anchors(around[2], around[3])
        kind = np.zeros(anchor.shape[:-1], np.float32)
        if box is None:
            kind.flat[rng.choice(kind.size, SAMPLED_NEGATIVE, False)] = -1
            return kind, np.zeros(anchor.shape, np.float32)
        wanted = in_crop(around, box)
        iou = boxes.overlap(anchor, wanted)
        good = np.flatnonzero(iou > 0.6)
        best = int(iou.argmax())
        if best not in good:
            good = np.append(good, best)
        if len(good) > POSITIVE:
            good = rng.choice(good, POSITIVE, False)
        bad = np.flatnonzero(iou < 0.3)
        bad = bad[bad != best]
        kind.flat[rng.choice(bad, min(len(bad), SAMPLED - len(good)), False)] = -1
        kind.flat[good] = 1
        return kind, boxes.encode(anchor, np.broadcast_to(wanted, anchor.shape)).astype(np.float32)

    def map_labels(self, around, box):
        rng, n = self.rng, boxes.GRID
        kind = np.full((1, n, n), -1, np.float32)
        if box is not None:
            steps = boxes.STRIDE * (np.arange(n) - n // 2)
            wanted = in_crop(around, box)
            near = np.hypot(steps[None, :] - wanted[0], steps[:, None] - wanted[1])
            kind[0][near <= max(12, near.min())] = 1
            bad = np.flatnonzero(kind < 0)
            kind.flat[rng.permutation(bad)[SAMPLED - POSITIVE:]] = 0
        else:
            kind.flat[rng.permutation(kind.size)[SAMPLED_NEGATIVE:]] = 0
        return kind, np.zeros((1, n, n, 4), np.float32)


def in_crop(around, box):
    unit = 127 / boxes.crop_side(around[2], around[3])
    return np.array([(box[0] - around[0]) * unit, (box[1] - around[1]) * unit, box[2] * unit, box[3] * unit])
