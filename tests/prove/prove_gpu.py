"""Networks on a graphics card: the same boxes as on the CPU, how much faster, and 32 cameras of people in memory.

Without a CUDA device it says so and proves nothing. LYNCEUS_BIN names the folder of programs built with --opencv.
"""
import json
import subprocess

import house

SAME = {"cuda": (0.98, 0.01), "cuda_fp16": (0.95, 0.03)}
CAMERAS, FPS, PATIENCE_MS = 32, 5, 150


def rows(*options):
    command = [house.BIN / "lynceus-infer-bench", "--json", *options]
    said = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)
    if said.returncode:
        raise RuntimeError(said.stderr.strip())
    return [json.loads(line) for line in said.stdout.splitlines()]


def same_boxes(verdicts, measured):
    boxes = 0
    for row in measured:
        if row["backend"] not in SAME or row["refused"] or not row["boxes"]:
            continue
        least, most = SAME[row["backend"]]
        boxes += row["boxes"]
        name = f"{row['model']} {row['backend']} batch {row['batch']}"
        verdicts.at_least(f"{name}: IoU with the CPU's boxes", row["least_iou"], least)
        verdicts.at_most(f"{name}: score beside the CPU's", row["largest_score_difference"], most)
    verdicts.at_least("boxes compared", boxes, 1)


def speed(verdicts, measured):
    def of(backend, batch):
        found = [r["frames_per_s"] for r in measured
                 if (r["model"], r["backend"], r["batch"]) == ("yolox_nano", backend, batch) and not r["refused"]]
        return max(found, default=0)
    if not of("cpu", 1):
        return house.say("skipped: yolox_nano is not here (lynceus models pull yolox_nano)")
    best = max(of("cuda", 16), of("cuda_fp16", 16))
    if not best:
        return house.say("skipped: yolox_nano is made for a batch of 1")
    verdicts.at_least("yolox_nano at batch 16 beside one core", best / of("cpu", 1), 15, "times")


def cameras(verdicts):
    """Pictures that are decoded already, in memory, at the rate of 32 cameras."""
    (row,) = rows("--model", "people", "--load", CAMERAS, "--fps", FPS, "--seconds", 20)
    verdicts.at_least("people of 32 cameras: pictures answered of those due", row["answered"] / row["due"], 0.99)
    verdicts.at_most("people of 32 cameras: p99 from picture to boxes", row["p99_ms"], PATIENCE_MS, "ms")
    house.say("not measured: the same with real streams (GStreamer on the machine with the card)")


def run(verdicts):
    absent = [row for row in rows("--model", "people", "--seconds", 0.01) if row.get("backend") == "cuda" and row.get("skipped")]
    if absent:
        return house.say(f"skipped: {absent[0]['skipped']} ({absent[0]['reason']})")
    measured = [row for row in rows("--seconds", 1) if "model" in row]
    same_boxes(verdicts, measured)
    speed(verdicts, measured)
    cameras(verdicts)
