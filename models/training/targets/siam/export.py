#!/usr/bin/env python3
"""Weights -> two ONNX files, read back through OpenCV, and the record that the C++ tests compare with.

    export.py RUN FOLDER [--record tests/unit/targets/data/siamese.bin]

FOLDER/targets_backbone.onnx: crop 1x2x127x127 -> features 1x48x20x20; the template's are the 4x4 in the middle of its own.
FOLDER/targets_head.onnx: comparison 1x72x17x17 -> 1x30x17x17, 5 background, 5 target, 20 places. What lies between, the
comparison with the template, is the plugin's own code.
"""
import argparse
import pathlib

import cv2
import numpy as np
import torch

import measure
import net


class Features(torch.nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, crop):
        return self.model.features(crop)


def write(module, shape, path, name, out):
    torch.onnx.export(module, torch.zeros(shape), str(path), opset_version=11, input_names=[name], output_names=[out])
    reader, pixels = cv2.dnn.readNetFromONNX(str(path)), np.random.default_rng(1).normal(0, 1, shape).astype(np.float32)
    reader.setInput(pixels)
    with torch.no_grad():
        apart = float(np.abs(module(torch.from_numpy(pixels)).numpy() - reader.forward()).max())
    print(f"{path}: {path.stat().st_size} bytes, OpenCV {cv2.__version__} differs from PyTorch by at most {apart:.2g}")
    return apart


def record(model, path):
    """Two pictures, the box in the first and what the network says, of features 8 channels: see siamese_test.cpp."""
    from crops import Scales, View, sample
    rng = np.random.default_rng(7)
    y, x = np.mgrid[:80, :96]
    scene = 90 + 0.2 * x + 8 * np.sin(y / 17) + rng.normal(0, 1.5, y.shape)
    spot = lambda cx, cy: 70 * np.exp(-((x - cx) ** 2 / 8 + (y - cy) ** 2 / 4.5))
    pictures = [np.clip(scene + spot(*at), 0, 255).astype(np.uint8) for at in ((40, 30), (44, 33))]
    box = np.array([40.5, 30.5, 9, 7])
    views = [View(p) for p in pictures]
    crops = sample(views[0], box)
    scales = Scales(crops, box)
    inputs = [torch.from_numpy(scales.apply(c)[None]) for c in (crops, sample(views[1], box))]
    with torch.no_grad():
        template, search = (model.features(i) for i in inputs)
        compared = net.compared(net.middle(template), search)
        out = model.head(compared)
    from track import Judge
    p, found = Judge(model, "im", views[0], box).best(views[1], box)
    with open(path, "wb") as file:
        for picture in pictures:
            file.write(picture.tobytes())
        some = [f[:, ::template.shape[1] // 8] for f in (net.middle(template), search)]
        for part in (box, [p, *found], inputs[1].numpy()[:, :, ::8, ::8], *(f.numpy() for f in some), net.compared(*some).numpy(),
                     out.numpy()):
            file.write(np.ascontiguousarray(part, dtype=np.float32).tobytes())
    print(f"{path}: {pathlib.Path(path).stat().st_size} bytes, probability {p:.3f} at {found.round(2)}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--record", type=pathlib.Path)
    words = parser.parse_args()
    torch.set_num_threads(1)
    model, _, _ = measure.load(words.run)
    width = model.head.width
    apart = write(Features(model).eval(), (1, 2, 127, 127), words.folder / "targets_backbone.onnx", "crop", "features")
    apart = max(apart, write(model.head, (1, 3 * width, 17, 17), words.folder / "targets_head.onnx", "comparison", "anchors"))
    if words.record:
        record(model, words.record)
    raise SystemExit(apart > 1e-3)


if __name__ == "__main__":
    main()
