"""The published network as the specification resolves it: AlexNet's widths, 127 and 255 pixels, channels multiplied out.

It is defined and its shapes are tested; it is not trained here: 23 million weights want a GPU.
"""
import torch
from torch import nn
import torch.nn.functional as F

ANCHORS = 5


def unit(inputs, outputs, kernel, stride=1):
    return nn.Sequential(nn.Conv2d(inputs, outputs, kernel, stride, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True))


class Backbone(nn.Module):
    def __init__(self, inputs=1, fusion=True):
        super().__init__()
        self.conv1, self.conv2 = unit(inputs, 96, 11, 2), unit(96, 256, 5)
        self.conv3, self.conv4 = unit(256, 384, 3), unit(384, 384, 3)
        self.conv5 = nn.Conv2d(384, 256, 3, bias=False)
        self.norm3, self.norm4, self.norm5 = nn.BatchNorm2d(384), nn.BatchNorm2d(384), nn.BatchNorm2d(256)
        self.fusion = fusion
        self.mix = nn.Conv2d(1024, 256, 1)

    def forward(self, x):
        x = F.max_pool2d(self.conv2(F.max_pool2d(self.conv1(x), 3, 2)), 3, 2)
        f3 = self.conv3(x)
        f4 = self.conv4(f3)
        f5 = self.norm5(self.conv5(f4))
        if not self.fusion:
            return f5
        return self.mix(torch.cat((self.norm3(F.max_pool2d(f3, 5, 1)), self.norm4(F.max_pool2d(f4, 3, 1)), f5), 1))


def correlate(kernels, features, maps):
    """The template's features as convolution kernels: (N, maps*C, k, k) on (N, C, n, n)."""
    n, c = features.shape[:2]
    k = kernels.shape[-1]
    out = F.conv2d(features.reshape(1, n * c, *features.shape[2:]), kernels.reshape(n * maps, c, k, k), groups=n)
    return out.reshape(n, maps, *out.shape[2:])


class Full(nn.Module):
    def __init__(self, inputs=1, fusion=True, width=256):
        super().__init__()
        self.backbone = Backbone(inputs, fusion)
        self.kind_z, self.place_z = nn.Conv2d(width, 2 * ANCHORS * width, 3), nn.Conv2d(width, 4 * ANCHORS * width, 3)
        self.kind_x, self.place_x = nn.Conv2d(width, width, 3), nn.Conv2d(width, width, 3)
        self.adjust = nn.Conv2d(4 * ANCHORS, 4 * ANCHORS, 1)

    def forward(self, template, search):
        z, x = self.backbone(template), self.backbone(search)
        kind = correlate(self.kind_z(z), self.kind_x(x), 2 * ANCHORS)
        place = self.adjust(correlate(self.place_z(z), self.place_x(x), 4 * ANCHORS))
        return torch.cat((kind, place), 1)
