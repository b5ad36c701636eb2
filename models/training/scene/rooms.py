"""Procedural rooms with exact depth: a box with furniture and things on it, seen by a tilted camera. No real picture has
labelled depth here, so the rows for HHA in the experiment come from these; they are marked so.

    picture, channels, label = room(seed, 132, 100)    # colours (no order: they are random) and HHA, 8 bits; four classes
    picture, label = drawn(seed, 132, 100)
"""
import numpy as np

import hha

FLOOR, STRUCTURE, FURNITURE, PROPS = range(4)


class Scene:
    """Boxes along the axes (x right, y down, z ahead; cm, the camera is the origin), each with a class and a colour."""

    def __init__(self, random):
        self.random = random
        self.boxes = []

    def box(self, low, high, label, colour):
        self.boxes.append((np.array(low, float), np.array(high, float), label, colour))

    def colour(self, low=30, high=225):
        base = self.random.uniform(low, high)
        return np.clip(base + self.random.normal(0, 25, 3), 5, 250)


def furnish(random):
    scene = Scene(random)
    half, ahead, under, above = random.uniform((130, 250, 100, 80), (300, 600, 160, 150))
    inside = np.array([-half, -above, -80.0]), np.array([half, under, ahead])
    walls = scene.colour(90, 235)
    for _ in range(random.integers(2, 7)):
        size = random.uniform((40, 35, 40), (150, 180, 110))
        x = random.choice([-half, half - size[0], random.uniform(-half, half - size[0])])
        z = random.choice([ahead - size[2], random.uniform(120, max(130, ahead - size[2]))])
        low = np.array([x, under - size[1], z])
        scene.box(low, low + size, FURNITURE, scene.colour())
        for _ in range(random.integers(0, 3)):
            small = random.uniform((10, 8, 10), (35, 40, 35))
            spot = low + (random.uniform(0, 1, 3) * (size - small)) * (1, 0, 1) - (0, small[1], 0)
            scene.box(spot, spot + small, PROPS, scene.colour(10, 250))
    for _ in range(random.integers(0, 3)):  # pictures on the far wall
        w, h = random.uniform(25, 90), random.uniform(20, 60)
        x, y = random.uniform(-half, half - w), random.uniform(-above * 0.8, 10)
        scene.box((x, y, ahead - 2), (x + w, y + h, ahead + 1), PROPS, scene.colour(10, 250))
    for _ in range(random.integers(0, 2)):  # something on the floor
        w = random.uniform(20, 60)
        x, z = random.uniform(-half, half - w), random.uniform(100, ahead - w)
        scene.box((x, under - w * 0.6, z), (x + w, under, z + w), PROPS, scene.colour(10, 250))
    return scene, inside, walls, scene.colour(40, 200)


def cast(rays, scene, inside, walls, ground):
    """Nearest surface along unit-z rays: distance factor, class, colour, facing (0..2 = axis)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ends = np.where(rays > 0, inside[1], inside[0]) / rays
    ends = np.where(np.isfinite(ends), ends, np.inf)
    axis, far = ends.argmin(-1), ends.min(-1)
    label = np.where((axis == 1) & (rays[..., 1] > 0), FLOOR, STRUCTURE)
    colour = np.where((label == FLOOR)[..., None], ground, walls) + np.where(axis == 1, 15, 0)[..., None]
    for low, high, kind, paint in scene.boxes:
        with np.errstate(divide="ignore", invalid="ignore"):
            a, b = low / rays, high / rays
        near, away = np.fmin(a, b), np.fmax(a, b)
        enter, leave = near.max(-1), away.min(-1)
        hit = (enter < leave) & (enter > 1) & (enter < far)
        far, label = np.where(hit, enter, far), np.where(hit, kind, label)
        axis = np.where(hit, near.argmax(-1), axis)
        colour = np.where(hit[..., None], paint, colour)
    return far, label, colour, axis


def room(seed, width, height):
    random, points, depth, camera, colour, label, axis = look(seed, width, height)
    return paint(random, points, colour, axis), channels(random, depth, camera), label.astype(np.uint8)


def drawn(seed, width, height):
    """Picture and label alone, which is quicker."""
    random, points, _, _, colour, label, axis = look(seed, width, height)
    return paint(random, points, colour, axis), label.astype(np.uint8)


def look(seed, width, height):
    random = np.random.default_rng(seed)
    scene, inside, walls, ground = furnish(random)
    camera = hha.Camera(width * 0.83, width * 0.83, (width + 1) / 2, (height + 1) / 2)
    x, y = hha.rays((height, width), camera)
    tilt, roll, turn = np.deg2rad(random.uniform((-2, -4, -25), (28, 4, 25)))
    rotate = (np.array([[np.cos(turn), 0, np.sin(turn)], [0, 1, 0], [-np.sin(turn), 0, np.cos(turn)]])
              @ np.array([[1, 0, 0], [0, np.cos(tilt), np.sin(tilt)], [0, -np.sin(tilt), np.cos(tilt)]])
              @ np.array([[np.cos(roll), -np.sin(roll), 0], [np.sin(roll), np.cos(roll), 0], [0, 0, 1]]))
    rays = np.stack([x, y, np.ones_like(x)], -1) @ rotate.T
    depth, label, colour, axis = cast(rays, scene, inside, walls, ground)
    return random, rays * depth[..., None], depth, camera, colour, label, axis


def paint(random, points, colour, axis):
    """Light that falls off, shade by facing, a wavy texture, noise."""
    lamp = random.uniform((-150, -140, 50), (150, -60, 350))
    light = random.uniform(0.6, 1.1) / (0.6 + np.linalg.norm(points - lamp, axis=-1) / random.uniform(300, 700))
    light = light * np.array([0.9, 1.05, 1.0])[axis]
    waves = np.sin(points @ random.normal(0, 0.12, 3)) * np.sin(points @ random.normal(0, 0.12, 3)) * random.uniform(0, 22)
    return np.clip((colour + waves[..., None]) * light[..., None] + random.normal(0, 5, colour.shape), 0, 255).astype(np.uint8)


def channels(random, depth, camera):
    """HHA from depth as a structured-light camera sees it: error grows with the square of the distance, holes."""
    measured = depth + random.normal(0, 1, depth.shape) * 1.4e-5 * depth ** 2
    raw = np.where(random.random(depth.shape) < 0.03, 0, measured)
    return hha.hha(measured, raw, camera)
