"""The tables of the experiment from its finished arms: mean +- deviation over seeds, controls, costs, paired bootstrap."""
import json
import pathlib

import numpy as np

import contextual
import labels
import metrics

# Published on the official 795/654 split with ImageNet weights; percent: pixel, mean, mean IU, fw IU.
PUBLISHED = {("forty", "fcn", "none"): "61.8 44.7 31.6 46.0", ("forty", "fcn", "learned"): "62.5 46.3 33.6 49.9",
             ("forty", "segnet", "none"): "46.8 22.3 14.2 33.4", ("forty", "segnet", "learned"): "55.1 32.1 22.3 39.1",
             ("four", "fcn", "learned"): "81.1 80.3",
             ("hha40", "fcn", "none"): "58.3 35.7 25.2 41.7", ("hha40", "fcn", "learned"): "60.7 45.3 32.0 47.9",
             ("hha40", "segnet", "none"): "54.1 30.5 21.0 38.5", ("hha40", "segnet", "learned"): "55.6 31.7 21.8 39.9"}
PUBLISHED.update({("official" + n, kind, term): v for (s, kind, term), v in list(PUBLISHED.items())
                  for n in (["40"] if s == "forty" else ["4"] if s == "four" else [])})
TITLES = {"forty": "40 classes, real pictures", "four": "4 classes, real pictures", "folded": "4 classes, summed from the 40",
          "official40": "40 classes, official split", "official4": "4 classes, official split",
          "hha40": "40 classes, official split, HHA", "hha4": "4 classes, official split, HHA",
          "rooms_rgb": "4 classes, PROCEDURAL rooms, RGB", "rooms_hha": "4 classes, PROCEDURAL rooms, HHA of rendered depth"}
FIGURES = ("pixel_acc", "mean_acc", "mean_iu", "fw_iu")
ORDER = ("none", "fixed", "learned", "recommended", "dilated", "threshold", "unlabelled")
DRAWS = 10000


def read(work):
    """{(set, network, term): {seed: arrays}}; `facts` decoded."""
    found = {}
    for path in sorted((pathlib.Path(work) / "arms").glob("*.npz")):
        name, kind, term, seed = path.stem.split("-")
        with np.load(path) as file:
            arm = {key: file[key] for key in file.files}
        arm["facts"] = json.loads(str(arm["facts"]))
        found.setdefault((name, kind, term), {})[int(seed)] = arm
        if name == "forty":
            found.setdefault(("folded", kind, term), {})[int(seed)] = folded(arm)
    return found


def folded(arm):
    to4 = np.eye(4, dtype=np.int64)[labels.FOUR_OF_40]
    return {**arm, "n": to4.T @ arm["n"] @ to4, "n_majority": to4.T @ arm["n_majority"] @ to4}


def figure(n, name):
    return metrics.figures(n.sum(0))[name]


def over_seeds(arms, value):
    values = np.array([value(arm) for arm in arms.values()])
    spread = values.std(ddof=1) if len(values) > 1 else float("nan")
    return values.mean(), spread


def shown(pair, scale=100, digits=1):
    mean, spread = pair
    return f"{mean * scale:.{digits}f}" + ("" if np.isnan(spread) else f"±{spread * scale:.{digits}f}")


def row(key, arms):
    plain = [shown(over_seeds(arms, lambda a, f=f: figure(a["n"], f))) for f in FIGURES]
    control = [shown(over_seeds(arms, lambda a, f=f: figure(a["n_majority"], f))) for f in ("mean_iu", "fw_iu")]
    border = shown(over_seeds(arms, lambda a: np.nanmean(a["f1"])))
    border_control = shown(over_seeds(arms, lambda a: np.nanmean(a["f1_majority"])))
    lone = over_seeds(arms, lambda a: a["isolated"].mean())
    published = PUBLISHED.get(key, "-")
    name, kind, term = key
    cells = [kind, term, str(len(arms)), *plain, border, f"{lone[0]:.1f}", *control, border_control, published]
    return "| " + " | ".join(cells) + " |"


def costs(key, arms):
    facts = [arm["facts"] for arm in arms.values()]
    middle = {name: np.median([f[name] for f in facts]) for name in ("ms_a_step", "memory_mib")}
    return (f"| {key[0]} | {key[1]} | {key[2]} | {facts[0]['parameters']} | {facts[0]['term_parameters']} | 0 | "
            f"{middle['ms_a_step']:.0f} | {middle['memory_mib']:.0f} | {moved(arms)} |")


def moved(arms):
    """How far the kernels went from where they began: largest change of a value, norm 1 to begin with."""
    kernels = [arm["kernels"] for arm in arms.values() if len(arm["kernels"])]
    if not kernels:
        return "-"
    start = contextual.first_kernels("neighbours").numpy()
    return f"{max(np.abs(k - start).max() for k in kernels):.4f}"


def sums(n):
    """Per picture: right, in truth, answered, by class (pictures, 3, classes)."""
    return np.stack([np.diagonal(n, axis1=1, axis2=2), n.sum(2), n.sum(1)], 1).astype(np.float64)


def drawn_figures(n, weights):
    """mean IU and fw IU of every draw (draws, 2)."""
    pictures, _, classes = (s := sums(n)).shape
    hit, truth, answered = np.moveaxis((weights @ s.reshape(pictures, -1)).reshape(len(weights), 3, classes), 1, 0)
    either = truth + answered - hit
    iu = np.divide(hit, either, out=np.zeros_like(hit), where=either > 0)
    return np.stack([iu.sum(1) / (either > 0).sum(1), (truth * iu).sum(1) / truth.sum(1)], 1)


def bootstrap(ours, theirs, draws=DRAWS):
    """Difference (mean IU, fw IU) of two arms over their common seeds: mean, per seed, 95 % interval over drawn pictures."""
    seeds = sorted(set(ours) & set(theirs))
    pictures = len(ours[seeds[0]]["n"])
    weights = np.random.default_rng(1).multinomial(pictures, np.full(pictures, 1 / pictures), draws).astype(np.float64)
    apart = [drawn_figures(ours[s]["n"], weights) - drawn_figures(theirs[s]["n"], weights) for s in seeds]
    each = [[figure(ours[s]["n"], f) - figure(theirs[s]["n"], f) for f in ("mean_iu", "fw_iu")] for s in seeds]
    low, high = np.percentile(np.mean(apart, 0), (2.5, 97.5), axis=0)
    return np.mean(each, 0), np.array(each), low, high


def gains(found, name):
    out = []
    for kind in ("fcn", "segnet"):
        for term in ORDER[1:]:
            ours, base = found.get((name, kind, term)), found.get((name, kind, "none"))
            if not ours or not base or not set(ours) & set(base):
                continue
            mean, each, low, high = bootstrap(ours, base)
            for i, what in enumerate(("mean IU", "fw IU")):
                seeds = " ".join(f"{100 * e[i]:+.1f}" for e in each)
                out.append(f"{kind} {term} - none, {what}: {100 * mean[i]:+.2f} points "
                           f"[{100 * low[i]:+.2f}, {100 * high[i]:+.2f}]; by seed {seeds}")
    return out


def lines(work):
    found = read(work)
    out = []
    for name, title in TITLES.items():
        rows = [row((name, kind, term), found[name, kind, term]) for kind in ("fcn", "segnet") for term in ORDER
                if (name, kind, term) in found]
        if not rows:
            continue
        out += ["", f"== {title}: percent, mean ± deviation over the seeds",
                "| network | term | seeds | pixel | mean | mean IU | fw IU | boundary F1 | lone pixels a picture | "
                "mean IU, 3x3 majority | fw IU, majority | F1, majority | "
                "published, official split (ImageNet weights), not comparable |", "|" + "---|" * 13, *rows, "",
                *gains(found, name)]
    if not any(name.startswith("hha") for name, _, _ in found):
        out += ["", "HHA on real pictures: not measured: no labelled depth"]
    out += ["", "== what it costs",
            "| set | network | term | parameters | more in training | more at inference | ms a step (CPU) | peak memory MiB | "
            "kernels moved by at most |",
            "|" + "---|" * 9]
    out += [costs(key, arms) for key, arms in sorted(found.items()) if key[0] != "folded"]
    return out
