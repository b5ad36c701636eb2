"""The people detector: plain convolutions with batch norm and ReLU, three levels (strides 8, 16, 32), no anchors.

Every level gives five maps: the logit of "person" and the logarithms of the distances, in strides, from the cell's
centre to the box's left, top, right and bottom edge. Layers are chosen by what OpenCV's CPU path runs fast: dense 3x3
where the picture is small, pointwise and depthwise elsewhere, nothing but Conv, Relu, Add, Concat, MaxPool, Resize.
"""
import torch
from torch import nn

STRIDES = (8, 16, 32)


def unit(inputs, outputs, kernel=3, stride=1, groups=1):
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False),
        nn.BatchNorm2d(outputs, eps=1e-3, momentum=0.03),
        nn.ReLU(inplace=True),
    )


class Residual(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.body = unit(channels, channels)

    def forward(self, x):
        return x + self.body(x)


class Split(nn.Module):
    """Half the channels pass by, half go through residual 3x3 convolutions; a pointwise one joins them."""

    def __init__(self, inputs, outputs, depth):
        super().__init__()
        half = outputs // 2
        self.past = unit(inputs, half, 1)
        self.enter = unit(inputs, half, 1)
        self.body = nn.Sequential(*[Residual(half) for _ in range(depth)])
        self.join = unit(outputs, outputs, 1)

    def forward(self, x):
        return self.join(torch.cat((self.past(x), self.body(self.enter(x))), 1))


class Pool(nn.Module):
    """Sees most of the picture at the coarsest level: three 5x5 maxima on top of each other."""

    def __init__(self, channels):
        super().__init__()
        self.enter = unit(channels, channels // 2, 1)
        self.pool = nn.MaxPool2d(5, 1, 2)
        self.join = unit(channels * 2, channels, 1)

    def forward(self, x):
        a = self.enter(x)
        b = self.pool(a)
        c = self.pool(b)
        return self.join(torch.cat((a, b, c, self.pool(c)), 1))


class Head(nn.Module):
    def __init__(self, channels, width=64):
        super().__init__()
        self.score = nn.Sequential(unit(channels, channels, 3, 1, channels), unit(channels, width, 1), nn.Conv2d(width, 1, 1))
        self.edges = nn.Sequential(unit(channels, channels, 3, 1, channels), unit(channels, width, 1), nn.Conv2d(width, 4, 1))
        nn.init.constant_(self.score[-1].bias, -4.6)  # one cell in a hundred at the start
        nn.init.constant_(self.edges[-1].bias, 0.7)

    def forward(self, x):
        return torch.cat((self.score(x), self.edges(x)), 1)


class Detector(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(unit(3, 16, 3, 2), unit(16, 32, 3, 2))
        self.stage3 = nn.Sequential(unit(32, 64, 3, 2), Split(64, 64, 2))
        self.stage4 = nn.Sequential(unit(64, 128, 3, 2), Split(128, 128, 2))
        self.stage5 = nn.Sequential(unit(128, 192, 3, 2), Split(192, 192, 1), Pool(192))
        self.up = nn.Upsample(scale_factor=2, mode="nearest")
        self.lateral5 = unit(192, 96, 1)
        self.down4 = Split(128 + 96, 96, 1)
        self.lateral4 = unit(96, 64, 1)
        self.out3 = Split(64 + 64, 64, 1)
        self.step4 = unit(64, 64, 3, 2)
        self.out4 = Split(64 + 64, 96, 1)
        self.step5 = unit(96, 96, 3, 2)
        self.out5 = Split(96 + 96, 128, 1)
        self.heads = nn.ModuleList([Head(64), Head(96), Head(128)])

    def forward(self, x):
        c3 = self.stage3(self.stem(x))
        c4 = self.stage4(c3)
        l5 = self.lateral5(self.stage5(c4))
        l4 = self.lateral4(self.down4(torch.cat((self.up(l5), c4), 1)))
        p3 = self.out3(torch.cat((self.up(l4), c3), 1))
        p4 = self.out4(torch.cat((self.step4(p3), l4), 1))
        p5 = self.out5(torch.cat((self.step5(p4), l5), 1))
        return [head(p) for head, p in zip(self.heads, (p3, p4, p5))]


def centres(maps):
    """Cell centres (x, y) in pixels and strides of all levels, in the order of `flatten`."""
    points, strides = [], []
    for level, stride in zip(maps, STRIDES):
        h, w = level.shape[-2:]
        y, x = torch.meshgrid(torch.arange(h), torch.arange(w), indexing="ij")
        points.append((torch.stack((x, y), -1).reshape(-1, 2).float() + 0.5) * stride)
        strides.append(torch.full((h * w,), float(stride)))
    return torch.cat(points), torch.cat(strides)


def flatten(maps):
    """Maps of all levels -> logits (batch, cells) and edges (batch, cells, 4)."""
    rows = torch.cat([m.flatten(2).transpose(1, 2) for m in maps], 1).float()
    return rows[..., 0], rows[..., 1:]


def boxes_of(edges, points, strides):
    """Edge logarithms -> boxes x1, y1, x2, y2 in pixels."""
    reach = edges.clamp(-6, 6).exp() * strides[:, None]
    return torch.cat((points - reach[..., :2], points + reach[..., 2:]), -1)
