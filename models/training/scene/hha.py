"""HHA from depth: inverse distance, height over the lowest point, angle to gravity, as three 8-bit channels.

    channels = hha(depth_cm, raw_depth_cm, Camera.nyu())      # (H, W, 3): R = distance, G = height, B = angle

Normals come from planes in inverse depth (least squares over square windows); gravity is what most normals are parallel
or upright to. Pixels without raw depth are left out of the fits, the channels use the in-painted depth.
"""
import dataclasses

import numpy as np


@dataclasses.dataclass(frozen=True)
class Camera:
    fx: float
    fy: float
    cx: float
    cy: float

    @staticmethod
    def nyu(cropped=False):
        """Pixels counted from 1; cropped: the 560x425 part without the white frame."""
        return Camera(518.858, 519.470, 325.582 - 40 * cropped, 253.736 - 45 * cropped)


def rays(shape, camera):
    v, u = np.mgrid[1:shape[0] + 1, 1:shape[1] + 1].astype(np.float64)
    return (u - camera.cx) / camera.fx, (v - camera.cy) / camera.fy


def box(values, radius):
    """Sums over square windows, cut at the border."""
    out = values
    for axis in (0, 1):
        total = np.cumsum(out, axis)
        total = np.concatenate([np.zeros_like(np.take(total, [0], axis)), total], axis)
        length = out.shape[axis]
        high = np.minimum(np.arange(length) + radius + 1, length)
        low = np.maximum(np.arange(length) - radius, 0)
        out = np.take(total, high, axis) - np.take(total, low, axis)
    return out


def normals(depth, valid, camera, radius):
    """Unit normals (H, W, 3), turned so that n . P > 0; 0 where the window says nothing."""
    x, y = rays(depth.shape, camera)
    one = valid.astype(np.float64)
    inverse = np.where(valid, 1.0 / np.where(valid, depth, 1.0), 0.0)
    xx, xy, xz, yy, yz, zz = (box(p * one, radius) for p in (x * x, x * y, x, y * y, y, 1.0))
    bx, by, bz = (box(p * inverse, radius) for p in (x, y, 1.0))
    # the cofactors of the symmetric matrix times b: the solution but for its length, which is not wanted
    n = np.stack([(yy * zz - yz * yz) * bx + (xz * yz - xy * zz) * by + (xy * yz - xz * yy) * bz,
                  (xz * yz - xy * zz) * bx + (xx * zz - xz * xz) * by + (xy * xz - xx * yz) * bz,
                  (xy * yz - xz * yy) * bx + (xy * xz - xx * yz) * by + (xx * yy - xy * xy) * bz], -1)
    n[zz < 4] = 0
    length = np.linalg.norm(n, axis=-1, keepdims=True)
    n = np.divide(n, length, out=np.zeros_like(n), where=length > 0)
    return n * np.where((n[..., 0] * x + n[..., 1] * y + n[..., 2]) < 0, -1.0, 1.0)[..., None]


def gravity(n):
    """Direction down in the camera's frame, from normals (N, 3)."""
    n = n[np.linalg.norm(n, axis=1) > 0.5]
    g = np.array([0.0, 1.0, 0.0])
    for degrees in (45,) * 5 + (15,) * 5:
        along = np.abs(n @ g)
        flat = n[along > np.cos(np.deg2rad(degrees))]
        upright = n[along < np.sin(np.deg2rad(degrees))]
        _, vectors = np.linalg.eigh(upright.T @ upright - flat.T @ flat)
        down = vectors[:, 0]
        g = down if down @ g >= 0 else -down
    return g


def hha(depth, raw, camera, down=None):
    """depth: in-painted, cm; raw: as measured, 0 where nothing was."""
    valid = raw > 0
    if down is None:
        down = gravity(normals(depth, valid, camera, 10)[valid])
    x, y = rays(depth.shape, camera)
    height = -(down[0] * x + down[1] * y + down[2]) * depth
    lowest = height.min()
    lowest = -130.0 if lowest > -90 else lowest
    n = normals(depth, valid, camera, 3)
    angle = np.degrees(np.arccos(np.clip(n @ down, -1, 1)))
    channels = np.stack([31000 / np.maximum(depth, 100), height - lowest, angle + 38], -1)
    return np.clip(np.rint(channels), 0, 255).astype(np.uint8)
