"""Drawn targets on real and drawn backgrounds: points as the lens makes them, short lines, small shapes; they move, grow,
fade, are hidden in part, and have others like them nearby."""
import cv2
import numpy as np


def cloud(rng, side):
    """A drawn background: noise of several sizes, sometimes a horizon or an edge."""
    out = np.zeros((side, side), np.float32)
    for octave in range(2, 6):
        small = rng.normal(0, 1, (1 << octave, 1 << octave)).astype(np.float32)
        out += cv2.resize(small, (side, side), interpolation=cv2.INTER_CUBIC) * 0.55 ** (octave - 2)
    out = out * rng.uniform(1, 14) + rng.uniform(30, 150)
    if rng.random() < 0.3:
        angle, at = rng.uniform(0, np.pi), rng.uniform(0.2, 0.8) * side
        y, x = np.mgrid[:side, :side]
        out += rng.uniform(-60, 60) * ((x * np.cos(angle) + y * np.sin(angle)) > at)
    return out


class Target:
    """A look that can be drawn anywhere, turned and grown a little. `extent` is that of its visible part."""

    def __init__(self, rng):
        self.kind = rng.choice(["point", "line", "shape"], p=[0.3, 0.2, 0.5])
        self.height = rng.uniform(12, 110) * (1 if rng.random() < 0.92 else -1)
        self.angle = rng.uniform(0, np.pi)
        self.blur = rng.uniform(0.6, 1.6)
        if self.kind == "point":
            self.size = np.array([1.0, 1.0]) * rng.uniform(0.5, 3)
        elif self.kind == "line":
            self.size = np.array([rng.uniform(3, 12), rng.uniform(0.6, 1.5)])
        else:
            self.size = np.exp(rng.uniform(np.log(4), np.log(34))) * np.array([1.0, np.exp(rng.uniform(-0.9, 0.2))])
        count = rng.integers(5, 10)
        turn = np.sort(rng.uniform(0, 2 * np.pi, count))
        self.outline = np.stack([np.cos(turn), np.sin(turn)], 1) * rng.uniform(0.35, 1, (count, 1))
        self.inside = rng.uniform(0.5, 1.1, 3)

    def change(self, rng, distance):
        """As it looks some frames later."""
        self.angle += rng.normal(0, 0.25) * distance
        self.size = self.size * np.exp(rng.normal(0, 0.12 * distance, 2) * 0.5 + rng.normal(0, 0.15 * distance))
        self.height *= np.exp(rng.normal(0, 0.2 * distance))
        self.outline = self.outline * np.exp(rng.normal(0, 0.1 * distance, (len(self.outline), 1)))

    def draw(self, picture, at):
        """Adds it; returns its centre box."""
        fine = 4
        reach = int(np.ceil(self.size.max() * 0.75 + 4 * self.blur)) + 2
        side = (2 * reach + 1) * fine
        x0, y0 = int(np.floor(at[0])) - reach, int(np.floor(at[1])) - reach
        middle = (np.array(at) - (x0, y0)) * fine
        turn = np.array([[np.cos(self.angle), -np.sin(self.angle)], [np.sin(self.angle), np.cos(self.angle)]])
        mask = np.zeros((side, side), np.uint8)
        if self.kind == "shape":
            points = (self.outline * self.size / 2) @ turn.T * fine + middle
            cv2.fillPoly(mask, [np.round(points).astype(np.int32)], 255)
        else:
            half = turn[:, 0] * max(0.0, self.size[0] - self.size[1]) / 2 * fine
            ends = [tuple(int(v) for v in np.round(middle + sign * half)) for sign in (-1, 1)]
            cv2.line(mask, ends[0], ends[1], 255, max(1, int(round(self.size[1] * fine))), cv2.LINE_8)
        soft = cv2.GaussianBlur(mask.astype(np.float32) / 255, (0, 0), self.blur * fine)
        soft = cv2.resize(soft, (2 * reach + 1,) * 2, interpolation=cv2.INTER_AREA)
        if soft.max() <= 0:
            return None
        soft /= soft.max()
        rows, columns = np.nonzero(soft > 0.4)
        box = np.array([columns.min(), rows.min(), columns.max() + 1, rows.max() + 1], np.float64) + (x0, y0, x0, y0)
        paste(picture, soft * self.height, x0, y0)
        return np.array([(box[0] + box[2]) / 2, (box[1] + box[3]) / 2, box[2] - box[0], box[3] - box[1]])


def paste(picture, values, x0, y0):
    h, w = picture.shape
    ya, yb, xa, xb = max(0, y0), min(h, y0 + values.shape[0]), max(0, x0), min(w, x0 + values.shape[1])
    if ya < yb and xa < xb:
        picture[ya:yb, xa:xb] += values[ya - y0:yb - y0, xa - x0:xb - x0]


def hide(rng, picture, box):
    """A soft edge of something in front covers a part of the target."""
    x, y, w, h = box
    level = float(np.median(picture))
    side = int(max(w, h) * rng.uniform(0.4, 0.8)) + 1
    angle = rng.uniform(0, 2 * np.pi)
    cx, cy = int(x + np.cos(angle) * (side / 2 + w * 0.2)), int(y + np.sin(angle) * (side / 2 + h * 0.2))
    ya, xa = max(0, cy - side // 2), max(0, cx - side // 2)
    part = picture[ya:cy + side // 2 + 1, xa:cx + side // 2 + 1]
    if part.size:
        part[:] = 0.15 * part + 0.85 * level


def finish(rng, picture, noise):
    return np.clip(picture + rng.normal(0, noise, picture.shape), 0, 255).astype(np.uint8)


def pair(rng, background, side=150):
    """Two pictures (uint8) of a target and its centre boxes in them. `background(side)`: float32."""
    far = background(side + 24)
    target, distance = Target(rng), rng.uniform(0, 1.5)
    others = [(Target(rng), rng.uniform(10, side - 10, 2)) for _ in range(rng.choice([0, 1, 2, 4], p=[0.5, 0.25, 0.15, 0.1]))]
    if abs(target.height) < 3 * far.std():
        target.height *= min(4, 1 + far.std() / 15)
    noise, made, shift = rng.uniform(0.3, 5), [], np.array([12.0, 12.0])
    at = rng.uniform(0.35, 0.65, 2) * side
    for later in (False, True):
        if later:
            target.change(rng, distance)
            shift = shift + rng.uniform(-9, 9, 2) * distance / 1.5
            at = np.clip(at + rng.normal(0, 6 * distance, 2), 30, side - 30)
        picture = cv2.getRectSubPix(far, (side, side), tuple(float(v) for v in shift + side / 2))
        if later:
            picture = picture * rng.uniform(0.85, 1.15) + rng.uniform(-15, 15)
        for other, place in others:
            other.draw(picture, place + (rng.normal(0, 3, 2) if later else 0))
        box = target.draw(picture, at)
        if box is None:
            return None
        if later and rng.random() < 0.12:
            hide(rng, picture, box)
        made.append((finish(rng, picture, noise), box))
    return made
