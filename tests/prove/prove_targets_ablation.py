"""What fusion, region selection and filter bring to the Siamese network, each variant trained alike: equal data, seed, iterations."""
import os
import pathlib
import subprocess

from house import ROOT, half_precision, say

DATA = pathlib.Path(os.environ.get("LYNCEUS_DATA", ROOT.parent / "shared")) / "data/irst"
WORK = pathlib.Path(os.environ.get("LYNCEUS_TRAINING", "/var/tmp/lynceus-training/targets"))  # runs are kept here and go on
RECIPE = ROOT / "models/training/targets/siam"
ITERATIONS = os.environ.get("LYNCEUS_ITERATIONS", "1000")  # the published number


def run(verdicts):
    del verdicts  # what each part brings is reported as found
    if not DATA.is_dir():
        say(f"skipped: no {DATA}")
        return
    python = ["/usr/bin/python3", "-B"]
    if subprocess.run([*python, "-c", "import torch, cv2"], capture_output=True).returncode:
        say("skipped: no python3-torch or python3-opencv")
        return
    WORK.mkdir(parents=True, exist_ok=True)
    if not (WORK / "data/index.json").exists():
        subprocess.run([*python, RECIPE / "prepare.py", DATA, WORK / "data"], check=True)
    command = [*python, RECIPE / "ablation.py", WORK / "data", WORK / "ablation", "--iterations", ITERATIONS, *half_precision()]
    subprocess.run(command, check=True, env={**os.environ, "OMP_NUM_THREADS": "1"})
