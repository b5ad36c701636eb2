"""The two kinds of network the term was proposed with, small: FCN-style and SegNet-style, for pictures of any size.

Both return logits at the size of the picture. `first` of the last pass holds the features after the second convolution
(what `feature_guide` takes).
"""
import torch
import torch.nn.functional as F
from torch import nn


def unit(inputs, outputs):
    return nn.Sequential(nn.Conv2d(inputs, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True))


def bilinear_kernel(step):
    """The fixed weights with which a transposed convolution interpolates."""
    size = 2 * step - step % 2
    middle = step - 1 if size % 2 == 1 else step - 0.5
    row = 1 - (torch.arange(size) - middle).abs() / step
    return row[:, None] * row[None]


class Fcn(nn.Module):
    """Four poolings (stride 16), 1x1 scores, fixed bilinear upsampling to the picture's size."""

    def __init__(self, classes, width=16):
        super().__init__()
        widths = [width, width * 2, width * 3, width * 4, width * 4]
        self.stages = nn.ModuleList()
        inputs = 3
        for outputs in widths:
            self.stages.append(nn.Sequential(unit(inputs, outputs), unit(outputs, outputs)))
            inputs = outputs
        self.score = nn.Conv2d(inputs, classes, 1)
        self.classes, self.step, self.first = classes, 16, None
        self.register_buffer("kernel", bilinear_kernel(self.step), persistent=False)

    def forward(self, picture):
        x = picture
        for i, stage in enumerate(self.stages):
            x = stage(x if i == 0 else F.max_pool2d(x, 2, ceil_mode=True))
            if i == 0:
                self.first = x
        scores = self.score(x)
        kernel = self.kernel.expand(self.classes, 1, -1, -1)
        padded = F.pad(scores, (1, 1, 1, 1), mode="replicate")
        large = F.conv_transpose2d(padded, kernel, stride=self.step, padding=self.step // 2, groups=self.classes)
        h, w = picture.shape[-2:]
        return large[:, :, self.step:self.step + h, self.step:self.step + w]


class SegNet(nn.Module):
    """Poolings store where the maxima were; the mirrored decoder puts values back there, at the stored size."""

    def __init__(self, classes, width=16):
        super().__init__()
        widths = [width, width * 2, width * 3, width * 4]
        self.down, self.up = nn.ModuleList(), nn.ModuleList()
        inputs = 3
        for outputs in widths:
            self.down.append(nn.Sequential(unit(inputs, outputs), unit(outputs, outputs)))
            inputs = outputs
        for outputs in widths[-2::-1] + [width]:
            self.up.append(nn.Sequential(unit(inputs, inputs), unit(inputs, outputs)))
            inputs = outputs
        self.score = nn.Conv2d(inputs, classes, 3, padding=1)
        self.first = None

    def forward(self, picture):
        x, stored = picture, []
        for i, stage in enumerate(self.down):
            x = stage(x)
            if i == 0:
                self.first = x
            size = x.shape[-2:]
            x, where = F.max_pool2d(x, 2, ceil_mode=True, return_indices=True)
            stored.append((where, size))
        for stage, (where, size) in zip(self.up, reversed(stored)):
            x = stage(F.max_unpool2d(x, where, 2, output_size=size))
        return self.score(x)


KINDS = {"fcn": Fcn, "segnet": SegNet}
