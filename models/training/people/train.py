#!/usr/bin/env python3
"""Trains the detector from random weights, on a CUDA device where there is one, else on one core; stops and resumes at any
moment, on either.

    train.py DATA OUT [--minutes 90] [--batch 16] [--rate 2e-3] [--seed 1]

The learning rate and the size of the pictures follow the share of the minutes that training has used, over all runs.
OUT/state.pt is the checkpoint (every two minutes), OUT/progress.txt the log, OUT/best.pt and OUT/last.pt averaged weights.
"""
import argparse
import copy
import math
import os
import pathlib
import time

import cv2
import numpy as np
import torch

import loss as cost
import measure
import net
from pictures import Pictures, Sampler

# share of the time, size of the pictures, share of mosaics
STAGES = [(0.46, 224, 0.6), (0.62, 256, 0.5), (0.92, 320, 0.5), (1.01, 320, 0.1)]


def stage(share):
    return next((size, mosaic) for end, size, mosaic in STAGES if share < end)


def rate(share, step, top):
    return top * min(1.0, step / 200) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * min(1.0, share))))


def batch_of(sampler, count, share):
    size, mosaic = stage(share)
    samples = [sampler.draw(size, mosaic) for _ in range(count)]
    pixels = torch.from_numpy(np.stack([s[0] for s in samples])).permute(0, 3, 1, 2)
    return (pixels.float() / 255).contiguous(memory_format=torch.channels_last), [s[1] for s in samples]


def average(mean, model, step):
    keep = 0.9985 * (1 - math.exp(-step / 500))
    for a, b in zip(mean.state_dict().values(), model.state_dict().values()):
        if a.dtype.is_floating_point:
            a.mul_(keep).add_(b, alpha=1 - keep)
        else:
            a.copy_(b)


def groups(model):
    decay = [p for p in model.parameters() if p.ndim > 1]
    plain = [p for p in model.parameters() if p.ndim <= 1]
    return [{"params": decay, "weight_decay": 0.03}, {"params": plain, "weight_decay": 0.0}]


def on_cpu(module):
    """Weights that load anywhere."""
    return {name: value.cpu() for name, value in module.state_dict().items()}


class Run:
    def __init__(self, options):
        self.options = options
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.out = pathlib.Path(options.out)
        self.out.mkdir(parents=True, exist_ok=True)
        torch.manual_seed(options.seed)
        self.model = net.Detector().to(self.device, memory_format=torch.channels_last)
        self.mean = copy.deepcopy(self.model).eval()
        self.optimizer = torch.optim.AdamW(groups(self.model), lr=options.rate)
        self.step, self.used, self.best = 0, 0.0, 0.0
        if (self.out / "state.pt").exists():
            self.load(torch.load(self.out / "state.pt", map_location=self.device))
        self.sampler = Sampler(Pictures(options.data, "train"), options.seed * 1000003 + self.step)
        self.held = Pictures(options.data, "held")

    def load(self, state):
        self.model.load_state_dict(state["model"])
        self.mean.load_state_dict(state["mean"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.step, self.used, self.best = state["step"], state["used"], state["best"]

    def save(self):
        state = {"model": self.model.state_dict(), "mean": self.mean.state_dict(), "optimizer": self.optimizer.state_dict(),
                 "step": self.step, "used": self.used, "best": self.best}
        torch.save(state, self.out / "state.new")
        os.replace(self.out / "state.new", self.out / "state.pt")
        torch.save(on_cpu(self.mean), self.out / "last.pt")

    def log(self, text):
        line = f"{time.strftime('%H:%M:%S')} {self.used / 60:6.1f} min step {self.step:6} {text}"
        print(line, flush=True)
        with open(self.out / "progress.txt", "a") as file:
            file.write(line + "\n")

    def judge(self, every=4):
        figures = measure.by_kind(copy.deepcopy(self.mean).cpu(), self.held, every)
        self.log("held out " + "  ".join(f"{name} {value:.3f}" for name, value in figures.items()))
        if figures["mean"] > self.best:
            self.best = figures["mean"]
            torch.save(on_cpu(self.mean), self.out / "best.pt")

    def one(self, share):
        for group in self.optimizer.param_groups:
            group["lr"] = rate(share, self.step, self.options.rate)
        pixels, marks = batch_of(self.sampler, self.options.batch, share)
        with torch.autocast(self.device.type, dtype=torch.bfloat16, enabled=self.options.bf16):
            maps = self.model(pixels.to(self.device))
        # Who owns which cell is settled on the CPU: of two claims the better is written last, which a device does not keep.
        maps = [level.cpu() for level in maps]
        whole, score, edge = cost.loss(maps, marks)
        self.optimizer.zero_grad(set_to_none=True)
        whole.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 10.0)
        self.optimizer.step()
        self.step += 1
        average(self.mean, self.model, self.step)
        return score, edge

    def go(self):
        budget = self.options.minutes * 60
        saved, judged, shown = time.monotonic(), time.monotonic(), []
        while self.used < budget:
            start = time.monotonic()
            self.model.train()
            shown.append(self.one(self.used / budget))
            self.used += time.monotonic() - start
            if self.step % 100 == 0:
                score, edge = np.mean(shown, 0)
                self.log(f"score {score:.3f} edges {edge:.3f} size {stage(self.used / budget)[0]}")
                shown = []
            if time.monotonic() - saved > 120:
                self.save()
                saved = time.monotonic()
            if time.monotonic() - judged > 1500:
                self.judge()
                judged = time.monotonic()
        self.save()
        self.judge(every=1)


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
