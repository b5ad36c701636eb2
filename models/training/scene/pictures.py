"""Indoor pictures in one file, and the changes they go through while training.

`prepare` reads the three sets of ../shared/data/indoor (full labels, floor alone, none), draws rooms of four classes (`rooms.py`),
stretches all to 400x300 and writes WORK/pictures.npz. `Sampler.draw` gives a changed picture: a part of it at another scale,
turned a little, mirrored, other colours, blurred, noisy. Labels go with it by the nearest neighbour; 255 = ignored or outside.
`pasted` puts things of one picture into another.
"""
import pathlib

import cv2
import numpy as np

import labels
import rooms

WIDTH, HEIGHT = 400, 300
FULL, FLOOR, NONE, DRAWN = 0, 1, 2, 3
NOT_FLOOR = 254  # in the pictures of which only the floor (0) is known


def _stretched(path, label=False):
    picture = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE if label else cv2.IMREAD_COLOR)
    if picture is None:
        raise FileNotFoundError(path)
    if label:
        return cv2.resize(picture, (WIDTH, HEIGHT), interpolation=cv2.INTER_NEAREST)
    shrinks = picture.shape[0] > HEIGHT
    return cv2.resize(picture, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)


def prepare(indoor, out, rooms_drawn=0):
    indoor = pathlib.Path(indoor)
    rows = []
    for path in sorted((indoor / "nyuv2_train" / "images").iterdir()):
        rows.append((FULL, path, indoor / "nyuv2_train" / "labels40" / (path.stem + ".png")))
    for path in sorted((indoor / "floor" / "images").iterdir()):
        rows.append((FLOOR, path, indoor / "floor" / "labels" / (path.stem + ".png")))
    for path in sorted((indoor / "unlabelled").iterdir()):
        rows.append((NONE, path, None))
    def marks(kind, path):
        label = _stretched(path, True)
        return np.where(label == 0, 0, NOT_FLOOR).astype(np.uint8) if kind == FLOOR else label

    blank = np.full((HEIGHT, WIDTH), labels.IGNORE, np.uint8)
    kinds, names = [r[0] for r in rows], [r[1].stem for r in rows]
    pictures, marked = [_stretched(r[1]) for r in rows], [blank if r[2] is None else marks(r[0], r[2]) for r in rows]
    for seed in range(rooms_drawn):
        picture, label = rooms.drawn(seed, WIDTH // 2, HEIGHT // 2)
        kinds.append(DRAWN)
        names.append(f"drawn{seed}")
        pictures.append(cv2.resize(picture, (WIDTH, HEIGHT), interpolation=cv2.INTER_LINEAR))
        marked.append(cv2.resize(label, (WIDTH, HEIGHT), interpolation=cv2.INTER_NEAREST))
    np.savez(out, kind=np.array(kinds, np.uint8), name=np.array(names), picture=np.stack(pictures), label=np.stack(marked))
    return [kinds.count(kind) for kind in (FULL, FLOOR, NONE, DRAWN)]


class Pictures:
    def __init__(self, path):
        with np.load(path) as file:
            self.kind, self.name, self.picture, self.label = (file[key] for key in ("kind", "name", "picture", "label"))

    def hold(self, share):
        """Numbers of the labelled pictures to train on and to hold out: whole runs of twelve, so that rooms stay together."""
        full = np.flatnonzero(self.kind == FULL)
        every = max(1, round(1 / share)) if share > 0 else 0
        out = np.array([every > 0 and (i // 12) % every == every - 1 for i in range(len(full))])
        return full[~out], full[out]


class Sampler:
    """One order per kind, shuffled anew each time round; its own random numbers, so a seed gives the same draws."""

    def __init__(self, pictures, groups, seed):
        self.pictures, self.groups = pictures, groups
        self.random = np.random.default_rng(seed)
        self.orders = {key: [] for key in groups}

    def next_of(self, key):
        if not self.orders[key]:
            self.orders[key] = list(self.random.permutation(self.groups[key]))
        return int(self.orders[key].pop())

    def draw(self, key, width, height, step):
        """-> picture as seen by the teacher, as seen by the learner (float 0..1, BGR), labels at 1/`step` of the size."""
        i = self.next_of(key)
        matrix = self.view(width, height)
        clear = cv2.warpAffine(self.pictures.picture[i], matrix, (width, height), flags=cv2.INTER_LINEAR,
                               borderMode=cv2.BORDER_REFLECT_101)
        shrink = np.array([[1 / step, 0, 0.5 / step - 0.5], [0, 1 / step, 0.5 / step - 0.5]])
        small = np.vstack([shrink, [0, 0, 1]]) @ np.vstack([matrix, [0, 0, 1]])
        label = cv2.warpAffine(self.pictures.label[i], small[:2], (width // step, height // step), flags=cv2.INTER_NEAREST,
                               borderMode=cv2.BORDER_CONSTANT, borderValue=labels.IGNORE)
        clear = clear.astype(np.float32) / 255
        return clear, self.colours(clear), label

    def view(self, width, height):
        r = self.random
        scale = 2.0 ** r.uniform(-0.45, 1.0)
        stretch = 2.0 ** r.uniform(-0.2, 0.2)
        sx, sy = width / WIDTH * scale * stretch, height / HEIGHT * scale / stretch
        turn = np.deg2rad(r.uniform(-7, 7)) if r.random() < 0.5 else 0.0
        if r.random() < 0.5:
            sx = -sx
        a = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]) @ np.diag([sx, sy])
        spare = np.array([abs(sx) * WIDTH - width, sy * HEIGHT - height])  # negative: the picture is smaller than the view
        middle = a @ np.array([WIDTH / 2, HEIGHT / 2])
        offset = np.array([width / 2, height / 2]) - middle + r.uniform(-0.5, 0.5, 2) * spare
        return np.column_stack([a, offset])

    def colours(self, picture):
        r = self.random
        out = picture * r.uniform(0.85, 1.15, 3).astype(np.float32) if r.random() < 0.6 else picture.copy()
        if r.random() < 0.7:
            grey = out @ np.array([0.114, 0.587, 0.299], np.float32)
            keep = 0.0 if r.random() < 0.15 else r.uniform(0.5, 1.5)  # without colour: night pictures
            out = grey[..., None] + np.float32(keep) * (out - grey[..., None])
        if r.random() < 0.8:
            mean = out.mean()
            out = (out - mean) * np.float32(r.uniform(0.6, 1.4)) + mean * np.float32(r.uniform(0.6, 1.4))
        if r.random() < 0.3:
            out = np.clip(out, 0, 1) ** np.float32(2.0 ** r.uniform(-0.6, 0.6))
        if r.random() < 0.25:
            out = cv2.GaussianBlur(out, (0, 0), r.uniform(0.3, 1.6))
        if r.random() < 0.25:
            out = out + r.standard_normal(out.shape, np.float32) * np.float32(r.uniform(0.01, 0.05))
        return np.clip(out, 0, 1)


def pasted(onto, from_, random):
    """(picture, labels of 40 classes) with half the kinds of furniture and things of another picture put in where they stand."""
    (picture, label), (other, marks) = onto, from_
    four = labels.fold_labels(marks)
    kinds = np.unique(marks[(four == 2) | (four == 3)])
    if not len(kinds):
        return onto
    here = np.isin(marks, random.choice(kinds, (len(kinds) + 1) // 2, replace=False))
    wide = cv2.resize(here.astype(np.uint8), (picture.shape[1], picture.shape[0]), interpolation=cv2.INTER_NEAREST).astype(bool)
    return np.where(wide[..., None], other, picture), np.where(here, marks, label)
