"""The contextual term: neighbours of similar colour should get similar labels, as far as learned 3x3 kernels can tell.

    l_c = K * sum_j sum_n | W_j o (D_j * f_n) |,  W_j = exp(-sum_c (D_j * I^c)^2 / (2 sigma^2)),  * = correlation

over pixels whose window lies inside the picture. Gradients are written by hand (`backward`), checked numerically by
tests/training/scene_contextual.py. Training only: the network that ships knows nothing of it.

    term = Contextual(Options(dilations=(1, 2, 4)))
    loss = cross_entropy + term(probabilities, pictures) + term.kernel_loss()    # pictures 0..1, before any mean is taken off
"""
import dataclasses
import math

import torch
import torch.nn.functional as F
from torch import nn


@dataclasses.dataclass
class Options:
    sigma: float = 0.25
    weight: float = 100.0           # lambda
    alpha: float = 1000.0
    beta: float = 1000.0
    reduction: str = "mean"         # mean: K = lambda / (40 J |Omega|); sum: K = lambda
    kernel_reg: str = "zero_sum"    # zero_sum | printed
    kernels: str = "neighbours"     # neighbours | kirsch
    learned: bool = True            # False: the kernels stay as they begin
    project: bool = False           # after each step: zero mean, unit norm (zero_sum only)
    dilations: tuple = (1,)
    threshold: float = 0.0          # pairs with W below it count for nothing
    stop_weight: bool = False       # no gradient through W into the kernels
    feature_guide: bool = False     # W from features of unit deviation, mean over channels instead of the sum
    guide_gradient: bool = False    # let the gradient flow into the guide
    warm: int = 0                   # steps over which lambda rises as a cosine
    balance: bool = False           # once after the warm-up, hold the term's gradient to 0.3 of the cross-entropy's


def first_kernels(kind):
    """Centre minus neighbour, norm 1, sum 0; or the eight compass masks of Kirsch, norm 1."""
    ring = [(0, 0), (0, 1), (0, 2), (1, 2), (2, 2), (2, 1), (2, 0), (1, 0)]
    kernels = torch.zeros(8, 3, 3, dtype=torch.float64)
    for j, (row, column) in enumerate(ring):
        if kind == "kirsch":
            for i, (r, c) in enumerate(ring):
                kernels[j, r, c] = 5 if (i - j) % 8 in (7, 0, 1) else -3
            kernels[j] /= math.sqrt(120)
        else:
            kernels[j, 1, 1], kernels[j, row, column] = 1 / math.sqrt(2), -1 / math.sqrt(2)
    return kernels


def correlate(maps, kernels, dilation):
    """(B, N, H, W) and (J, 3, 3) -> (B, N, J, H - 2 dilation, W - 2 dilation)."""
    b, n, h, w = maps.shape
    out = F.conv2d(maps.reshape(b * n, 1, h, w), kernels[:, None], dilation=dilation)
    return out.reshape(b, n, *out.shape[1:])


def back(upper, maps, kernels, dilation, for_maps=True, for_kernels=True):
    """`correlate` backwards: D_j^T summed over the kernels (like maps), and sum_i upper(i) maps(i + k) (like kernels)."""
    b, n, h, w = maps.shape
    flat = upper.reshape(b * n, *upper.shape[2:])
    to_maps, to_kernels, _ = torch.ops.aten.convolution_backward(
        flat, maps.reshape(b * n, 1, h, w), kernels[:, None], None, [1, 1], [0, 0], [dilation, dilation], False, [0, 0], 1,
        [for_maps, for_kernels, False])
    return (to_maps.reshape(b, n, h, w) if for_maps else None), (to_kernels[:, 0] if for_kernels else None)


class Term(torch.autograd.Function):
    """sum_j sum_n |W_j o (D_j * f_n)| times `factor`; gradients for f, I and D as in the definition above."""

    @staticmethod
    def forward(ctx, f, guide, kernels, factor, o, dilation):
        share = 1.0 / guide.shape[1] if o.feature_guide else 1.0
        seen = correlate(guide, kernels, dilation)
        weight = torch.exp(seen.square().sum(1) * (-share / (2 * o.sigma ** 2)))
        if o.threshold > 0:
            weight = weight * (weight >= o.threshold)
        steps = correlate(f, kernels, dilation)
        ctx.save_for_backward(f, guide, kernels, seen, weight, steps)
        ctx.factor, ctx.options, ctx.dilation, ctx.share = factor, o, dilation, share
        return (weight * steps.abs().sum(1)).sum() * factor

    @staticmethod
    def backward(ctx, upper):
        f, guide, kernels, seen, weight, steps = ctx.saved_tensors
        o, dilation, k = ctx.options, ctx.dilation, ctx.factor * upper
        for_f, for_guide, for_kernels = ctx.needs_input_grad[:3]
        signs = k * weight[:, None] * steps.sign()
        grad_f, grad_kernels = back(signs, f, kernels, dilation, for_f, for_kernels)
        if not for_guide and (o.stop_weight or not for_kernels):
            return grad_f, None, grad_kernels, None, None, None
        through = (weight * steps.abs().sum(1))[:, None] * seen * (-k * ctx.share / o.sigma ** 2)
        grad_guide, more = back(through, guide, kernels, dilation, for_guide, for_kernels and not o.stop_weight)
        if more is not None:
            grad_kernels = grad_kernels + more
        return grad_f, grad_guide, grad_kernels, None, None, None


class KernelLoss(torch.autograd.Function):
    """sum_j alpha (sum d^2 - 1)^2 + beta { sum d^2 (printed) | (sum d)^2 (zero_sum) }."""

    @staticmethod
    def forward(ctx, kernels, o):
        power, total = kernels.square().sum((1, 2)), kernels.sum((1, 2))
        ctx.save_for_backward(kernels, power, total)
        ctx.options = o
        second = power if o.kernel_reg == "printed" else total.square()
        return (o.alpha * (power - 1).square() + o.beta * second).sum()

    @staticmethod
    def backward(ctx, upper):
        kernels, power, total = ctx.saved_tensors
        o = ctx.options
        grad = 4 * o.alpha * (power - 1)[:, None, None] * kernels
        if o.kernel_reg == "printed":
            grad = grad + 2 * o.beta * kernels
        else:
            grad = grad + 2 * o.beta * total[:, None, None]
        return upper * grad, None


class Contextual(nn.Module):
    """The term with its kernels. Not thread-safe: it counts its own steps for the warm-up and the balance."""

    def __init__(self, options=None):
        super().__init__()
        self.options = options or Options()
        self.kernels = nn.Parameter(first_kernels(self.options.kernels).float(), requires_grad=self.options.learned)
        self.register_buffer("step", torch.zeros((), dtype=torch.long))
        self.register_buffer("scale", torch.ones(()))  # what the balance multiplied lambda with

    def factor(self, shape, dilation):
        o = self.options
        rise = 1.0
        if o.warm and int(self.step) < o.warm:
            rise = 0.5 * (1 - math.cos(math.pi * int(self.step) / o.warm))
        whole = o.weight * float(self.scale) * rise
        if o.reduction == "sum":
            return whole
        batch, _, h, w = shape
        return whole / (40 * len(self.kernels) * batch * (h - 2 * dilation) * (w - 2 * dilation))

    def forward(self, f, guide):
        """f: class probabilities; guide: the picture (0..1) or, with feature_guide, features; resized to f's size."""
        o = self.options
        if guide.shape[-2:] != f.shape[-2:]:
            guide = F.interpolate(guide, size=f.shape[-2:], mode="bilinear", align_corners=False)
        if o.feature_guide:
            guide = guide / guide.std((0, 2, 3), unbiased=False, keepdim=True).clamp_min(1e-6)
        if not o.guide_gradient:
            guide = guide.detach()
        parts = [Term.apply(f, guide, self.kernels, self.factor(f.shape, d), o, d) for d in o.dilations]
        return sum(parts) / len(parts)

    def kernel_loss(self):
        return KernelLoss.apply(self.kernels, self.options)

    def count(self):
        self.step += 1

    @torch.no_grad()
    def project(self):
        if not self.options.project:
            return
        if self.options.kernel_reg != "zero_sum":
            raise ValueError("project goes with kernel_reg = zero_sum")
        self.kernels -= self.kernels.mean((1, 2), keepdim=True)
        self.kernels /= self.kernels.square().sum((1, 2), keepdim=True).sqrt().clamp_min(1e-12)


class Balance:
    """Ten batches after the warm-up: r = mean of |grad l_c| / |grad l_s| on the logits; if r > 0.3, lambda *= 0.3 / r."""

    def __init__(self, term, batches=10, most=0.3):
        self.term, self.batches, self.most, self.ratios = term, batches, most, []

    def due(self):
        o = self.term.options
        return o.balance and int(self.term.step) >= o.warm and len(self.ratios) < self.batches

    def watch(self, logits, cross_entropy, contextual):
        """Returns the line to log when the balance has been struck, else None."""
        if not self.due():
            return None
        norms = [torch.autograd.grad(loss, logits, retain_graph=True)[0].norm() for loss in (contextual, cross_entropy)]
        self.ratios.append(float(norms[0] / norms[1].clamp_min(1e-12)))
        if len(self.ratios) < self.batches:
            return None
        mean = sum(self.ratios) / len(self.ratios)
        if mean > self.most:
            self.term.scale *= self.most / mean
        return f"balance: ratio {mean:.4f}, lambda {self.term.options.weight * float(self.term.scale):.4g}"
