"""Equation (11), and smooth L1 for the boxes, which the published text leaves out."""
import torch
import torch.nn.functional as F

PLACE_WEIGHT = 1.2
SPREAD = (0.1, 0.1, 0.1, 0.1)  # of the four outputs near their anchors: unscaled, smooth L1 would be all but flat there


def logistic(z, q):
    """Mean of ln(1 + exp(-q z)) over the anchors with q = +1 or -1; softplus does not overflow as the printed form does."""
    used = q != 0
    return F.softplus(-q[used] * z[used]).mean()


def margin(out, m):
    """Target score minus background score of every anchor: (N, m, 17, 17). A single map is a margin already."""
    return out if out.shape[1] == 1 else out[:, m:2 * m] - out[:, :m]


def places(out, m):
    return out[:, 2 * m:].reshape(len(out), 4, m, *out.shape[2:])


def loss(out, kind, codes, m=5):
    """Whole cost and its parts. `kind` (N, m, 17, 17) of +1, -1, 0; `codes` (N, m, 17, 17, 4)."""
    out = out.float()
    judged = logistic(margin(out, m), kind)
    if out.shape[1] == 1:
        return judged, judged.detach(), judged.new_zeros(())
    positive = kind > 0
    spread = out.new_tensor(SPREAD)
    off = F.smooth_l1_loss(places(out, m).permute(0, 2, 3, 4, 1)[positive] / spread, codes[positive] / spread, reduction="none", beta=1.0)
    placed = off.sum(-1).mean() if len(off) else out.sum() * 0
    return judged + PLACE_WEIGHT * placed, judged.detach(), placed.detach()
