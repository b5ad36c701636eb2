#!/usr/bin/env python3
"""Trains the network, on a CUDA device where there is one, else on one core; stops and resumes at any moment, on either.

    train.py WORK OUT [--iterations 1000 | --minutes 40] [--without fusion,region,filter] [--inputs im|m|i] [--fold 0]
             [--optimizer sgd|adam]

sgd is the published way: momentum 0.9, the rate falling from 0.05 to 0.0001; adam, from 0.003 to 0.00003, is what the branch of
boxes needs (with sgd half of its units die). Rates fall evenly in their logarithm over the iterations, or over the minutes that
training has used in all runs. OUT/state.pt is the checkpoint (every two minutes), OUT/progress.txt the log, OUT/best.pt the
weights of lowest loss on the fold left out, OUT/last.pt the last.
"""
import argparse
import json
import pathlib
import sys

import cv2
import numpy as np
import torch

sys.path.append(str(pathlib.Path(__file__).resolve().parents[2]))
import loss as cost
import net
import trainer
from pairs import Pairs, Pool

RATES = {"sgd": (0.05, 0.0001), "adam": (0.003, 0.00003)}
BATCH, HELD_BATCHES = 32, 12


def batch_of(pairs, count):
    return [torch.from_numpy(np.stack(part)) for part in zip(*(pairs.draw() for _ in range(count)))]


def optimizer_of(model, name):
    if name == "sgd":
        return torch.optim.SGD(model.parameters(), lr=RATES[name][0], momentum=0.9, weight_decay=1e-4)
    return torch.optim.AdamW(model.parameters(), lr=RATES[name][0], weight_decay=1e-4)


class Run(trainer.Run):
    parts, values = ("model", "optimizer"), ("best", "judged_at")

    def __init__(self, options):
        super().__init__(options)
        model, inputs = net.make(options.without, options.inputs)
        self.model = self.placed(model)
        self.optimizer = optimizer_of(self.model, options.optimizer)
        self.best, self.judged_at = float("inf"), 0.0
        self.resume()
        region = "region" not in options.without
        rest = {f for f in range(5) if f != options.fold}
        self.pairs = Pairs(Pool(options.work, rest), options.seed * 1000003 + self.step, inputs, region)
        held = Pairs(Pool(options.work, {options.fold}), 99, inputs, region)
        self.held = [batch_of(held, BATCH) for _ in range(HELD_BATCHES)]
        (self.out / "options.json").write_text(json.dumps({"without": options.without, "inputs": inputs, "fold": options.fold,
                                                           "seed": options.seed}))

    def share(self):
        return super().share() if self.options.minutes else self.step / self.options.iterations

    def due(self, since):
        return self.share() >= self.judged_at + 0.04 and self.step % 50 == 0

    def cost_of(self, batch):
        template, search, kind, codes = batch
        return cost.loss(self.forward(self.model, template, search).cpu(), kind, codes)

    def judge(self, last):
        self.judged_at = self.share()
        self.model.eval()
        with torch.no_grad():
            whole, kind, place = np.mean([[float(v) for v in self.cost_of(batch)] for batch in self.held], 0)
        self.log(f"left out: loss {whole:.4f} kind {kind:.4f} place {place:.4f}")
        if whole < self.best:
            self.best = float(whole)
            self.keep_weights("best.pt")
        if last:
            (self.out / "done").write_text(f"{self.step} {self.best}\n")

    def one(self):
        for group in self.optimizer.param_groups:
            warm = min(1.0, (self.step + 1) / 50)
            group["lr"] = warm * float(np.exp(np.interp(self.share(), [0, 1], np.log(RATES[self.options.optimizer]))))
        whole, kind, place = self.cost_of(batch_of(self.pairs, BATCH))
        self.descend(whole, self.optimizer)
        return float(kind), float(place)

    def words(self, figures):
        return "kind {:.4f} place {:.4f}".format(*figures)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work")
    parser.add_argument("out")
    parser.add_argument("--iterations", type=int, default=1000)
    parser.add_argument("--minutes", type=float)
    parser.add_argument("--without", default="", help="of fusion, region, filter, joined by commas")
    parser.add_argument("--inputs", default="im", choices=["im", "m", "i"])
    parser.add_argument("--fold", type=int, default=0)
    parser.add_argument("--optimizer", default="sgd", choices=list(RATES))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--bf16", action="store_true", help="half-precision convolutions, on processors that have them")
    options = parser.parse_args()
    options.without = [w for w in options.without.split(",") if w]
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    Run(options).go()


if __name__ == "__main__":
    main()
