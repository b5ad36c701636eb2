#!/usr/bin/env python3
"""Trains the detector from random weights, on a CUDA device where there is one, else on one core; stops and resumes at any
moment, on either.

    train.py DATA OUT [--minutes 90] [--batch 16] [--rate 2e-3] [--seed 1]

The learning rate and the size of the pictures follow the share of the minutes that training has used, over all runs.
OUT/state.pt is the checkpoint (every two minutes), OUT/progress.txt the log, OUT/best.pt and OUT/last.pt averaged weights.
"""
import argparse
import copy
import pathlib
import sys

import cv2
import numpy as np
import torch

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1]))
import loss as cost
import measure
import net
import trainer
from pictures import Pictures, Sampler

# share of the time, size of the pictures, share of mosaics
STAGES = [(0.46, 224, 0.6), (0.62, 256, 0.5), (0.92, 320, 0.5), (1.01, 320, 0.1)]


def stage(share):
    return next((size, mosaic) for end, size, mosaic in STAGES if share < end)


def rate(share, step, top):
    return top * min(1.0, step / 200) * trainer.falling(share, 0.02)


def batch_of(sampler, count, share):
    size, mosaic = stage(share)
    samples = [sampler.draw(size, mosaic) for _ in range(count)]
    pixels = torch.from_numpy(np.stack([s[0] for s in samples])).permute(0, 3, 1, 2)
    return pixels.float() / 255, [s[1] for s in samples]


def groups(model):
    decay = [p for p in model.parameters() if p.ndim > 1]
    plain = [p for p in model.parameters() if p.ndim <= 1]
    return [{"params": decay, "weight_decay": 0.03}, {"params": plain, "weight_decay": 0.0}]


class Run(trainer.Run):
    parts, values = ("model", "mean", "optimizer"), ("best",)

    def __init__(self, options):
        super().__init__(options)
        self.model = self.placed(net.Detector())
        self.mean = copy.deepcopy(self.model).eval()
        self.optimizer = torch.optim.AdamW(groups(self.model), lr=options.rate)
        self.best = 0.0
        self.resume()
        self.sampler = Sampler(Pictures(options.data, "train"), options.seed * 1000003 + self.step)
        self.held = Pictures(options.data, "held")

    def judge(self, last):
        figures = measure.by_kind(copy.deepcopy(self.mean).cpu(), self.held, 1 if last else 4)
        self.log("held out " + "  ".join(f"{name} {value:.3f}" for name, value in figures.items()))
        if figures["mean"] > self.best:
            self.best = figures["mean"]
            self.keep_weights("best.pt")

    def one(self):
        share = self.share()
        for group in self.optimizer.param_groups:
            group["lr"] = rate(share, self.step, self.options.rate)
        pixels, marks = batch_of(self.sampler, self.options.batch, share)
        # Who owns which cell is settled on the CPU: of two claims the better is written last, which a device does not keep.
        whole, score, edge = cost.loss([level.cpu() for level in self.forward(self.model, pixels)], marks)
        self.descend(whole, self.optimizer)
        trainer.average(self.mean, self.model, self.step, 0.9985, 500)
        return score, edge

    def words(self, figures):
        return "score {:.3f} edges {:.3f} size {}".format(*figures, stage(self.share())[0])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data")
    parser.add_argument("out")
    parser.add_argument("--minutes", type=float, default=90)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--bf16", action="store_true", help="half-precision convolutions, on processors that have them")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    cv2.setNumThreads(options.threads)
    Run(options).go()


if __name__ == "__main__":
    main()
