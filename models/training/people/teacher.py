"""YOLOX-nano (Apache-2.0) through OpenCV: names people in pictures nobody has labelled."""
import cv2
import numpy as np

SIZE = 416


def load(path):
    return cv2.dnn.readNetFromONNX(str(path))


def find(net, picture, least):
    """[[x, y, w, h, score]] of people in a BGR picture, letterboxed top-left on grey 114."""
    h, w = picture.shape[:2]
    scale = SIZE / max(h, w)
    page = np.full((SIZE, SIZE, 3), 114, np.uint8)
    small = cv2.resize(picture, (round(w * scale), round(h * scale)))
    page[: small.shape[0], : small.shape[1]] = small
    net.setInput(cv2.dnn.blobFromImage(page))
    rows = net.forward().reshape(-1, 85)
    grid, steps = [], []
    for stride in (8, 16, 32):
        n = SIZE // stride
        y, x = np.mgrid[:n, :n]
        grid.append(np.stack((x, y), -1).reshape(-1, 2))
        steps.append(np.full((n * n, 1), stride))
    grid, steps = np.concatenate(grid), np.concatenate(steps)
    score = rows[:, 4] * rows[:, 5]
    keep = (score >= least) & (rows[:, 5:].argmax(1) == 0)
    centre = ((rows[:, :2] + grid) * steps)[keep] / scale
    size = (np.exp(rows[:, 2:4]) * steps)[keep] / scale
    boxes = np.concatenate((centre - size / 2, size), 1)
    chosen = cv2.dnn.NMSBoxes(boxes.tolist(), score[keep].tolist(), least, 0.5)
    return [[*map(float, boxes[i]), float(score[keep][i])] for i in np.array(chosen).ravel()]
