"""The compact network: two crops, template and search, through one backbone; where they correlate, anchors are judged.

Crops are 127x127 samples, one for two of the published method's pixels (255x255): its crop at half the resolution and
half the stride, so that the grid of 17x17 cells, 8 published pixels apart, is the same. Nothing is padded, so the 63x63 samples
in the middle of a crop are a template, and the 4x4 features in the middle of its 20x20 are the template's features: one
network of one shape serves both branches.

Fusion, equations (5)-(7): conv3, conv4, conv5 brought to conv5's size by maxima, normalised, joined, mixed by a 1x1.
Region selection, (8)-(9): five anchors a cell; depthwise correlation, which needs fewer weights. Beside it the branch of boxes
sees by how much the features differ from the template's: a change of size or place shows there at once, while a template
correlates with itself evenly to all sides.
"""
import torch
from torch import nn
import torch.nn.functional as F

ANCHORS = 5
TEMPLATE, SEARCH = 63, 127
FEATURES, PLACE = 24, 32


def unit(inputs, outputs, kernel, stride=1, groups=1, padding=0):
    return nn.Sequential(nn.Conv2d(inputs, outputs, kernel, stride, padding, groups=groups, bias=False),
                         nn.BatchNorm2d(outputs), nn.ReLU(inplace=True))


class Backbone(nn.Module):
    """Five convolutions; 127x127 -> 22x22, 63x63 -> 6x6."""

    def __init__(self, inputs=2, fusion=True, width=FEATURES):
        super().__init__()
        self.conv1 = unit(inputs, 16, 5, 2)
        self.conv2 = nn.Sequential(unit(16, 16, 7, 2, 16), unit(16, width, 1))
        self.conv3 = unit(width, width, 3)
        self.conv4 = unit(width, width, 3)
        self.conv5 = nn.Conv2d(width, width, 3, bias=False)
        self.norm3, self.norm4, self.norm5 = (nn.BatchNorm2d(width) for _ in range(3))
        self.fusion = fusion
        self.mix = nn.Conv2d(3 * width, width, 1) if fusion else None

    def forward(self, x):
        f3 = self.conv3(self.conv2(self.conv1(x)))
        f4 = self.conv4(f3)
        f5 = self.norm5(self.conv5(f4))
        if not self.fusion:
            return f5
        return self.mix(torch.cat((self.norm3(F.max_pool2d(f3, 5, 1)), self.norm4(F.max_pool2d(f4, 3, 1)), f5), 1))


def correlate(kernel, features):
    """Each channel of each sample with its own: (N, C, k, k) on (N, C, n, n)."""
    n, c, k, _ = kernel.shape
    out = F.conv2d(features.reshape(1, n * c, *features.shape[2:]), kernel.reshape(n * c, 1, k, k), groups=n * c)
    return out.reshape(n, c, *out.shape[2:]) / (k * k)


def compared(kernel, features):
    """The head's input: the correlation, and for the second half of the channels the mean difference to the template."""
    half = features.shape[1] // 2
    means = F.avg_pool2d(features[:, half:], kernel.shape[-1], 1) - kernel[:, half:].mean((2, 3), keepdim=True)
    return torch.cat((correlate(kernel, features), means), 1)


class Head(nn.Module):
    """What the comparison says of every anchor: background, target (2m maps), then dx, dy, dw, dh (4m maps)."""

    def __init__(self, width=FEATURES):
        super().__init__()
        self.width = width
        self.kind = nn.Sequential(unit(width, width, 1), nn.Conv2d(width, 2 * ANCHORS, 1))
        self.place = nn.Sequential(unit(2 * width, PLACE, 3, padding=1), unit(PLACE, PLACE, 3, padding=1), nn.Conv2d(PLACE, 4 * ANCHORS, 1))

    def forward(self, x):
        return torch.cat((self.kind(x[:, :self.width]), self.place(x[:, self.width:])), 1)


class Region(nn.Module):
    """The shipped network. Outputs (N, 6m, 17, 17)."""

    def __init__(self, inputs=2, fusion=True, width=FEATURES):
        super().__init__()
        self.backbone = Backbone(inputs, fusion, width)
        self.adjust = unit(width, 2 * width, 3)  # half for the kind, half for the place
        self.head = Head(width)

    def features(self, crops):
        return self.adjust(self.backbone(crops))

    compare = staticmethod(compared)

    def forward(self, template, search):
        return self.head(compared(self.features(template), self.features(search)))


class Single(nn.Module):
    """Without region selection: one map (N, 1, 17, 17) that says where; the size is kept."""

    def __init__(self, inputs=2, fusion=True, width=FEATURES):
        super().__init__()
        self.backbone = Backbone(inputs, fusion, width)
        self.gain, self.bias = nn.Parameter(torch.ones(1)), nn.Parameter(torch.zeros(1))

    def features(self, crops):
        return self.backbone(crops)

    compare = staticmethod(correlate)

    def head(self, correlated):
        return self.gain * correlated.sum(1, keepdim=True) + self.bias

    def forward(self, template, search):
        return self.head(correlate(self.features(template), self.features(search)))


def middle(features, region=True):
    """The template's features out of those of the crop around it."""
    side = 4 if region else 6
    first = (features.shape[-1] - side) // 2
    return features[..., first:first + side, first:first + side]


CHANNELS = {"im": 2, "m": 1, "i": 1}


def make(without=(), inputs="im"):
    """`without`: any of fusion, region, filter."""
    inputs = "i" if "filter" in without else inputs
    return (Single if "region" in without else Region)(CHANNELS[inputs], "fusion" not in without), inputs
