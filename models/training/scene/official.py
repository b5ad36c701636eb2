"""NYUv2 as it comes: nyu_depth_v2_labeled.mat (HDF5, axes reversed), splits and mappings (MAT v5); or folders of pictures.

    data = Official(mat, splits_mat, classes40_mat, classes13_mat)
    picture, depth_cm, label = data.read(number, classes=40)     # number: 1-based, as in the splits

Everything is cropped to rows 45..469, columns 40..599, where picture and depth are valid.
"""
import pathlib

import numpy as np

import hha
import labels

ROWS, COLUMNS = slice(45, 470), slice(40, 600)


class Mappings:
    """894 names -> 40 classes -> 13 or 4; all results 0-based, 255 where nothing is known."""

    def __init__(self, classes40_mat, classes13_mat):
        from scipy.io import loadmat
        whole = loadmat(classes40_mat)
        self.of_names = whole["mapClass"].ravel().astype(np.int64)
        self.four = whole["mapToNYUSuperClass"].ravel().astype(np.int64)
        self.thirteen = loadmat(classes13_mat)["classMapping13"][0, 0]["labels13"].ravel().astype(np.int64)

    def table(self, classes):
        """Raw label 0..894 -> class."""
        of_40 = {40: np.arange(1, 41), 13: self.thirteen, 4: self.four}[classes]
        row = np.full(len(self.of_names) + 1, labels.IGNORE, np.uint8)
        known = self.of_names > 0
        row[1:][known] = of_40[self.of_names[known] - 1] - 1
        return row


def splits(path):
    from scipy.io import loadmat
    whole = loadmat(path)
    return whole["trainNdxs"].ravel().astype(int), whole["testNdxs"].ravel().astype(int)


class Official:
    def __init__(self, mat, splits_mat, classes40_mat, classes13_mat):
        import h5py
        self.file = h5py.File(mat, "r")
        self.train, self.test = splits(splits_mat)
        self.mappings = Mappings(classes40_mat, classes13_mat)

    def read(self, number, classes):
        """-> picture (H, W, 3; RGB, 8 bits), depth in cm, labels."""
        i = number - 1
        picture = np.ascontiguousarray(self.file["images"][i].transpose(2, 1, 0))
        depth = self.file["depths"][i].T.astype(np.float64) * 100
        raw = self.file["labels"][i].T
        label = self.mappings.table(classes)[raw]
        return picture[ROWS, COLUMNS], depth[ROWS, COLUMNS], label[ROWS, COLUMNS]

    def channels(self, number):
        """HHA of the cropped picture; where the sensor saw nothing is left out of its fits."""
        _, depth, _ = self.read(number, 40)
        raw = self.file["rawDepths"][number - 1].T[ROWS, COLUMNS]
        return hha.hha(depth, raw, hha.Camera.nyu(cropped=True))


class Folder:
    """images/NAME.jpg with labels/, labels13/ or labels40/NAME.png."""

    def __init__(self, path, classes):
        path = pathlib.Path(path)
        marks = path / {4: "labels", 13: "labels13", 40: "labels40"}[classes]
        self.rows = [(p, marks / (p.stem + ".png")) for p in sorted((path / "images").iterdir())]
        missing = [str(mark) for _, mark in self.rows if not mark.exists()]
        if missing:
            raise FileNotFoundError(f"{missing[0]} and {len(missing) - 1} more labels are missing")

    def __len__(self):
        return len(self.rows)

    def read(self, i):
        """-> picture (RGB, 8 bits), labels."""
        import cv2
        picture, label = cv2.imread(str(self.rows[i][0])), cv2.imread(str(self.rows[i][1]), cv2.IMREAD_GRAYSCALE)
        return np.ascontiguousarray(picture[:, :, ::-1]), label
