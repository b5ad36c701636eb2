"""Pictures as the network sees them: I and M around a target, as plugins/targets feeds them.

The picture is smoothed as the plugin does; M is U of the filter with 8 directions. A crop is sampled bilinearly, from one
sample for two published pixels on. Scales are the first box's and kept: M / its peak there, at most 1; (I - mean of the
crop) / its greatest there, -2 ... 2.
"""
import cv2
import numpy as np

import boxes
from net import SEARCH

LENGTH, DIRECTIONS = 15, 8


def line(direction):
    angle = np.pi * direction / DIRECTIONS
    points = {(round(i * np.cos(angle)), -round(i * np.sin(angle))) for i in range(-(LENGTH // 2), LENGTH // 2 + 1)}
    reach = [max(abs(p[axis]) for p in points) for axis in (0, 1)]
    mask = np.zeros((2 * reach[1] + 1, 2 * reach[0] + 1), np.uint8)
    for x, y in points:
        mask[y + reach[1], x + reach[0]] = 1
    return mask


LINES = [line(i) for i in range(DIRECTIONS)]


class View:
    """A picture (uint8) with its residual."""

    def __init__(self, picture):
        self.picture = cv2.GaussianBlur(picture, (3, 3), 0.7, sigmaY=0.7, borderType=cv2.BORDER_REPLICATE)
        background = np.zeros_like(self.picture)
        for mask in LINES:
            cv2.max(background, cv2.morphologyEx(self.picture, cv2.MORPH_OPEN, mask), background)
        self.residual = self.picture - background
        self.mean = float(self.picture.mean())


def sample(view, box):
    """I and M, float32 127x127, around a centre box; the scales are not applied yet."""
    step = 2 * boxes.crop_side(box[2], box[3]) / 127
    half = (SEARCH - 1) / 2
    matrix = np.array([[step, 0, box[0] - 0.5 - step * half], [0, step, box[1] - 0.5 - step * half]])
    out = []
    for picture, outside in ((view.picture, view.mean), (view.residual, 0)):
        out.append(cv2.warpAffine(picture, matrix, (SEARCH, SEARCH), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
                                  borderMode=cv2.BORDER_CONSTANT, borderValue=outside).astype(np.float32))
    return out


class Scales:
    """What the first box says of how bright the target is."""

    def __init__(self, crops, box):
        side = boxes.crop_side(box[2], box[3])
        half = [max(1, int(np.ceil(extent * 127 / side / 4))) for extent in box[2:]]
        middle = SEARCH // 2
        inside = np.s_[middle - half[1]:middle + half[1] + 1, middle - half[0]:middle + half[0] + 1]
        picture, residual = crops
        self.residual = max(1.0, float(residual[inside].max()))
        self.picture = max(8.0, float(np.abs(picture[inside] - picture.mean()).max()))

    def apply(self, crops, inputs="im"):
        picture, residual = crops
        channels = {"i": np.clip((picture - picture.mean()) / self.picture, -2, 2), "m": np.minimum(residual / self.residual, 1)}
        return np.stack([channels[name] for name in inputs]).astype(np.float32)
