#!/usr/bin/env python3
"""Averaged weights -> ONNX of the fixed size 1x3x240x320, read back through OpenCV and compared with PyTorch.

    export.py WEIGHTS.pt OUT.onnx
"""
import argparse
import warnings

import cv2
import numpy as np
import onnx
import torch

import net

HEIGHT, WIDTH = 240, 320


def plain(path):
    """OpenCV 4.6 does not read Identity of a constant, which PyTorch writes for equal ones: put the constant there."""
    model = onnx.load(path)
    same = {n.output[0]: n.input[0] for n in model.graph.node if n.op_type == "Identity"}
    nodes = [n for n in model.graph.node if n.op_type != "Identity"]
    for node in nodes:
        for i, name in enumerate(node.input):
            while name in same:
                name = same[name]
            node.input[i] = name
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    onnx.checker.check_model(model)
    onnx.save(model, path)


def write(model, path):
    model = net.for_export(model)
    picture = torch.rand(1, 3, HEIGHT, WIDTH)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(model, picture, path, opset_version=11, input_names=["picture"], output_names=["logits"])
    plain(path)
    with torch.no_grad():
        ours = model(picture).numpy()
    read = cv2.dnn.readNetFromONNX(str(path))
    read.setInput(picture.numpy())
    return float(np.abs(ours - read.forward()).max())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("weights")
    parser.add_argument("out")
    options = parser.parse_args()
    state = torch.load(options.weights, map_location="cpu")
    model = net.Compact(classes=state["score.weight"].shape[0])
    model.load_state_dict(state)
    apart = write(model, options.out)
    print(f"{options.out}: largest difference between PyTorch and OpenCV {apart:.2e}")
    if apart > 1e-2:
        raise SystemExit("OpenCV reads another network than PyTorch wrote")


if __name__ == "__main__":
    main()
