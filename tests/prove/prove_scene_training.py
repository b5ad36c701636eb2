"""The network of rooms trained anew, with other random numbers: the weights that ship are what the recipe gives, within 90 minutes.

LYNCEUS_SCENE_TRAINING names the folder of the training (build/scene-training); what is there goes on.
"""
import json
import os
import pathlib
import re
import subprocess
import sys

from house import ROOT, half_precision, say

SHARED = pathlib.Path(os.environ.get("LYNCEUS_DATA", ROOT.parent / "shared"))
WORK = pathlib.Path(os.environ.get("LYNCEUS_SCENE_TRAINING", ROOT / "build/scene-training"))
CODE = ROOT / "models/training/scene"
START = SHARED / "models/yolox_nano/yolox_nano.onnx"
RECIPE = ("--minutes", "48", "--hold", "0.05", "--seed", "2", "--start", START)


def python(*words, output=None):
    command = [sys.executable, "-B", *words]
    return subprocess.run([str(word) for word in command], check=True, text=True, stdout=output,
                          env={**os.environ, "OMP_NUM_THREADS": "1"}).stdout


def minutes():
    """Those the training used, over all its runs."""
    return float(re.findall(r"^\S+ +([\d.]+) min ", (WORK / "progress.txt").read_text(), re.MULTILINE)[-1])


def figures(network):
    return json.loads(python(CODE / "measure.py", network, SHARED / "data/indoor/nyuv2_val", output=subprocess.PIPE))


def run(verdicts):
    for needed in (SHARED / "data/indoor/nyuv2_val", START):
        if not needed.exists():
            say(f"skipped: {needed} is not there")
            return
    python(CODE / "train.py", SHARED / "data/indoor", WORK, *RECIPE, *half_precision())
    verdicts.at_most("training, one thread", minutes(), 90, "minutes")
    ships, anew = figures(ROOT / "models/scene.onnx"), figures(WORK / "scene.onnx")
    for name in ("pixel_acc", "mean_iu", "fw_iu"):
        verdicts.at_most(f"{name}: {anew[name]:.4f} beside {ships[name]:.4f}, apart", abs(anew[name] - ships[name]), ships[f"{name}_deviation"])
