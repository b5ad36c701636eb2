"""Figures from one confusion matrix over the whole set, and boundary F1; numpy alone.

n[i, j] = pixels of class i called j; truth 255 is left out. Means are over classes that occur (accuracy) or that occur in
truth or answer (IU); a class only answered counts 0.
"""
import numpy as np


def confusion(truth, answer, classes):
    keep = truth < classes
    pairs = truth[keep].astype(np.int64) * classes + answer[keep]
    return np.bincount(pairs, minlength=classes * classes).reshape(classes, classes)


def figures(n):
    n = np.asarray(n, np.float64)
    hit, truth, answered = np.diag(n), n.sum(1), n.sum(0)
    either = truth + answered - hit
    iu = np.divide(hit, either, out=np.zeros_like(hit), where=either > 0)
    acc = np.divide(hit, truth, out=np.zeros_like(hit), where=truth > 0)
    whole = max(truth.sum(), 1.0)
    return {"pixel_acc": hit.sum() / whole, "mean_acc": acc[truth > 0].mean() if (truth > 0).any() else 0.0,
            "mean_iu": iu[either > 0].mean() if (either > 0).any() else 0.0, "fw_iu": (truth * iu).sum() / whole,
            "iu": iu, "acc": acc}


def boundary(labels, of):
    """Pixels of class `of` with a 4-neighbour of another class."""
    mine = labels == of
    edge = np.zeros_like(mine)
    for axis in (0, 1):
        differs = np.diff(labels.astype(np.int16), axis=axis) != 0
        first = [slice(None)] * 2
        second = [slice(None)] * 2
        first[axis], second[axis] = slice(None, -1), slice(1, None)
        edge[tuple(first)] |= differs
        edge[tuple(second)] |= differs
    return edge & mine


def boundary_f1(truth, answer, classes, tolerance=2):
    """Mean over the classes with a border in truth or answer; None when there is none. No border within 2 px of 255."""
    import cv2
    far = np.ones_like(truth, bool)
    if (truth == 255).any():
        far = cv2.distanceTransform((truth != 255).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE) > tolerance
    scores = []
    for c in range(classes):
        a, b = boundary(truth, c) & far, boundary(answer, c) & far
        if not a.any() and not b.any():
            continue
        near = [cv2.distanceTransform((~m).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE) <= tolerance if m.any()
                else np.zeros_like(m) for m in (a, b)]
        precision = (b & near[0]).sum() / max(b.sum(), 1)
        recall = (a & near[1]).sum() / max(a.sum(), 1)
        scores.append(2 * precision * recall / (precision + recall) if precision + recall > 0 else 0.0)
    return float(np.mean(scores)) if scores else None


def majority(labels, classes):
    """3x3 mode with replicated edge; the centre wins ties, else the smallest index."""
    padded = np.pad(labels, 1, mode="edge")
    h, w = labels.shape
    views = np.stack([padded[r:r + h, c:c + w] for r in range(3) for c in range(3)])
    votes = np.stack([(views == c).sum(0) for c in range(classes)])
    best = votes.max(0)
    own = np.take_along_axis(votes, np.minimum(labels, classes - 1)[None].astype(np.int64), 0)[0]
    return np.where(own == best, labels, votes.argmax(0)).astype(labels.dtype)


def isolated(labels):
    """Pixels none of whose 8 neighbours has their label."""
    padded = np.pad(labels.astype(np.int16), 1, constant_values=-1)
    h, w = labels.shape
    same = [padded[r:r + h, c:c + w] == labels for r in range(3) for c in range(3) if (r, c) != (1, 1)]
    return int((~np.any(same, 0)).sum())
