"""Samples for training: mosaics and scaled, mirrored, recoloured, noisy pictures, drawn from the prepared file."""
import json
import pathlib

import cv2
import numpy as np


class Pictures:
    def __init__(self, folder, part):
        folder = pathlib.Path(folder)
        self.rows = [r for r in json.loads((folder / "index.json").read_text()) if r["part"] == part]
        self.pixels = np.memmap(folder / "pixels.bin", np.uint8, "r")

    def __len__(self):
        return len(self.rows)

    def picture(self, i):
        r = self.rows[i]
        return self.pixels[r["offset"] : r["offset"] + r["height"] * r["width"] * 3].reshape(r["height"], r["width"], 3)

    def marks(self, i):
        """(n, 5): x1, y1, x2, y2 and 1 for a person, 0 for a region to ignore."""
        r = self.rows[i]
        boxes = [[x, y, x + w, y + h, 1] for x, y, w, h in r["boxes"]]
        boxes += [[x, y, x + w, y + h, 0] for x, y, w, h in r["ignore"]]
        return np.array(boxes, np.float32).reshape(-1, 5)


# How often a set's pictures are drawn, against their number.
WEIGHTS = {"drone_ir": 0.3, "indoor": 0.5, "hituav_thermal_aerial": 1.5, "thermal_seek_dogs_people": 1.5, "roadscene": 3.0,
           "cctv_humandet": 1.5, "street_lschen": 1.3}


def weights(pictures):
    w = np.array([WEIGHTS.get(r["set"], 1.0) for r in pictures.rows])
    return w / w.sum()


class Sampler:
    """Random training samples; one owner, one thread."""

    def __init__(self, pictures, seed):
        self.pictures = pictures
        self.weights = weights(pictures)
        self.rng = np.random.default_rng(seed)

    def draw(self, size, mosaic):
        if self.rng.random() < mosaic:
            page, marks = self.four(size)
        else:
            page, marks = np.full((size, size, 3), 114, np.uint8), np.zeros((0, 5), np.float32)
            marks = self.place(page, (0, 0, size, size), size, np.exp(self.rng.uniform(np.log(0.7), np.log(2.0))))
        if self.rng.random() < 0.5:
            page = page[:, ::-1]
            marks[:, [0, 2]] = size - marks[:, [2, 0]]
        return self.recolour(np.ascontiguousarray(page)), marks

    def four(self, size):
        page = np.full((size, size, 3), 114, np.uint8)
        cx, cy = (int(size * self.rng.uniform(0.3, 0.7)) for _ in range(2))
        windows = [(0, 0, cx, cy), (cx, 0, size, cy), (0, cy, cx, size), (cx, cy, size, size)]
        marks = [self.place(page, window, size, np.exp(self.rng.uniform(np.log(0.4), np.log(1.3)))) for window in windows]
        return page, np.concatenate(marks)

    def place(self, page, window, size, zoom):
        """One random picture into a window of the page; the part shown is random where it is larger."""
        rng = self.rng
        i = rng.choice(len(self.pictures), p=self.weights)
        row = self.pictures.rows[i]
        picture, marks = self.pictures.picture(i), self.pictures.marks(i)
        if row["kind"] == "thermal" and row["set"] == "hituav_thermal_aerial":
            zoom *= 1.5
        scale = size / max(picture.shape[:2]) * zoom
        sx, sy = scale * np.exp(rng.uniform(-0.15, 0.15)), scale
        x0, y0, x1, y1 = window
        w, h = picture.shape[1] * sx, picture.shape[0] * sy
        left = x0 + (x1 - x0 - w) * rng.random()
        top = y0 + (y1 - y0 - h) * rng.random()
        part = np.array([[sx, 0, left - x0], [0, sy, top - y0]], np.float32)
        shrink = cv2.INTER_AREA if scale < 0.6 else cv2.INTER_LINEAR
        if shrink == cv2.INTER_AREA:  # warpAffine knows no area means
            picture = cv2.resize(picture, (max(1, round(w)), max(1, round(h))), interpolation=shrink)
            part[0, 0] = part[1, 1] = 1
        page[y0:y1, x0:x1] = cv2.warpAffine(picture, part, (x1 - x0, y1 - y0), borderValue=(114, 114, 114))
        if not len(marks):
            return marks
        marks[:, [0, 2]] = marks[:, [0, 2]] * sx + left
        marks[:, [1, 3]] = marks[:, [1, 3]] * sy + top
        return clipped(marks, window)

    def recolour(self, page):
        """Grey, inverted and palette pictures of visible people stand in for night and thermal cameras."""
        rng = self.rng
        kind = rng.random()
        if kind < 0.30:
            grey = cv2.cvtColor(page, cv2.COLOR_BGR2GRAY)
            if kind < 0.12:
                grey = 255 - grey
            page = cv2.applyColorMap(grey, rng.choice([2, 4, 11, 12, 13, 20])) if kind > 0.26 else cv2.merge((grey, grey, grey))
        gain, offset = rng.uniform(0.55, 1.4), rng.uniform(-35, 35)
        table = np.arange(256, dtype=np.float32)
        table = 255 * (np.clip(table * gain + offset, 0, 255) / 255) ** np.exp(rng.uniform(-0.35, 0.35))
        page = cv2.LUT(page, table.astype(np.uint8))
        if rng.random() < 0.15:
            page = cv2.blur(page, (3, 3)) if rng.random() < 0.6 else cv2.blur(page, (5, 1))
        if rng.random() < 0.2:
            noise = rng.normal(0, rng.uniform(3, 14), (page.shape[0], page.shape[1], 1)).astype(np.float32)
            page = np.clip(page + noise, 0, 255).astype(np.uint8)
        return page


def clipped(marks, window):
    """Marks inside the window; of a person less than a quarter of which is left only a region to ignore remains."""
    area = (marks[:, 2] - marks[:, 0]) * (marks[:, 3] - marks[:, 1])
    marks = marks.copy()
    marks[:, [0, 2]] = marks[:, [0, 2]].clip(window[0], window[2])
    marks[:, [1, 3]] = marks[:, [1, 3]].clip(window[1], window[3])
    w, h = marks[:, 2] - marks[:, 0], marks[:, 3] - marks[:, 1]
    small = (w * h < 0.25 * area) | (w < 3) | (h < 5)
    marks[small, 4] = 0
    return marks[(w > 1) & (h > 1)]
