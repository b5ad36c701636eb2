#!/usr/bin/env python3
"""Figures of weights or of an ONNX file on a folder with images/ and labels/ (or labels13/, labels40/).

    measure.py MODEL.pt|MODEL.onnx FOLDER [--classes 4|13|40]

As the plugin does it: picture stretched to 320x240, softmax, classes summed, maps resized bilinearly to the picture's size,
the largest wins. Deviations are over pictures drawn anew from the folder (bootstrap).
"""
import argparse
import json
import pathlib
import time

import cv2
import numpy as np
import torch

import export
import labels
import loss as cost
import metrics
import net


def softmax(logits):
    e = np.exp(logits - logits.max(0))
    return e / e.sum(0)


def fold(probabilities, classes):
    if len(probabilities) == classes:
        return probabilities
    of = labels.FOUR_OF_40 if classes == 4 else labels.THIRTEEN_OF_40
    return np.stack([probabilities[of == c].sum(0) for c in range(classes)])


def answer(logits, width, height, classes):
    maps = fold(softmax(logits.astype(np.float32)), classes)
    return np.stack([cv2.resize(m, (width, height), interpolation=cv2.INTER_LINEAR) for m in maps]).argmax(0)


class Network:
    """Logits (classes, h, w) of a BGR picture, by PyTorch or by OpenCV."""

    def __init__(self, path):
        self.ms = []  # of a thread, each pass through OpenCV
        if str(path).endswith(".onnx"):
            self.read = cv2.dnn.readNetFromONNX(str(path))
        else:
            self.read, state = None, torch.load(path, map_location="cpu")
            self.model = net.Compact(classes=state["score.weight"].shape[0])
            self.model.load_state_dict(state)
            self.model.eval()

    def __call__(self, picture):
        far = picture.shape[1] >= 2 * export.WIDTH and picture.shape[0] >= 2 * export.HEIGHT
        fitted = cv2.resize(picture, (export.WIDTH, export.HEIGHT), interpolation=cv2.INTER_AREA if far else cv2.INTER_LINEAR)
        blob = cv2.dnn.blobFromImage(fitted, 1 / 255)
        if self.read is not None:
            start = time.thread_time()
            self.read.setInput(blob)
            out = self.read.forward()[0]
            self.ms.append((time.thread_time() - start) * 1000)
            return out
        with torch.no_grad():
            return self.model(torch.from_numpy(blob))[0].numpy()


def folder(network, path, classes=4):
    path = pathlib.Path(path)
    marks = path / {4: "labels", 13: "labels13", 40: "labels40"}[classes]
    rows, borders = [], []
    for file in sorted((path / "images").iterdir()):
        truth = cv2.imread(str(marks / (file.stem + ".png")), cv2.IMREAD_GRAYSCALE)
        got = answer(network(cv2.imread(str(file))), truth.shape[1], truth.shape[0], classes)
        rows.append(metrics.confusion(truth, got, classes))
        borders.append(metrics.boundary_f1(truth, got, classes))
    result = metrics.figures(np.sum(rows, 0))
    result.update(deviation(np.stack(rows)))
    result["boundary_f1"] = float(np.mean([b for b in borders if b is not None]))
    return result


def deviation(rows, draws=1000):
    """By how much the figures move when other pictures of the same kind are drawn."""
    random = np.random.default_rng(1)
    drawn = [metrics.figures(rows[random.integers(0, len(rows), len(rows))].sum(0)) for _ in range(draws)]
    return {f"{name}_deviation": float(np.std([d[name] for d in drawn], ddof=1)) for name in ("pixel_acc", "mean_iu", "fw_iu")}


@torch.no_grad()
def held(model, pictures, numbers):
    """A look while training: four classes at the stored size."""
    model.eval()
    n = np.zeros((4, 4), np.int64)
    for i in numbers:
        picture = cv2.resize(pictures.picture[i], (export.WIDTH, export.HEIGHT)).astype(np.float32) / 255
        logits = model(torch.from_numpy(picture).permute(2, 0, 1)[None])[0].numpy()
        truth = labels.fold_labels(pictures.label[i])
        n += metrics.confusion(truth, answer(logits, truth.shape[1], truth.shape[0], 4), 4)
    return metrics.figures(n)


def line(figures):
    names = ("pixel_acc", "mean_acc", "mean_iu", "fw_iu")
    return "  ".join(f"{n} {figures[n]:.3f}" for n in names) + "  iu " + " ".join(f"{v:.3f}" for v in figures["iu"])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("folder")
    parser.add_argument("--classes", type=int, choices=(4, 13, 40), default=4)
    options = parser.parse_args()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    network = Network(options.model)
    result = folder(network, options.folder, options.classes)
    if network.ms:
        result["ms"] = float(np.median(network.ms))
    per_class = {name: {"acc": round(float(a), 4), "iu": round(float(i), 4)}
                 for name, a, i in zip(labels.NAMES[options.classes], result.pop("acc"), result.pop("iu"))}
    print(json.dumps({**{k: round(float(v), 4) for k, v in result.items()}, "per_class": per_class}, indent=1))


if __name__ == "__main__":
    main()
