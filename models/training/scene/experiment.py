#!/usr/bin/env python3
"""Does the contextual term help? No term, fixed kernels, learned kernels; FCN-style and SegNet-style; three seeds and more.

    experiment.py INDOOR WORK [--minutes M] [--sets four forty rooms_rgb rooms_hha] [--seeds 3] [--before 800] [--steps 400] [--tables]
    experiment.py INDOOR WORK --mat nyu_depth_v2_labeled.mat --sets official4 official40 hha4 hha40    # for who has the file

An arm is a set, a network, a term and a seed. The arms of a set, network and seed begin with the same weights: random ones
trained without any term for --before steps (WORK/before), as the published networks began with trained ones. Then each is
trained for --steps with its term, on the same pictures in the same order. Each runs in a process of its own (for its memory)
and leaves WORK/arms/KEY.npz; what is there is not trained again. With --minutes no arm is begun after them; --tables only prints.

The smaller a picture, the larger the share of its pixels that lie at borders, which is what the term charges for, while the
cross-entropy stays as it is. lambda was chosen at 560x425, so it is scaled by the pictures' width over 560.
"""
import argparse
import dataclasses
import json
import pathlib
import resource
import subprocess
import sys
import time

import cv2
import numpy as np
import torch
import torch.nn.functional as F

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1]))
import contextual
import experiment_tables
import labels
import metrics
import networks
import trainer
from contextual import Options
from official import Folder

# what: classes, width, height
SETS = {"four": (4, 132, 100), "forty": (40, 88, 66), "rooms_rgb": (4, 132, 100), "rooms_hha": (4, 132, 100)}
OFFICIAL = {"official4": (4, 132, 100), "official40": (40, 88, 66), "hha4": (4, 132, 100), "hha40": (40, 88, 66)}
ALL = {**SETS, **OFFICIAL}
TERMS = {"none": None, "fixed": Options(learned=False), "learned": Options(),
         "recommended": Options(dilations=(1, 2, 4), threshold=0.3, warm=50, balance=True),  # as the shipped network is taught
         "dilated": Options(dilations=(1, 2, 4)), "threshold": Options(threshold=0.3), "unlabelled": Options()}
MAIN = ("none", "fixed", "learned", "recommended")
ADDED = ("dilated", "threshold", "unlabelled")
ROOMS, ROOMS_HELD, BATCH = 400, 80, 8
RATE_BEFORE, RATE = 0.02, 0.01
PUBLISHED_WIDTH = 560


def arms(sets, seeds):
    """The main comparison of all sets first, then the additions one by one on the real pictures."""
    def rows(of, terms):
        return [(s, kind, term, seed) for s in of for seed in range(1, seeds + 1) for kind in networks.KINDS for term in terms]
    return rows(sets, MAIN) + rows([s for s in sets if s == "four"], ADDED)


def key_of(arm):
    return "-".join(map(str, arm))


# ---- data ----------------------------------------------------------------------------------------------------------


def small(picture, size, label=False):
    return cv2.resize(picture, size, interpolation=cv2.INTER_NEAREST if label else cv2.INTER_AREA)


def real(indoor, classes, size):
    indoor = pathlib.Path(indoor)
    learn, held = Folder(indoor / "nyuv2_train", classes), Folder(indoor / "nyuv2_val", classes)
    rows = [learn.read(i) for i in range(len(learn))]
    truth = [held.read(i) for i in range(len(held))]
    free = [cv2.imread(str(p))[:, :, ::-1] for p in sorted((indoor / "unlabelled").iterdir())]
    return {"picture": np.stack([small(p, size) for p, _ in rows]), "label": np.stack([small(m, size, True) for _, m in rows]),
            "held": np.stack([small(p, size) for p, _ in truth]), "truth": np.stack([m for _, m in truth]),
            "free": np.stack([small(p, size) for p in free])}


def official(mat, meta, classes, size, channels):
    """The official 795 and 654 pictures, in RGB or in HHA of their depth."""
    from official import Official
    meta = pathlib.Path(meta)
    data = Official(mat, meta / "splits.mat", meta / "classMapping40.mat", meta / "class13Mapping.mat")

    def pictures(numbers):
        return np.stack([small(data.channels(n) if channels else data.read(n, classes)[0], size) for n in numbers])

    learned = pictures(data.train)
    return {"picture": learned, "label": np.stack([small(data.read(n, classes)[2], size, True) for n in data.train]),
            "held": pictures(data.test), "truth": np.stack([data.read(n, classes)[2] for n in data.test]), "free": learned[:0]}


def procedural(size, channel):
    import rooms
    rows = [rooms.room(seed, *size) for seed in range(ROOMS + ROOMS_HELD)]
    pictures, truth = np.stack([r[channel] for r in rows]), np.stack([r[2] for r in rows])
    return {"picture": pictures[:ROOMS], "label": truth[:ROOMS], "held": pictures[ROOMS:], "truth": truth[ROOMS:],
            "free": pictures[:0]}


def stored(name, indoor, work, mat=None):
    path = pathlib.Path(work) / f"{name}.npz"
    classes, *size = ALL[name]
    if not path.exists():
        if name.startswith("rooms"):
            data = procedural(size, int(name == "rooms_hha"))
        elif name in OFFICIAL:
            data = official(mat, pathlib.Path(indoor) / "meta", classes, tuple(size), name.startswith("hha"))
        else:
            data = real(indoor, classes, tuple(size))
        np.savez(path, **data)
    with np.load(path) as file:
        return {key: file[key] for key in file.files}


class Order:
    """The same pictures in the same order, mirrored and cut the same way, for every arm of a seed."""

    def __init__(self, data, seed, scales):
        self.data, self.scales = data, scales
        self.random, self.free_random = np.random.default_rng(seed), np.random.default_rng(seed + 7919)
        self.waiting, self.free_waiting = [], []

    def batch(self):
        numbers, self.waiting = self._next(self.random, self.waiting, len(self.data["picture"]))
        rows = [self._changed(self.random, self.data["picture"][i], self.data["label"][i]) for i in numbers]
        return tensor([r[0] for r in rows]), torch.from_numpy(np.stack([r[1] for r in rows])).long()

    def free(self):
        numbers, self.free_waiting = self._next(self.free_random, self.free_waiting, len(self.data["free"]))
        return tensor([self._changed(self.free_random, self.data["free"][i], None)[0] for i in numbers])

    def _next(self, random, waiting, count):
        while len(waiting) < BATCH:
            waiting = waiting + list(random.permutation(count))
        return waiting[:BATCH], waiting[BATCH:]

    def _changed(self, random, picture, label):
        h, w = picture.shape[:2]
        scale = random.uniform(1.0, 1.4) if self.scales else 1.0
        mirror = -1 if random.random() < 0.5 else 1
        x, y = random.uniform(0, w * (scale - 1)), random.uniform(0, h * (scale - 1))
        matrix = np.array([[mirror * scale, 0, (w - 1 if mirror < 0 else 0) - mirror * x], [0, scale, -y]])
        seen = cv2.warpAffine(picture, matrix, (w, h), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        if label is None:
            return seen, None
        return seen, cv2.warpAffine(label, matrix, (w, h), flags=cv2.INTER_NEAREST, borderMode=cv2.BORDER_REPLICATE)


def tensor(pictures):
    return torch.from_numpy(np.stack(pictures)).permute(0, 3, 1, 2).float() / 255


# ---- one arm -------------------------------------------------------------------------------------------------------


def step_of(model, term, balance, pictures, label, free, optimizers, bf16):
    start = time.thread_time()
    whole = pictures if free is None else torch.cat((pictures, free))
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=bf16):
        logits = model(whole - 0.5)
    logits = logits.float()
    cost = F.cross_entropy(logits[:len(pictures)], label, ignore_index=labels.IGNORE)
    if term is not None:
        around = term(logits.softmax(1), whole)
        balance.watch(logits, cost, around)
        cost = cost + around + term.kernel_loss()
    for optimizer in optimizers:
        optimizer.zero_grad(set_to_none=True)
    cost.backward()
    for optimizer in optimizers:
        optimizer.step()
    if term is not None:
        term.count()
    return time.thread_time() - start


def scaled(options, width):
    return options and dataclasses.replace(options, weight=options.weight * width / PUBLISHED_WIDTH)


def descend(model, term, order, steps, top, unlabelled, bf16):
    """-> seconds of the thread, each step."""
    balance = contextual.Balance(term)
    optimizers = [torch.optim.SGD(model.parameters(), lr=top, momentum=0.9, weight_decay=5e-4)]
    if term is not None and term.options.learned:
        optimizers.append(torch.optim.SGD(term.parameters(), lr=1e-4, momentum=0.9))
    times = []
    for step in range(steps):
        optimizers[0].param_groups[0]["lr"] = top * trainer.falling(step / steps, 0)
        pictures, label = order.batch()
        free = order.free() if unlabelled else None
        times.append(step_of(model, term, balance, pictures, label, free, optimizers, bf16))
    return times


def begun(name, kind, seed, data, options):
    """The network that all arms begin with; trained by whichever comes first."""
    path = pathlib.Path(options.work) / "before" / f"{name}-{kind}-{seed}.pt"
    torch.manual_seed(seed)
    model = networks.KINDS[kind](ALL[name][0]).train()
    if path.exists():
        model.load_state_dict(torch.load(path))
        return model
    descend(model, None, Order(data, seed, scales(name)), options.before, RATE_BEFORE, False, options.bf16)
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.save(model.state_dict(), path.with_suffix(".new"))
    path.with_suffix(".new").rename(path)
    return model


def scales(name):
    """Whether pictures may be enlarged: HHA says how far things are."""
    return "rooms" not in name and "hha" not in name


def train(arm, data, options):
    name, kind, term_name, seed = arm
    model = begun(name, kind, seed, data, options)
    torch.manual_seed(seed)  # dropout
    term = None if TERMS[term_name] is None else contextual.Contextual(scaled(TERMS[term_name], ALL[name][1]))
    order = Order(data, seed + 1000, scales(name))
    times = descend(model, term, order, options.steps, RATE, term_name == "unlabelled", options.bf16)
    return model.eval(), term, times


@torch.no_grad()
def judged(model, data, classes):
    rows = {"n": [], "n_majority": [], "f1": [], "f1_majority": [], "isolated": [], "isolated_majority": []}
    for picture, truth in zip(data["held"], data["truth"]):
        scores = F.interpolate(model(tensor([picture]) - 0.5), size=truth.shape, mode="bilinear", align_corners=False)
        plain = scores[0].argmax(0).numpy().astype(np.uint8)
        for suffix, answer in (("", plain), ("_majority", metrics.majority(plain, classes))):
            border = metrics.boundary_f1(truth, answer, classes)
            rows["n" + suffix].append(metrics.confusion(truth, answer, classes).astype(np.int32))
            rows["f1" + suffix].append(np.nan if border is None else border)
            rows["isolated" + suffix].append(metrics.isolated(answer))
    return {key: np.array(value) for key, value in rows.items()}


def run(arm, options):
    data = stored(arm[0], options.indoor, options.work, options.mat)
    model, term, times = train(arm, data, options)
    result = judged(model, data, ALL[arm[0]][0])
    kernels = np.zeros((0, 3, 3)) if term is None else term.kernels.detach().numpy()
    facts = {"parameters": sum(p.numel() for p in model.parameters()), "term_parameters": int(kernels.size),
             "scale": 1.0 if term is None else float(term.scale), "ms_a_step": float(np.median(times) * 1000), "steps": options.steps, "before": options.before,
             "memory_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}
    path = pathlib.Path(options.work) / "arms" / (key_of(arm) + ".npz")
    new = path.with_suffix(".new.npz")
    np.savez_compressed(new, facts=json.dumps(facts), kernels=kernels, **result)
    new.rename(path)


def all_of_them(options):
    began, wanted = time.monotonic(), arms(options.sets, options.seeds)
    for number, arm in enumerate(wanted, 1):
        if (pathlib.Path(options.work) / "arms" / (key_of(arm) + ".npz")).exists():
            continue
        if options.minutes is not None and time.monotonic() - began > options.minutes * 60:
            print(f"time is up before arm {number} of {len(wanted)}", flush=True)
            return
        start = time.monotonic()
        command = [sys.executable, "-B", __file__, options.indoor, options.work, "--arm", key_of(arm)]
        command += ["--before", str(options.before), "--steps", str(options.steps)]
        command += ["--mat", options.mat] if options.mat else []
        subprocess.run(command + ["--bf16"] * options.bf16, check=True)
        print(f"arm {number} of {len(wanted)}: {key_of(arm)} in {time.monotonic() - start:.0f} s", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("indoor")
    parser.add_argument("work")
    parser.add_argument("--sets", nargs="+", choices=ALL, default=list(SETS))
    parser.add_argument("--mat", help="nyu_depth_v2_labeled.mat, for the sets of the official split")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--before", type=int, default=800)
    parser.add_argument("--steps", type=int, default=400)
    parser.add_argument("--minutes", type=float)
    parser.add_argument("--tables", action="store_true")
    parser.add_argument("--bf16", action="store_true", help="half-precision convolutions, on processors that have them")
    parser.add_argument("--arm", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if not options.mat and set(options.sets) & set(OFFICIAL):
        parser.error("the official split needs --mat")
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    (pathlib.Path(options.work) / "arms").mkdir(parents=True, exist_ok=True)
    if options.arm:
        *arm, seed = options.arm.split("-")
        run((*arm, int(seed)), options)
        return
    if not options.tables:
        all_of_them(options)
    for line in experiment_tables.lines(options.work):
        print(line)


if __name__ == "__main__":
    main()
