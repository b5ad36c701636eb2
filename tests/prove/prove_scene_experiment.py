"""What the contextual term gains: no term, fixed and learned kernels, two networks, three seeds, mean IU and fw IU on held-out rooms."""
import os
import pathlib
import subprocess
import sys

from house import ROOT, half_precision, say

SHARED = pathlib.Path(os.environ.get("LYNCEUS_DATA", ROOT.parent / "shared"))
WORK = pathlib.Path(os.environ.get("LYNCEUS_SCENE_WORK", ROOT / "build/scene-experiment"))
CODE = ROOT / "models/training/scene"


def run(verdicts):
    """Arms that lie finished in WORK are not trained again; all of them take some five hours of a core."""
    indoor = SHARED / "data/indoor"
    if not indoor.exists():
        say(f"skipped: {indoor} is not there")
        return
    command = [sys.executable, "-B", CODE / "experiment.py", indoor, WORK, *half_precision()]
    subprocess.run([str(word) for word in command], check=True, env={**os.environ, "OMP_NUM_THREADS": "1"})
    sys.path.insert(0, str(CODE))
    import experiment_tables
    found = experiment_tables.read(WORK)
    for name in ("forty", "four"):
        for kind in ("fcn", "segnet"):
            mean, _, low, high = experiment_tables.bootstrap(found[name, kind, "learned"], found[name, kind, "none"])
            for i, what in enumerate(("mean IU", "fw IU")):
                verdicts.at_least(f"{experiment_tables.TITLES[name]}, {kind}: learned - none, {what} "
                                  f"[{100 * low[i]:+.2f}, {100 * high[i]:+.2f}]", 100 * mean[i], 0, "points")
