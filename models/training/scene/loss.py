"""What the compact network is taught with: 40 classes, their sums to four, floor or not, and the teacher's opinion."""
import torch
import torch.nn.functional as F

import labels

FOUR = torch.from_numpy(labels.FOUR_OF_40.copy())


def fold(probabilities):
    """(B, 40, H, W) -> (B, 4, H, W)."""
    four = probabilities.new_zeros(probabilities.shape[0], 4, *probabilities.shape[2:])
    return four.index_add_(1, FOUR, probabilities)


def balanced(label_pictures, classes, power, most=5.0):
    """Weights (share of the class)^-power, mean 1 over the pixels."""
    counts = torch.bincount(label_pictures[label_pictures < classes].flatten().long(), minlength=classes).float()
    share = counts.clamp_min(1) / counts.sum()
    weight = share.pow(-power)
    weight = weight / (weight * share).sum()
    return weight.clamp_max(most)


def supervised(logits, four, label40, label4, weight40, weight4):
    """Cross-entropy of 40 classes at the logits' size and of four at the labels'; label40 and label4 at the same size."""
    step = label40.shape[-1] // logits.shape[-1]
    near = label40[:, step // 2::step, step // 2::step] if step > 1 else label40
    near = near[:, :logits.shape[-2], :logits.shape[-1]].long()
    fine = F.cross_entropy(logits, near, weight40, ignore_index=labels.IGNORE, label_smoothing=0.05)
    large = F.interpolate(four, size=label4.shape[-2:], mode="bilinear", align_corners=False)
    coarse = F.nll_loss(large.clamp_min(1e-5).log(), label4.long(), weight4, ignore_index=labels.IGNORE)
    return fine, coarse


def floor_only(four, label):
    """Label 0 = floor, 255 = outside the picture, else something that is not floor."""
    inside = (label != labels.IGNORE).float()
    floor = F.interpolate(four[:, :1], size=label.shape[-2:], mode="bilinear", align_corners=False)[:, 0].clamp(1e-4, 1 - 1e-4)
    cost = torch.where(label == 0, -floor.log(), -(1 - floor).log())
    return (cost * inside).sum() / inside.sum().clamp_min(1)


def taught(logits, teacher, sure=0.7):
    """Soft cross-entropy where the teacher is sure of one of the four."""
    weight = (fold(teacher).amax(1) > sure).float()
    cost = -(teacher * logits.log_softmax(1)).sum(1)
    return (cost * weight).mean()
