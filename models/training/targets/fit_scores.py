"""Fits the score of a peak (plugins/targets/score_weights.inc) to the features that tests/prove/targets_features prints.

    targets_features SET > features.csv
    python3 fit_scores.py features.csv --out plugins/targets/score_weights.inc
    python3 fit_scores.py features.csv --check      # five folds by scene, nothing written

Needs numpy and torch. The same features give the same weights. Pictures of one recording (names that differ in the last
number only) stay together, so that what is checked was never trained on.
"""
import argparse
import re

import numpy as np
import torch

HIDDEN, STEPS, FOLDS = 8, 600, 5


class Peaks:
    def __init__(self, path):
        self.free, parts, pictures, rows = 0, 0, [], []
        self.parts = self.real_parts = 0
        for line in open(path):
            if line.startswith("#"):
                number, rest = line[1:].split(",", 1)
                name, parts, free = rest.rsplit(",", 2)
                pictures.append((name.strip(), int(parts), self.parts))
                self.parts += int(parts)
                if not name.strip().startswith("Drawn"):  # figures are of real pictures
                    self.real_parts += int(parts)
                    self.free += int(free)
            else:
                rows.append([float(x) for x in line.split(",")])
        rows = np.array(rows)
        self.picture = rows[:, 0].astype(int)
        self.drawn = np.array([p[0].startswith("Drawn") for p in pictures])[self.picture]
        self.label = rows[:, 3].astype(int)
        self.features = rows[:, 4:]
        first = np.array([p[2] for p in pictures])
        self.part = np.where(self.label > 0, first[self.picture] + self.label, 0)
        scenes = [p[0] if p[0].startswith("Misc") else re.sub(r"[_-]\d+$", "", p[0]) for p in pictures]
        known = {scene: i for i, scene in enumerate(sorted(set(scenes)))}
        fold = np.random.RandomState(1).permutation(len(known)) % FOLDS
        self.fold = fold[[known[scenes[p]] for p in self.picture]]


def fit(features, label, seed=0):
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    net = torch.nn.Sequential(torch.nn.Linear(features.shape[1], HIDDEN), torch.nn.Tanh(), torch.nn.Linear(HIDDEN, 1))
    optimiser = torch.optim.Adam(net.parameters(), lr=0.02, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, STEPS)
    x, y = torch.tensor(features, dtype=torch.float32), torch.tensor(label, dtype=torch.float32)[:, None]
    targets = torch.nonzero(y[:, 0] > 0)[:, 0]
    for _ in range(STEPS):
        rows = torch.cat([torch.randint(0, len(x), (8192,)), targets])
        optimiser.zero_grad()
        torch.nn.functional.binary_cross_entropy_with_logits(net(x[rows]), y[rows]).backward()
        optimiser.step()
        schedule.step()
    return net


def found_share(peaks, score, rate):
    """Of all parts, those with a peak above the threshold that lets `rate` of the target-free pixels through."""
    real = ~peaks.drawn
    free = np.sort(score[(peaks.label == 0) & real])[::-1]
    passes = int(round(rate * peaks.free))
    threshold = free[passes] if passes < len(free) else -np.inf
    return len(set(peaks.part[(peaks.part > 0) & real & (score > threshold)])) / peaks.real_parts, threshold


def best_on_target(peaks, score):
    hits = [peaks.label[rows][np.argmax(score[rows])] > 0
            for rows in (peaks.picture == p for p in np.unique(peaks.picture[~peaks.drawn])) if (peaks.label[rows] > 0).any()]
    return np.mean(hits)


def check(peaks, z):
    score = np.zeros(len(z))
    for k in range(FOLDS):
        train = (peaks.fold != k) & (peaks.label >= 0)
        net = fit(z[train], peaks.label[train] > 0)
        with torch.no_grad():
            score[peaks.fold == k] = net(torch.tensor(z[peaks.fold == k], dtype=torch.float32)).numpy()[:, 0]
    for rate in (1e-5, 3e-6, 1e-6):
        share, threshold = found_share(peaks, score, rate)
        print(f"held out: found at {rate:g} false pixels {share:.3f}, logit above {threshold:.2f}")
    print(f"held out: best peak on a target {best_on_target(peaks, score):.3f} of the pictures where one is")


def values(name, shape, array):
    flat = np.asarray(array)
    text = lambda row: "{" + ", ".join(f"{v:.6g}F" if "." in f"{v:.6g}" or "e" in f"{v:.6g}" else f"{v:.6g}.0F" for v in row) + "}"
    body = "{" + ",\n    ".join(text(row) for row in flat) + "}" if flat.ndim == 2 else text(flat)
    return f"constexpr float {name}{shape} = {body};\n"


def write(path, net, mean, scale):
    hidden, out = net[0], net[2]
    with open(path, "w") as to:
        to.write("// Made by models/training/targets/fit_scores.py; not to be edited by hand.\n")
        to.write(f"constexpr int kHidden = {HIDDEN};\n")
        to.write(values("kMean", "[kFeatures]", mean))
        to.write(values("kScale", "[kFeatures]", scale))
        to.write(values("kHiddenWeights", "[kHidden][kFeatures]", hidden.weight.detach().numpy()))
        to.write(values("kHiddenBias", "[kHidden]", hidden.bias.detach().numpy()))
        to.write(values("kOutputWeights", "[kHidden]", out.weight.detach().numpy()[0]))
        to.write(f"constexpr double kOutputBias = {float(out.bias[0]):.6g};\n")


def main():
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("features")
    words.add_argument("--check", action="store_true")
    words.add_argument("--out")
    words = words.parse_args()
    peaks = Peaks(words.features)
    mean, scale = peaks.features.mean(0), 1 / (peaks.features.std(0) + 1e-6)
    z = (peaks.features - mean) * scale
    print(f"{len(z)} peaks, {len(set(peaks.part)) - 1} of {peaks.parts} targets among them")
    if words.check:
        check(peaks, z)
    if words.out:
        train = peaks.label >= 0
        write(words.out, fit(z[train], peaks.label[train] > 0), mean, scale)


if __name__ == "__main__":
    main()
