#!/usr/bin/env python3
"""What each part of the method brings: variants trained alike (data, seed, iterations), measured on the fold left out.

    ablation.py WORK RUNS [--iterations 1000] [--fold 0] [--bf16]

Finished runs are kept, half-finished ones go on. The table is what `./dev prove targets_ablation` prints.
"""
import argparse
import json
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).parent
VARIANTS = {
    "all, I and M": [],
    "all, M alone (published input)": ["--inputs", "m"],
    "without filter (I)": ["--without", "filter"],
    "without fusion": ["--without", "fusion"],
    "without region selection": ["--without", "region"],
}


def folder(runs, name, iterations, fold):
    return runs / f"{''.join(c if c.isalnum() else '_' for c in name)}-{iterations}-fold{fold}"


def figures(work, runs, name, iterations, fold, bf16):
    """Trains what is not finished, measures what was not measured."""
    out = folder(runs, name, iterations, fold)
    if not (out / "done").exists():
        words = ["--iterations", str(iterations), "--fold", str(fold), "--optimizer", "adam", *VARIANTS[name]]
        words += ["--bf16"] * bf16
        subprocess.run([sys.executable, "-B", HERE / "train.py", work, out, *words], check=True, stdout=sys.stderr)
    found = out / "figures.json"
    if not found.exists():
        import measure
        found.write_text(json.dumps(measure.figures(work, out)))
    return json.loads(found.read_text())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work")
    parser.add_argument("runs", type=pathlib.Path)
    parser.add_argument("--iterations", type=int, default=1000)
    parser.add_argument("--fold", type=int, default=0)
    parser.add_argument("--bf16", action="store_true", help="half-precision convolutions, on processors that have them")
    words = parser.parse_args()
    import cv2
    import torch
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    rows = {name: figures(words.work, words.runs, name, words.iterations, words.fold, words.bf16) for name in VARIANTS}
    clips = next(iter(rows.values()))["clips"]
    print(f"{words.iterations} iterations each, fold {words.fold} left out: {clips} clips never trained on")
    print(f"{'':34}{'AOR':>8}{'5 px':>8}{'20 px':>8}")
    for name, row in rows.items():
        print(f"{name:34}{row['aor']:8.3f}{row['precision_5px']:8.3f}{row['precision_20px']:8.3f}")


if __name__ == "__main__":
    main()
