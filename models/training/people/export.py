#!/usr/bin/env python3
"""Averaged weights -> one ONNX file, batch, height and width open (multiples of 32), read back through OpenCV.

A batch of two pictures must be answered as each of them alone: OpenCV gets some open batches wrong without a word.

    export.py WEIGHTS.pt OUT.onnx
"""
import itertools
import sys

import cv2
import numpy as np
import onnx
import torch

import net

OUTPUTS = ["stride8", "stride16", "stride32"]
SHAPES = [(320, 320), (256, 416), (288, 352)]


def read_back(path):
    """OpenCV from 4.10 on reads the file with some size filled in only; it runs at any."""
    try:
        return cv2.dnn.readNetFromONNX(path)
    except cv2.error:
        whole = onnx.load(path)
        for size, dim in zip((1, 3, 320, 320), whole.graph.input[0].type.tensor_type.shape.dim):
            dim.dim_value = size
        return cv2.dnn.readNetFromONNX(np.frombuffer(whole.SerializeToString(), np.uint8))


def largest_difference(model, path):
    """Between PyTorch and OpenCV, over pictures of several shapes, alone and two together."""
    reader = read_back(path)
    largest = 0.0
    for count, shape in itertools.product((1, 2), SHAPES):
        pixels = np.random.default_rng(1).random((count, 3, *shape), np.float32)
        reader.setInput(pixels)
        with torch.no_grad():
            for ours, theirs in zip(model(torch.from_numpy(pixels)), reader.forward(OUTPUTS)):
                largest = max(largest, float(np.abs(ours.numpy() - theirs).max()))
    return largest


def main():
    weights, path = sys.argv[1:3]
    model = net.Detector()
    model.load_state_dict(torch.load(weights))
    model.eval()
    axes = {name: {0: "batch", 2: f"{name}_h", 3: f"{name}_w"} for name in ["picture", *OUTPUTS]}
    torch.onnx.export(model, torch.zeros(1, 3, 320, 320), path, opset_version=11, input_names=["picture"],
                      output_names=OUTPUTS, dynamic_axes=axes)
    apart = largest_difference(model, path)
    print(f"{path}: OpenCV {cv2.__version__} differs from PyTorch by at most {apart:.2g}")
    sys.exit(apart > 1e-3)


if __name__ == "__main__":
    main()
