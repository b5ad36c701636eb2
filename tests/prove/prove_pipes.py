"""Diagnosis of pipes on generated pictures, seeds that nothing was tuned on; colours read off real pictures; time."""
import json
import os
import pathlib
import subprocess

from house import BIN, ROOT, say


def figures(dataset, *sets):
    command = [BIN / "lynceus", "evaluate", "pipes", dataset, "--json"]
    for one in sets:
        command += ["--set", one]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def real_pictures():
    """Pictures of real cameras, where they are beside the repository or in LYNCEUS_DATA."""
    root = pathlib.Path(os.environ.get("LYNCEUS_DATA", ROOT.parent / "shared/data"))
    return sorted(root.glob("thermal/*/*.jpg"))


def colours_against_radiometry(verdicts):
    """Temperatures read off the colours against those embedded in the same files, picture by picture."""
    files = real_pictures()
    if not files:
        say("skip  real pictures: the data is not here")
        return
    command = [BIN / "lynceus", "analyze", "pipes", "--set", "source=palette", *files]
    lines = subprocess.run(command, capture_output=True, text=True).stdout.splitlines()
    say("      colours read against embedded temperatures, shares of the scale's span in percent:")
    say("      picture                        limits          as read  best curve  bend  class       printed limits off by, K")
    straight, read, bars = [], 0, 0
    for line in map(json.loads, lines):
        name, scale = pathlib.Path(line["input"]).stem[:30], line.get("scale")
        off = (scale or {}).get("disagreement")
        bars += scale is not None
        read += bool(scale and scale["low"] is not None)
        limits = f"{scale['low']:g}..{scale['high']:g} {scale['unit']}{'' if scale['certain'] else '?'}" if off else "unread or elsewhere"
        if not off:
            say(f"      {name:30} {limits}")
            continue
        ends = " ".join("    -" if off[key] is None else f"{off[key]:+5.2f}" for key in ("low_offset_kelvin", "high_offset_kelvin"))
        say(f"      {name:30} {limits:15} {100 * off['share_of_span']:7.2f} {100 * off['curve_share']:11.2f} "
            f"{100 * off['bend_share']:5.2f}  {off['laid']:10}  {ends}")
        if off["laid"] == "linear":
            straight.append(off["share_of_span"])
    verdicts.at_least("real pictures: scale bar found, share", bars / len(lines), 0.8)
    verdicts.at_least("real pictures: limits read, share (right and wrong ones: unit_pipes)", read / len(lines), 0.8)
    verdicts.at_least("pictures whose camera maps colours linearly", len(straight), 1)
    verdicts.at_most("the worst of them: median error, share of the span", max(straight, default=1), 0.02)


def run(verdicts):
    laboratory = "scene:laboratory,seed=900001,count=208"
    verdicts.at_least("laboratory, profile seed, macro F1", figures(laboratory, "profile=seed")["macro_f1"], 0.96)
    verdicts.at_least("laboratory, recommended, macro F1", figures(laboratory)["macro_f1"], 0.99)
    verdicts.at_least("wide, recommended, macro F1", figures("scene:wide,seed=910001,count=300")["macro_f1"], 0.98)
    hard = figures("scene:hard,seed=920001,count=400")
    say(f"      hard: {json.dumps(hard['confusion'])}")
    verdicts.at_least("hard, recommended, macro F1", hard["macro_f1"], 0.93)
    empty = hard["confusion"].get("no_pipe", {})
    faults = empty.get("insulation_damaged", 0) + empty.get("insulation_missing", 0)
    verdicts.at_most("hard, pictures without a pipe called a fault", faults, 0)
    colours_against_radiometry(verdicts)
    bench = json.loads(subprocess.run([BIN / "lynceus", "bench", "pipes", "--json"], check=True, capture_output=True,
                                      text=True).stdout)
    verdicts.at_most("640x480 radiometric, CPU", bench["radiometric_ms"], 2.0, "ms a frame")
    verdicts.at_most("640x480 pseudo-colour, CPU", bench["palette_ms"], 4.0, "ms a frame")
