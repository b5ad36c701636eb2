"""The Siamese network in the tracker, off by default: held-out sequences with it and without, speed with it."""
import pathlib
import tempfile

from drone_ir import DATA, can_unpack, held_out, run_json
from house import ROOT, say

NETWORK = ROOT / "models/targets_backbone.onnx"
FIGURES = (("aor", "overlap (AOR)"), ("precision_5px", "precision, 5 px"), ("precision_20px", "precision, 20 px"), ("success_auc", "success AUC"))


def sequences(folder):
    clips = held_out(folder)
    return [run_json("evaluate", "targets", "--json", "--set", f"network={network}", *clips) for network in (NETWORK, "off")]


def speed(verdicts):
    result = run_json("bench", "targets", "--network", NETWORK, "--json")
    verdicts.at_least("one target pointed out, with network, 640x480, one core", result["followed_fps"], 400, "frames/s")
    verdicts.at_least("one target found, with network", result["one_target_fps"], 400, "frames/s")
    verdicts.at_least("ten targets found, with network", result["ten_targets_fps"], 150, "frames/s")


def run(verdicts):
    size = sum((ROOT / f"models/targets_{part}.onnx").stat().st_size for part in ("backbone", "head"))
    verdicts.at_most("both files of the network", size / 2 ** 20, 2, "MiB")
    speed(verdicts)
    if not DATA.is_dir() or not can_unpack():
        say(f"skipped: no {DATA}, or no gst-launch-1.0 to unpack the clips with")
        return
    with tempfile.TemporaryDirectory(prefix="lynceus-prove-") as name:
        with_it, without = sequences(pathlib.Path(name))
    for key, words in FIGURES:
        say(f"      target given, {words}: with network {with_it[key]:.4f}, without {without[key]:.4f}")
    say(f"      frames/s of these sequences: with network {with_it['fps']:.0f}, without {without['fps']:.0f} (published: AOR 0.9, 201 to 205)")
    verdicts.at_least("overlap gained by the network", with_it["aor"] - without["aor"], -0.005)  # off by default: it must not harm
