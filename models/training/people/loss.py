"""Which cells answer for which person, and what it costs to be wrong.

Task-aligned assignment: of the cells inside a box the ten that score best in s^0.5 * IoU^4 are its own; their score is
taught the overlap they reach (varifocal loss), their edges the box (GIoU). Ignored regions teach nothing.
"""
import torch
import torch.nn.functional as F

import net

NEAREST = 10


def overlaps(a, b):
    """IoU and GIoU of equally shaped boxes."""
    low, high = torch.maximum(a[..., :2], b[..., :2]), torch.minimum(a[..., 2:], b[..., 2:])
    inner = (high - low).clamp(min=0).prod(-1)
    areas = (a[..., 2:] - a[..., :2]).prod(-1) + (b[..., 2:] - b[..., :2]).prod(-1)
    union = areas - inner + 1e-6
    hull = (torch.maximum(a[..., 2:], b[..., 2:]) - torch.minimum(a[..., :2], b[..., :2])).prod(-1) + 1e-6
    iou = inner / union
    return iou, iou - (hull - union) / hull


def assign(scores, boxes, points, strides, people, owner):
    """For every (picture, cell): the index of its person or -1, and the score it is taught."""
    batch, cells = scores.shape
    who = torch.full((batch * cells,), -1, dtype=torch.long)
    target = torch.zeros(batch * cells)
    if not len(people):
        return who.view(batch, cells), target.view(batch, cells)
    iou, _ = overlaps(boxes[owner], people[:, None])
    inside = torch.minimum(points - people[:, None, :2], people[:, None, 2:] - points).amin(-1) > 0
    middle = (people[:, None, :2] + people[:, None, 2:]) / 2
    near = (points - middle).abs().amax(-1) < strides * 1.0  # a small box may hold no centre
    fit = scores[owner].sqrt() * iou.pow(4) * (inside | near) + 1e-9 * near
    best, cell = fit.topk(NEAREST, 1)
    good = best > 0
    flat = owner[:, None] * cells + cell
    person = torch.arange(len(people))[:, None].expand_as(cell)
    reached = iou.gather(1, cell)
    norm = best / best.amax(1, keepdim=True).clamp(min=1e-9) * reached.amax(1, keepdim=True)
    order = best[good].argsort()  # of two claims on a cell the better is written last
    who[flat[good][order]] = person[good][order]
    target[flat[good][order]] = norm[good][order]
    return who.view(batch, cells), target.view(batch, cells)


def ignored(points, regions, owner, batch):
    mask = torch.zeros(batch, len(points), dtype=torch.bool)
    for region, picture in zip(regions, owner):
        mask[picture] |= (torch.minimum(points - region[:2], region[2:] - points).amin(-1) > 0)
    return mask


def loss(maps, marks):
    """maps of a batch and one (n, 5) array of marks a picture -> cost, and its two parts for the log."""
    points, strides = net.centres(maps)
    logits, edges = net.flatten(maps)
    boxes = net.boxes_of(edges, points, strides)
    owner = torch.cat([torch.full((len(m),), i, dtype=torch.long) for i, m in enumerate(marks)])
    marks = torch.cat([torch.from_numpy(m) for m in marks])
    person = marks[:, 4] > 0
    with torch.no_grad():
        who, target = assign(logits.sigmoid(), boxes, points, strides, marks[person, :4], owner[person])
        mine = who >= 0
        skip = ignored(points, marks[~person, :4], owner[~person], len(logits)) & ~mine
        p = logits.sigmoid()
        weight = torch.where(mine, target, 0.75 * p * p) * ~skip
    total = target.sum().clamp(min=1)
    score = (F.binary_cross_entropy_with_logits(logits, target, reduction="none") * weight).sum() / total
    _, giou = overlaps(boxes[mine], marks[person, :4][who[mine]])
    edge = ((1 - giou) * target[mine]).sum() / total
    return score + 2 * edge, float(score), float(edge)
