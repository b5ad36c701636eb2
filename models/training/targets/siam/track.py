"""The published procedure with this network alone: search crop at the last place, the best proposal, again; when lost, the
highest residual in the gate. It measures networks while they are made; the plugin has its own tracker around the network."""
import numpy as np
import torch

import boxes
import net
from crops import Scales, View, sample

PENALTY, WINDOW, SIZE_RATE = 0.16, 0.40, 0.30
LOST_BELOW, LOST_AFTER, SIGMAS, REACH = 0.5, 5, 5, 20
HANNING = np.outer(np.hanning(boxes.GRID), np.hanning(boxes.GRID))


def change(ratio):
    return np.maximum(ratio, 1 / ratio)


class Judge:
    """Scores the anchors of a search crop, picks one."""

    def __init__(self, model, inputs, view, box):
        self.model, self.inputs = model, inputs
        crops = sample(view, box)
        self.scales = Scales(crops, box)
        self.kernel = net.middle(self.features(crops), isinstance(model, net.Region))

    def features(self, crops):
        with torch.no_grad():
            return self.model.features(torch.from_numpy(self.scales.apply(crops, self.inputs)[None]))

    def best(self, view, box):
        """Its probability, and the centre box after damping."""
        with torch.no_grad():
            out = self.model.head(self.model.compare(self.kernel, self.features(sample(view, box))))[0].numpy().astype(np.float64)
        unit = boxes.crop_side(box[2], box[3]) / 127
        if len(out) == 1:
            return self.of_map(1 / (1 + np.exp(-out[0])), box, unit)
        m = net.ANCHORS
        p = 1 / (1 + np.exp(out[:m] - out[m:2 * m]))
        found = boxes.decode(boxes.anchors(box[2], box[3]), np.moveaxis(out[2 * m:].reshape(4, m, *p.shape[1:]), 0, -1).clip(-4, 4))
        w, h = found[..., 2] * unit, found[..., 3] * unit
        penalty = np.exp(-PENALTY * (change(w / h * box[3] / box[2]) * change(boxes.context(w, h) / boxes.context(box[2], box[3])) - 1))
        at = np.unravel_index(np.argmax((1 - WINDOW) * p * penalty + WINDOW * HANNING), p.shape)
        rate = penalty[at] * p[at] * SIZE_RATE
        size = np.maximum(1, (1 - rate) * np.array(box[2:]) + rate * np.array([w[at], h[at]]))
        return float(p[at]), np.array([box[0] + found[at][0] * unit, box[1] + found[at][1] * unit, *size])

    def of_map(self, p, box, unit):
        y, x = np.unravel_index(np.argmax((1 - WINDOW) * p + WINDOW * HANNING), p.shape)
        return float(p[y, x]), np.array([box[0] + (x - 8) * 8 * unit, box[1] + (y - 8) * 8 * unit, box[2], box[3]])


class Follower:
    def __init__(self, model, inputs, picture, box):
        view = View(picture)
        self.judge = Judge(model, inputs, view, np.array(box, np.float64))
        self.box, self.velocity, self.missed = np.array(box, np.float64), np.zeros(2), 0

    def step(self, picture):
        view = View(picture)
        p, box = self.judge.best(view, self.box)
        self.missed = 0 if p >= LOST_BELOW else self.missed + 1
        if self.missed >= LOST_AFTER:
            at = self.again(view)
            if at is not None:
                self.box[:2], self.velocity[:], self.missed = at, 0, 0
            return self.box, self.missed < LOST_AFTER
        box[:2] = np.clip(box[:2], 0, picture.shape[::-1])
        self.velocity = 0.7 * self.velocity + 0.3 * (box[:2] - self.box[:2])
        self.box = box
        return box, True

    def again(self, view):
        """The highest pixel of M where the target may have come in the frames missed."""
        reach = 20 + 6 * self.missed
        x0, y0 = (max(0, int(self.box[i] - reach)) for i in (0, 1))
        part = view.residual[y0:int(self.box[1] + reach), x0:int(self.box[0] + reach)]
        self.missed += 1
        if not part.size:
            return None
        y, x = np.unravel_index(np.argmax(part), part.shape)
        y, x = y + y0, x + x0
        ring = view.residual[max(0, y - REACH):y + REACH + 1, max(0, x - REACH):x + REACH + 1].astype(np.float64)
        return (x + 0.5, y + 0.5) if view.residual[y, x] > ring.mean() + SIGMAS * max(0.5, ring.std()) else None
