"""The network of rooms on held-out rooms: accuracy, IU, time; `evaluate scene` and an independent computation agree."""
import json
import os
import pathlib
import subprocess
import sys

from house import BIN, ROOT, say

SHARED = pathlib.Path(os.environ.get("LYNCEUS_DATA", ROOT.parent / "shared"))
HELD = SHARED / "data/indoor/nyuv2_val"
NETWORK = ROOT / "models/scene.onnx"


def own(classes):
    command = [BIN / "lynceus", "evaluate", "scene", "--json", "--set", f"classes={classes}", HELD]
    return json.loads(subprocess.run([str(w) for w in command], check=True, capture_output=True, text=True).stdout)


def independent(classes):
    command = [sys.executable, "-B", ROOT / "models/training/scene/measure.py", NETWORK, HELD, "--classes", classes]
    done = subprocess.run([str(w) for w in command], capture_output=True, text=True, env={**os.environ, "OMP_NUM_THREADS": "1"})
    if done.returncode:
        say(f"not compared: {(done.stderr.strip().splitlines() or ['no word'])[-1]}")
        return None
    return json.loads(done.stdout)


def run(verdicts):
    if not HELD.exists():
        say(f"skipped: {HELD} is not there")
        return
    for classes in (4, 13, 40):
        ours, theirs = own(classes), independent(classes)
        names = ("pixel_acc", "mean_acc", "mean_iu", "fw_iu", "boundary_f1")
        say(f"{classes} classes: " + "  ".join(f"{name} {ours[name]:.4f}" for name in names))
        if classes == 4:
            verdicts.at_least("pixel accuracy, 4 classes", ours["pixel_acc"], 0.70)
            verdicts.at_least("mean IU, 4 classes", ours["mean_iu"], 0.50)
            verdicts.at_least("IU of the floor", ours["per_class"]["floor"]["iu"], 0.70)
            verdicts.at_most("size of the network", NETWORK.stat().st_size / 2 ** 20, 8, "MiB")
        if theirs is None:
            continue
        apart = max(abs(ours[name] - theirs[name]) for name in names)
        verdicts.at_most(f"{classes} classes: largest difference to the independent computation", apart, 0.001)
        if classes == 4:
            verdicts.at_most("a pass through OpenCV, median of one thread's CPU time", theirs["ms"], 60, "ms")
