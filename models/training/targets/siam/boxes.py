"""Crops, anchors, box codes: geometry that training and the plugin share. Boxes are centre x, y, width, height.

Lengths in a crop count published pixels: 255 across a search crop, two for one of our samples.
"""
import numpy as np

RATIOS = np.array([0.33, 0.5, 1, 2, 3])
GRID, STRIDE = 17, 8
LEAST_SIDE = 12.0  # half of what the published method needs: a size that only the anchors know cannot be learned


def context(w, h):
    """s of the specification: side of the square that a target and its surroundings take."""
    q = (w + h) / 2
    return np.sqrt((w + q) * (h + q))


def crop_side(w, h):
    """s_z, the picture's pixels that 127 of the crop show."""
    return max(context(w, h), LEAST_SIDE)


def anchors(w, h):
    """(5, 17, 17, 4) for a target whose last size was w, h."""
    scale = min(1.0, context(w, h) / LEAST_SIDE)
    out = np.zeros((len(RATIOS), GRID, GRID, 4))
    steps = STRIDE * (np.arange(GRID) - GRID // 2)
    out[..., 0], out[..., 1] = steps[None, None, :], steps[None, :, None]
    out[..., 2] = (64 / np.sqrt(RATIOS) * scale)[:, None, None]
    out[..., 3] = (64 * np.sqrt(RATIOS) * scale)[:, None, None]
    return out


def encode(anchor, box):
    return np.stack([(box[..., 0] - anchor[..., 0]) / anchor[..., 2], (box[..., 1] - anchor[..., 1]) / anchor[..., 3],
                     np.log(box[..., 2] / anchor[..., 2]), np.log(box[..., 3] / anchor[..., 3])], -1)


def decode(anchor, code):
    return np.stack([anchor[..., 0] + code[..., 0] * anchor[..., 2], anchor[..., 1] + code[..., 1] * anchor[..., 3],
                     anchor[..., 2] * np.exp(code[..., 2]), anchor[..., 3] * np.exp(code[..., 3])], -1)


def overlap(a, b):
    """IoU of centre boxes, broadcast."""
    low = np.maximum(a[..., :2] - a[..., 2:] / 2, b[..., :2] - b[..., 2:] / 2)
    high = np.minimum(a[..., :2] + a[..., 2:] / 2, b[..., :2] + b[..., 2:] / 2)
    inner = np.clip(high - low, 0, None).prod(-1)
    return inner / (a[..., 2:].prod(-1) + b[..., 2:].prod(-1) - inner)
