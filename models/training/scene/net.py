"""The compact network of the plugin `scene`: a small detector's trunk and top-down path, a decoder at a quarter of the size.

Trunk and path have the layers of YOLOX-nano, so that they can start from what it learned on COCO (`start`); batch norms
are put in behind its convolutions such that they change nothing at first. The decoder adds the mean of the picture, where
a cell lies, and the fine map of the trunk. 40 logits (NYU40) a cell of 4x4 pixels; `fold` sums them to fewer classes.
Nothing but Conv, Sigmoid, Mul, Add, Concat, MaxPool, AveragePool, Resize: what OpenCV's CPU path runs.
"""
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


class Silu(torch.autograd.Function):
    """x * sigmoid(x); PyTorch 1.13's own is three times slower in half precision."""

    @staticmethod
    def forward(ctx, x):
        s = torch.sigmoid(x)
        ctx.save_for_backward(x, s)
        return x * s

    @staticmethod
    def backward(ctx, upper):
        x, s = ctx.saved_tensors
        return upper * (s * (1 + x * (1 - s)))


class Unit(nn.Module):
    """Convolution, batch norm, x * sigmoid(x). `fold_norm` melts the norm into the convolution for export."""

    def __init__(self, inputs, outputs, kernel=1, stride=1, groups=1, pad=None):
        super().__init__()
        pad = kernel // 2 if pad is None else pad
        self.conv = nn.Conv2d(inputs, outputs, kernel, stride, pad, groups=groups, bias=False)
        self.norm = nn.BatchNorm2d(outputs, eps=1e-3, momentum=0.03)

    def forward(self, x):
        x = self.norm(self.conv(x))
        return Silu.apply(x) if self.training else F.silu(x)

    def fold_norm(self):
        scale = self.norm.weight / (self.norm.running_var + self.norm.eps).sqrt()
        conv = nn.Conv2d(self.conv.in_channels, self.conv.out_channels, self.conv.kernel_size, self.conv.stride,
                         self.conv.padding, groups=self.conv.groups)
        conv.weight.data = (self.conv.weight * scale[:, None, None, None]).detach()
        conv.bias.data = (self.norm.bias - self.norm.running_mean * scale).detach()
        self.conv, self.norm = conv, nn.Identity()


def apart(inputs, outputs, stride=1, kernel=3):
    """Depthwise, then pointwise."""
    return nn.Sequential(Unit(inputs, inputs, kernel, stride, inputs), Unit(inputs, outputs))


class Turn(nn.Module):
    def __init__(self, width, add):
        super().__init__()
        self.enter, self.body, self.add = Unit(width, width), apart(width, width), add

    def forward(self, x):
        y = self.body(self.enter(x))
        return x + y if self.add else y


class Split(nn.Module):
    """Half the channels go through `depth` turns, half pass by; a pointwise convolution joins them."""

    def __init__(self, inputs, outputs, depth=1, add=True):
        super().__init__()
        half = outputs // 2
        self.through, self.past = Unit(inputs, half), Unit(inputs, half)
        self.turns = nn.Sequential(*[Turn(half, add) for _ in range(depth)])
        self.join = Unit(outputs, outputs)

    def forward(self, x):
        through, past = self.through(x), self.past(x)
        return self.join(torch.cat((self.turns(through), past), 1))


class Pools(nn.Module):
    """Maxima over 5, 9 and 13 cells (the larger as repeated 5s, which is the same)."""

    def __init__(self, channels):
        super().__init__()
        self.enter, self.join = Unit(channels, channels // 2), Unit(channels * 2, channels)

    def forward(self, x):
        a = self.enter(x)
        b = F.max_pool2d(a, 5, 1, 2)
        c = F.max_pool2d(b, 5, 1, 2)
        return self.join(torch.cat((a, b, c, F.max_pool2d(c, 5, 1, 2)), 1))


class Trunk(nn.Module):
    """Maps at strides 4 (32 channels), 8 (64, top-down), 16 (128, top-down), 32 (256)."""

    def __init__(self):
        super().__init__()
        self.stem = Unit(3, 16, 6, 2, pad=2)
        self.stage2 = nn.Sequential(apart(16, 32, 2), Split(32, 32, 1))
        self.stage3 = nn.Sequential(apart(32, 64, 2), Split(64, 64, 3))
        self.stage4 = nn.Sequential(apart(64, 128, 2), Split(128, 128, 3))
        self.stage5 = nn.Sequential(apart(128, 256, 2), Pools(256), Split(256, 256, 1, add=False))
        self.lateral5, self.down4 = Unit(256, 128), Split(256, 128, 1, add=False)
        self.lateral4, self.down3 = Unit(128, 64), Split(128, 64, 1, add=False)
        self.frozen = False

    def freeze(self):
        """The first two stages stay as they are: edges and colours are the same indoors, and they cost the most."""
        self.frozen = True
        for part in (self.stem, self.stage2):
            part.requires_grad_(False)

    def train(self, mode=True):
        super().train(mode)
        if self.frozen:
            self.stem.eval()
            self.stage2.eval()
        return self

    def forward(self, x):
        c2 = self.stage2(self.stem(x))
        c3 = self.stage3(c2)
        c4 = self.stage4(c3)
        c5 = self.stage5(c4)
        p4 = self.down4(torch.cat((grow(self.lateral5(c5), c4), c4), 1))
        p3 = self.down3(torch.cat((grow(self.lateral4(p4), c3), c3), 1))
        return c2, p3, p4, c5


def grow(small, large):
    return F.interpolate(small, size=[int(n) for n in large.shape[-2:]], mode="nearest")


def places(height, width):
    """Two maps: row and column of a cell's centre, -1..1."""
    y = (torch.arange(height, dtype=torch.float32) + 0.5) / height * 2 - 1
    x = (torch.arange(width, dtype=torch.float32) + 0.5) / width * 2 - 1
    return torch.stack((y[:, None].expand(-1, width), x[None].expand(height, -1)))[None].contiguous()


class Compact(nn.Module):
    def __init__(self, classes=40, width=64):
        super().__init__()
        self.trunk = Trunk()
        self.whole = nn.Conv2d(256, width, 1)
        self.gather = Unit(256 + width + 2, 96)
        self.far = apart(96 + 128, 96, kernel=5)
        self.middle = nn.Sequential(apart(96 + 64, 96, kernel=5), Unit(96, width))
        self.fine = Unit(32, 32)
        self.decode = nn.Sequential(Unit(width + 32, width, 3), Unit(width, width, 3))
        self.drop = nn.Dropout2d(0.1)
        self.score = nn.Conv2d(width, classes, 1)

    def forward(self, x):
        c2, p3, p4, c5 = self.trunk(x)
        h, w = int(c5.shape[-2]), int(c5.shape[-1])
        whole = F.silu(self.whole(F.avg_pool2d(c5, (h, w))))
        place = places(h, w).to(c5.dtype)
        place = place if x.shape[0] == 1 else place.expand(x.shape[0], -1, -1, -1)  # the exported graph stays free of Expand
        y = self.gather(torch.cat((c5, F.interpolate(whole, size=(h, w), mode="nearest"), place), 1))
        y = self.far(torch.cat((grow(y, p4), p4), 1))
        y = self.middle(torch.cat((grow(y, p3), p3), 1))
        y = self.decode(torch.cat((grow(y, c2), self.fine(c2)), 1))
        return self.score(self.drop(y))


def start(trunk, path):
    """Takes trunk and top-down path from the YOLOX-nano ONNX file (Apache-2.0): its convolutions come in our order."""
    import onnx
    from onnx import numpy_helper
    graph = onnx.load(path).graph
    blobs = {i.name: numpy_helper.to_array(i) for i in graph.initializer}
    convs = [[np.array(blobs[name]) for name in n.input[1:3]] for n in graph.node if n.op_type == "Conv"]
    units = [m for m in trunk.modules() if isinstance(m, Unit)]
    biases = []
    for unit, (weight, bias) in zip(units, convs):
        if unit is trunk.stem:
            weight = unfocus(weight) * 255
        if tuple(weight.shape) != tuple(unit.conv.weight.shape):
            raise ValueError(f"{path}: a convolution of {weight.shape} stands where {tuple(unit.conv.weight.shape)} belongs")
        unit.conv.weight.data = torch.from_numpy(weight.astype(np.float32)).clone()
        biases.append(torch.from_numpy(bias.astype(np.float32)).clone())
    return list(zip(units, biases))


def unfocus(weight):
    """A 3x3 convolution over the four interleaved quarters of the picture = one 6x6 convolution of stride 2."""
    whole = np.zeros((weight.shape[0], 3, 6, 6), weight.dtype)
    for quarter, (row, column) in enumerate(((0, 0), (1, 0), (0, 1), (1, 1))):
        whole[:, :, row::2, column::2] = weight[:, 3 * quarter:3 * quarter + 3]
    return whole


@torch.no_grad()
def settle(trunk, pairs, pictures):
    """Sets every batch norm to what its convolution gives on `pictures`, so that conv + norm = conv + bias of the source."""
    biases = {unit: bias for unit, bias in pairs}

    def hook(norm, inputs):
        unit, x = owners[norm], inputs[0]
        mean, spread = x.mean((0, 2, 3)), x.var((0, 2, 3), unbiased=False)
        norm.running_mean.copy_(mean)
        norm.running_var.copy_(spread)
        norm.weight.copy_((spread + norm.eps).sqrt())
        norm.bias.copy_(mean + biases[unit])

    owners = {unit.norm: unit for unit in biases}
    hooks = [norm.register_forward_pre_hook(hook) for norm in owners]
    trunk.eval()
    trunk(pictures)
    for h in hooks:
        h.remove()


def for_export(model):
    model = model.eval()
    for unit in [m for m in model.modules() if isinstance(m, Unit)]:
        unit.fold_norm()
    return model
