#!/usr/bin/env python3
"""Trains the compact network with the contextual term, on a CUDA device where there is one, else on one core; stops and resumes
at any moment, on either.

    train.py INDOOR OUT [--start YOLOX_NANO.onnx] [--minutes 50] [--bf16]     two recipes: begun with weights, or anew

INDOOR is the folder with nyuv2_train, floor and unlabelled. Rate, size of the pictures and the teacher's share follow the
part of the minutes that training has used, over all runs. OUT/state.pt is the checkpoint (every two minutes),
OUT/progress.txt the log, OUT/last.pt the averaged weights, OUT/scene.onnx what they become at the end.
"""
import argparse
import copy
import dataclasses
import pathlib
import sys

import cv2
import numpy as np
import torch

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1]))
import contextual
import export
import labels
import loss as cost
import measure
import net
import trainer
from pictures import DRAWN, FLOOR, NONE, Pictures, Sampler, pasted, prepare

TEACHER_FROM = 0.2
CONTEXT = contextual.Options(dilations=(1, 2, 4), threshold=0.3, warm=500, balance=True)


@dataclasses.dataclass(frozen=True)
class Recipe:
    """What a batch holds and how it is learned. `stages`: up to which share of the time pictures have which width and height."""
    stages: tuple
    full: int           # pictures with labels of 40 classes
    drawn: int          # of `rooms` procedural rooms, with labels of four
    floor: int          # with floors alone
    none: int           # without labels
    rooms: int
    paste: float        # share of the labelled pictures that get things of another
    rate: float
    trunk: float        # the trunk's rate beside that of the rest

    def size(self, share):
        return next(size for end, size in self.stages if share < end)


# With a detector's weights: it has seen 118,000 pictures, so little can be learned by heart.
BEGUN = Recipe(stages=((0.65, (240, 180)), (1.01, (320, 240))), full=10, drawn=0, floor=2, none=4, rooms=0,
               paste=0.0, rate=1.5e-3, trunk=0.5)
# With random numbers: many quick steps first, and more to see than 460 rooms have.
ANEW = Recipe(stages=((0.4, (160, 120)), (0.8, (240, 180)), (1.01, (320, 240))), full=9, drawn=3, floor=2, none=3, rooms=600,
              paste=0.5, rate=2e-3, trunk=1.0)


def rate(share, step, top):
    return top * min(1.0, (step + 1) / 200) * trainer.falling(share, 0.01)


def groups(model, trunk):
    """The trunk learns at a rate of its own; norms and biases do not decay."""
    rows = []
    for part, factor in ((model.trunk, trunk), ([p for n, p in model.named_parameters() if not n.startswith("trunk.")], 1.0)):
        parameters = list(part.parameters()) if hasattr(part, "parameters") else part
        parameters = [p for p in parameters if p.requires_grad]
        rows.append({"params": [p for p in parameters if p.ndim > 1], "weight_decay": 0.03, "factor": factor})
        rows.append({"params": [p for p in parameters if p.ndim <= 1], "weight_decay": 0.0, "factor": factor})
    return rows


def tensor(pictures):
    stacked = torch.from_numpy(np.stack(pictures)).permute(0, 3, 1, 2)
    return stacked.contiguous(memory_format=torch.channels_last)


class Run(trainer.Run):
    parts, values = ("model", "mean", "term", "optimizer", "kernel_optimizer"), ("ratios",)
    log_every, clip = 50, 5.0

    def __init__(self, options):
        super().__init__(options)
        self.judge_seconds = options.judge * 60
        self.recipe = BEGUN if options.start else ANEW
        self.rate = options.rate or self.recipe.rate
        if not (self.out / "pictures.npz").exists():
            print("pictures with all, floor, no labels, drawn:",
                  prepare(options.indoor, self.out / "pictures.npz", self.recipe.rooms), flush=True)
        pictures = Pictures(self.out / "pictures.npz")
        if (pictures.kind == DRAWN).sum() != self.recipe.rooms:
            sys.exit(f"{self.out} was begun by the other recipe: with --start or without it as then, or take another folder")
        learn, self.held = pictures.hold(options.hold)
        self.model = net.Compact()
        if options.start:
            self.begin_as(options.start, pictures.picture[learn[::12]])
        self.model = self.placed(self.model)
        self.mean = copy.deepcopy(self.model).eval()
        self.term = contextual.Contextual(CONTEXT)
        self.balance = contextual.Balance(self.term)
        self.optimizer = torch.optim.AdamW(groups(self.model, self.recipe.trunk), lr=self.rate)
        self.kernel_optimizer = torch.optim.SGD(self.term.parameters(), lr=1e-4, momentum=0.9)
        self.resume()
        known = torch.from_numpy(pictures.label[learn])
        self.weight40 = cost.balanced(known, 40, 0.3)
        self.weight4 = cost.balanced(torch.from_numpy(labels.fold_labels(pictures.label[learn])), 4, 0.25)
        kinds = {name: np.flatnonzero(pictures.kind == kind) for name, kind in (("floor", FLOOR), ("none", NONE), ("drawn", DRAWN))}
        kinds["full"] = learn
        self.sampler = Sampler(pictures, kinds, options.seed * 1000003 + self.step)

    def begin_as(self, file, pictures):
        if not self.checkpoint.exists():
            some = tensor([cv2.resize(p, (320, 240)).astype(np.float32) / 255 for p in pictures])
            net.settle(self.model.trunk, net.start(self.model.trunk, file), some)
        self.model.trunk.freeze()

    @property
    def ratios(self):
        return self.balance.ratios

    @ratios.setter
    def ratios(self, value):
        self.balance.ratios = value

    def batch(self, size):
        kinds = ("full", "drawn", "floor", "none")
        draws = [self.sampler.draw(key, *size, 2) for key in kinds for _ in range(getattr(self.recipe, key))]
        clear, seen, label = (list(part) for part in zip(*draws))
        whole = list(zip(seen, label))[:self.recipe.full] if self.recipe.paste else []
        for i, onto in enumerate(whole):
            if self.sampler.random.random() < self.recipe.paste:
                seen[i], label[i] = pasted(onto, whole[i - 1], self.sampler.random)
        return clear, tensor(seen), torch.from_numpy(np.stack(label))

    def logits(self, model, pictures):
        return self.forward(model, pictures).cpu().float()

    def opinion(self, clear):
        with torch.no_grad():
            return self.logits(self.mean, tensor(clear)).softmax(1)

    def one(self):
        share = self.share()
        for group in self.optimizer.param_groups:
            group["lr"] = rate(share, self.step, self.rate) * group["factor"]
        full = self.recipe.full
        four_known = full + self.recipe.drawn
        free = four_known + self.recipe.floor
        clear, seen, label = self.batch(self.recipe.size(share))
        logits = self.logits(self.model, seen)
        four = cost.fold(logits.softmax(1))
        label4 = torch.cat((torch.from_numpy(labels.fold_labels(label[:full].numpy())), label[full:four_known]))
        fine, coarse = cost.supervised(logits[:full], four[:four_known], label[:full], label4, self.weight40, self.weight4)
        floor = cost.floor_only(four[four_known:free], label[four_known:free])
        around = self.term(four, seen)
        whole = 0.5 * fine + coarse + 0.2 * floor + around + self.term.kernel_loss()
        taught = logits.new_zeros(())
        if share >= TEACHER_FROM:
            taught = cost.taught(logits[free:], self.opinion(clear[free:]))
            whole = whole + 0.4 * taught
        struck = self.balance.watch(logits, 0.5 * fine + coarse, around)
        if struck:
            self.log(struck)
        self.descend(whole, self.optimizer, self.kernel_optimizer)
        self.term.project()
        self.term.count()
        trainer.average(self.mean, self.model, self.step, 0.998, 300)
        return [float(x) for x in (fine, coarse, floor, around, taught)]

    def words(self, figures):
        names = ("40 classes", "4 classes", "floor", "contextual", "teacher")
        return "  ".join(f"{n} {v:.4f}" for n, v in zip(names, figures)) + f"  height {self.recipe.size(self.share())[1]}"

    def judge(self, last):
        mean = copy.deepcopy(self.mean).cpu()
        if len(self.held):
            self.log("held out " + measure.line(measure.held(mean, self.sampler.pictures, self.held)))
        if last:
            apart = export.write(mean, str(self.out / "scene.onnx"))
            self.log(f"{self.out / 'scene.onnx'} written; OpenCV differs from PyTorch by {apart:.1e}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("indoor")
    parser.add_argument("out")
    parser.add_argument("--start", help="yolox_nano.onnx, whose weights trunk and top-down path begin with; else random")
    parser.add_argument("--minutes", type=float, default=50)
    parser.add_argument("--rate", type=float, help="that of the recipe, if none is given")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--hold", type=float, default=0.0, help="share of the labelled rooms kept out, to be looked at")
    parser.add_argument("--judge", type=float, default=10, help="minutes between two such looks")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--bf16", action="store_true", help="half-precision convolutions, on processors that have them")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    cv2.setNumThreads(options.threads)
    Run(options).go()


if __name__ == "__main__":
    main()
