"""ByteTrack as published (boxes in the picture, constant velocity, IoU, two rounds), to compare with; short and slow."""
import numpy as np
from scipy.optimize import linear_sum_assignment

SURE, NEW, UNSURE, MATCH, SECOND, FRESH, MEMORY = 0.5, 0.6, 0.1, 0.8, 0.5, 0.7, 30
STEP = np.eye(8)
STEP[:4, 4:] = np.eye(4)


def overlaps(a, b):
    a, b = np.reshape(a, (-1, 4)), np.reshape(b, (-1, 4))
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum(a[:, None, 2:], b[None, :, 2:])
    both = np.prod(np.clip(high - low, 0, None), axis=2)
    area = [np.prod(x[:, 2:] - x[:, :2], axis=1) for x in (a, b)]
    return both / (area[0][:, None] + area[1][None] - both)


class Track:
    def __init__(self, box, frame, number):
        state = self.measured(box)
        h = state[3]
        self.x = np.concatenate([state, np.zeros(4)])
        self.p = np.diag(np.square([h / 10, h / 10, 1e-2, h / 10, h / 16, h / 16, 1e-5, h / 16]))
        self.id, self.first, self.last = number, frame, frame
        self.seen, self.confirmed = True, frame == 1

    @staticmethod
    def measured(box):
        w, h = box[2] - box[0], box[3] - box[1]
        return np.array([box[0] + w / 2, box[1] + h / 2, w / h, h])

    def predict(self):
        if not self.seen:
            self.x[7] = 0
        h = self.x[3]
        noise = np.square([h / 20, h / 20, 1e-2, h / 20, h / 160, h / 160, 1e-5, h / 160])
        self.x, self.p = STEP @ self.x, STEP @ self.p @ STEP.T + np.diag(noise)

    def update(self, box, frame):
        h = self.x[3]
        s = self.p[:4, :4] + np.diag(np.square([h / 20, h / 20, 1e-1, h / 20]))
        gain = self.p[:, :4] @ np.linalg.inv(s)
        self.x = self.x + gain @ (self.measured(box) - self.x[:4])
        self.p = self.p - gain @ s @ gain.T
        self.seen, self.confirmed, self.last = True, True, frame

    def box(self):
        x, y, a, h = self.x[:4]
        return np.array([x - a * h / 2, y - h / 2, x + a * h / 2, y + h / 2])


def pair(cost, limit):
    """[(row, column)], rows left, columns left."""
    rows, columns = linear_sum_assignment(np.where(cost > limit, 1e5, cost)) if cost.size else ([], [])
    pairs = [(r, c) for r, c in zip(rows, columns) if cost[r, c] <= limit]
    left = [[i for i in range(n) if i not in {p[k] for p in pairs}] for k, n in enumerate(cost.shape)]
    return pairs, left[0], left[1]


def cost_of(tracks, boxes, scores=None):
    iou = overlaps([t.box() for t in tracks], boxes)
    return 1 - (iou if scores is None else iou * scores[None])


def without_doubles(seen, lost):
    if not seen or not lost:
        return seen, lost
    near = np.argwhere(overlaps([t.box() for t in seen], [t.box() for t in lost]) > 0.85)
    age = lambda t: t.last - t.first
    worse_lost = {j for i, j in near if age(seen[i]) > age(lost[j])}
    worse_seen = {i for i, j in near if age(seen[i]) <= age(lost[j])}
    return [t for i, t in enumerate(seen) if i not in worse_seen], [t for j, t in enumerate(lost) if j not in worse_lost]


def track(detections, frames):
    """detections: rows of det.txt; rows (frame, id, x, y, w, h) of who is seen."""
    seen, lost, out, number = [], [], [], 0
    for frame in range(1, frames + 1):
        rows = detections[detections[:, 0] == frame]
        boxes, scores = np.hstack([rows[:, 2:4], rows[:, 2:4] + rows[:, 4:6]]), rows[:, 6]
        high, low = scores > SURE, (scores > UNSURE) & (scores <= SURE)
        sure, sure_scores, unsure = boxes[high], scores[high], boxes[low]
        known = [t for t in seen if t.confirmed] + lost
        fresh = [t for t in seen if not t.confirmed]
        for t in known:
            t.predict()
        pairs, rest, left = pair(cost_of(known, sure, sure_scores), MATCH)
        for r, c in pairs:
            known[r].update(sure[c], frame)
        rest = [known[r] for r in rest if known[r].seen]
        pairs, missed, _ = pair(cost_of(rest, unsure), SECOND)
        for r, c in pairs:
            rest[r].update(unsure[c], frame)
        for r in missed:
            rest[r].seen = False
        sure, sure_scores = sure[left], sure_scores[left]
        pairs, unconfirmed, left = pair(cost_of(fresh, sure, sure_scores), FRESH)
        for r, c in pairs:
            fresh[r].update(sure[c], frame)
        gone = {id(fresh[r]) for r in unconfirmed}
        everybody = [t for t in seen + lost if id(t) not in gone and frame - t.last <= MEMORY]
        for c in left:
            if sure_scores[c] >= NEW:
                number += 1
                everybody.append(Track(sure[c], frame, number))
        seen, lost = without_doubles([t for t in everybody if t.seen], [t for t in everybody if not t.seen])
        for t in seen:
            if t.confirmed:
                box = t.box()
                out.append((frame, t.id, box[0], box[1], box[2] - box[0], box[3] - box[1]))
    return out
