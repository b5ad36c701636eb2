"""Clips of infrared video with a CSV of boxes (drone_ir) as folders that `lynceus evaluate targets` reads: img/ and
groundtruth_rect.txt, which counts from 1 as the CSV does. Frames without exactly one box have an empty line.

    python3 drone_ir.py FOLDER OUT [NAME…]
"""
import csv
import pathlib
import subprocess
import sys


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
