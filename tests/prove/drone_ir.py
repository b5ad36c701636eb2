"""Clips of infrared video with a CSV of boxes (drone_ir) as folders that `lynceus evaluate targets` reads: img/ and
groundtruth_rect.txt, which counts from 1 as the CSV does. Frames without exactly one box have an empty line.

    python3 drone_ir.py FOLDER OUT [NAME…]
"""
import csv
import json
import os
import pathlib
import shutil
import subprocess
import sys

from house import BIN, ROOT, progress

DATA = pathlib.Path(os.environ.get("LYNCEUS_DATA", ROOT.parent / "shared")) / "data/irst"


def run_json(*words):
    """What `lynceus … --json` prints."""
    return json.loads(subprocess.run([BIN / "lynceus", *map(str, words)], check=True, capture_output=True, text=True).stdout)


def can_unpack():
    return bool(shutil.which("gst-launch-1.0"))


def held_out(folder):
    """Every second clip, converted: constants and weights were chosen with the others."""
    clips = []
    for i, clip in enumerate(sorted((DATA / "drone_ir").glob("*.mp4"))):
        progress(f"clip {i}")
        converted = convert(clip, folder) if i % 2 == 1 else None
        if converted:
            clips.append(converted)
    return clips


def boxes_of(path):
    frames = {}
    with open(path) as file:
        for row in csv.DictReader(file):
            frames.setdefault(int(row["frame"]), []).append([float(row[key]) for key in "xywh"])
    return frames


def convert(clip, out, frames_to_take=None):
    """None where the clip never shows exactly one target."""
    boxes = boxes_of(clip.with_suffix(".csv"))
    if not any(len(of) == 1 for of in boxes.values()):
        return None
    folder = out / clip.stem
    (folder / "img").mkdir(parents=True, exist_ok=True)
    limit = [] if frames_to_take is None else [f"num-buffers={frames_to_take}"]
    subprocess.run(["gst-launch-1.0", "-q", "filesrc", f"location={clip}", "!", "decodebin", "!", "videoconvert", "!",
                    "video/x-raw,format=GRAY8", "!", "identity", *limit, "!", "pngenc", "compression-level=1", "!",
                    "multifilesink", f"location={folder}/img/%05d.png"], check=True)
    count = len(list((folder / "img").iterdir()))
    with open(folder / "groundtruth_rect.txt", "w") as to:
        for frame in range(count):
            here = boxes.get(frame, [])
            to.write(",".join(f"{v:g}" for v in here[0]) + "\n" if len(here) == 1 else "\n")
    return folder


def main():
    source, out, names = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3:]
    for clip in sorted(source.glob("*.mp4")):
        if not names or clip.stem in names:
            print(convert(clip, out) or f"{clip.stem}: no single target")


if __name__ == "__main__":
    main()
