"""The label sets of NYUv2: 40 classes, 13, and the four of Silberman et al. Index = official number - 1, 255 = ignore."""
import numpy as np

IGNORE = 255
NAMES4 = ("floor", "structure", "furniture", "props")
NAMES13 = ("bed", "books", "ceiling", "chair", "floor", "furniture", "objects", "picture", "sofa", "table", "tv", "wall",
           "window")
NAMES40 = ("wall", "floor", "cabinet", "bed", "chair", "sofa", "table", "door", "window", "bookshelf", "picture", "counter",
           "blinds", "desk", "shelves", "curtain", "dresser", "pillow", "mirror", "floor mat", "clothes", "ceiling", "books",
           "refrigerator", "television", "paper", "towel", "shower curtain", "box", "whiteboard", "person", "night stand",
           "toilet", "sink", "lamp", "bathtub", "bag", "other structure", "other furniture", "other prop")
NAMES = {4: NAMES4, 13: NAMES13, 40: NAMES40}

_STRUCTURE = (1, 8, 9, 12, 13, 16, 22, 28, 30, 38)
_FURNITURE = (3, 4, 5, 6, 7, 10, 14, 15, 17, 24, 32, 33, 36, 39)
# counter, curtain, blinds are structure; floor mat, sink, mirror, picture are props: as the data set has it
FOUR_OF_40 = np.array([0 if n == 2 else 1 if n in _STRUCTURE else 2 if n in _FURNITURE else 3 for n in range(1, 41)])

THIRTEEN_OF_40 = np.array([12, 5, 6, 1, 4, 9, 10, 12, 13, 6, 8, 6, 13, 10, 6, 13, 6, 7, 7, 5, 7, 3, 2, 6, 11, 7, 7, 7, 7, 7,
                           7, 6, 7, 7, 7, 7, 7, 7, 6, 7]) - 1


def table(mapping):
    """A 256-entry lookup for 8-bit label pictures; what the mapping does not name is ignored."""
    whole = np.full(256, IGNORE, np.uint8)
    whole[:len(mapping)] = mapping
    return whole


def fold_labels(labels40):
    """Label picture of 40 classes -> of four."""
    return table(FOUR_OF_40)[labels40]
