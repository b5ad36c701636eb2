"""AP50 and CPU time per picture of every detector on pictures the own one has not been trained on, visible and thermal."""
import json

import people_common as common
from house import ROOT, say

HELD = ROOT / "models/training/people/held.txt"
LEAST = {"hog": 0.27}  # below a margin of -1 it lists every window
SURVEILLANCE = ["cctv_humandet"]
THERMAL = ["thermal_handheld_clip", "thermal_seek_dogs_people", "hituav_thermal_aerial"]


def held_out():
    """{set: [(path, people, regions to ignore)]}"""
    wanted = {}
    for line in HELD.read_text().split():
        name, file = line.split("/", 1)
        wanted.setdefault(name, set()).add(file)
    sets = {}
    for name, files in wanted.items():
        folder = common.SHARED / "data/person_train" / name
        rows = [json.loads(line) for line in open(folder / "labels.jsonl")]
        sets[name] = [(folder / r["file"], r["boxes"], r["ignore"]) for r in rows if r["file"].split("/")[-1] in files]
    return sets


def inside(box, regions):
    for x, y, w, h in regions:
        common_w = min(box[0] + box[2], x + w) - max(box[0], x)
        common_h = min(box[1] + box[3], y + h) - max(box[1], y)
        if max(0, common_w) * max(0, common_h) > 0.5 * box[2] * box[3]:
            return True
    return False


def claims(found, truth, ignore):
    """[(score, right)]; what lies mostly in an ignored region counts neither way."""
    right = {i for i, _ in common.matched(found, truth, 0.5)}
    return [(box[4], i in right) for i, box in enumerate(found) if i in right or not inside(box, ignore)]


def average_precision(marked, people):
    """Area under precision over recall, precision made monotonous; and the score of the best F1."""
    marked = sorted(marked, reverse=True)
    points, right, best = [], 0, (0, 0)
    for count, (score, good) in enumerate(marked, 1):
        right += good
        points.append((right / people, right / count))
        best = max(best, (2 * right / (count + people), score))
    area, highest, last = 0, 0, None
    for recall, precision in reversed(points):
        if last is not None:
            area += (last - recall) * highest
        highest, last = max(highest, precision), recall
    return area + (last or 0) * highest, best


def judge(name, rows):
    looked = common.pictures(name, [path for path, _, _ in rows], "--confidence", LEAST.get(name, 0.01))
    marked, people = [], sum(len(truth) for _, truth, _ in rows)
    for (_, truth, ignore), (found, _) in zip(rows, looked):
        marked += claims(found, truth, ignore)
    ms = sorted(ms for _, ms in looked)[len(looked) // 2]
    return *average_precision(marked, people), ms


def run(verdicts):
    if common.absent("data/person_train", common.SHARED / "data/person_train"):
        return
    sets = held_out()
    figures = {}
    say(f"      {'detector':18} {'set':26} {'pictures':>8} {'AP50':>6} {'best F1':>8} {'at score':>8} {'CPU ms':>7}")
    for name, words in common.DETECTORS.items():
        if len(words) > 2 and common.absent(name, words[3]):
            continue
        for part, rows in sets.items():
            ap, (f1, score), ms = judge(name, rows)
            figures[name, part] = ap, ms
            say(f"      {name:18} {part:26} {len(rows):8} {ap:6.3f} {f1:8.3f} {score:8.2f} {ms:7.1f}")
    if ("own", SURVEILLANCE[0]) not in figures:
        return
    for part in SURVEILLANCE:
        verdicts.at_least(f"own, {part}: AP50", figures["own", part][0], 0.80)
        verdicts.at_least(f"own, {part}: AP50 (limit: HOG's)", figures["own", part][0], figures["hog", part][0])
        verdicts.at_most(f"own, {part}: CPU a picture", figures["own", part][1], 12, "ms")
    thermal = [figures["own", part][0] for part in THERMAL]
    verdicts.at_least("own, thermal sets: mean AP50", sum(thermal) / len(thermal), 0.5)
