"""Diagnosis of pipes on generated pictures of three regimes, seeds that nothing was tuned on; processing time."""
import json
import subprocess

from house import BIN, say


def figures(dataset, *sets):
    command = [BIN / "lynceus", "evaluate", "pipes", dataset, "--json"]
    for one in sets:
        command += ["--set", one]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


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
    bench = json.loads(subprocess.run([BIN / "lynceus", "bench", "pipes", "--json"], check=True, capture_output=True,
                                      text=True).stdout)
    verdicts.at_most("640x480 radiometric, CPU", bench["radiometric_ms"], 2.0, "ms a frame")
    verdicts.at_most("640x480 pseudo-colour, CPU", bench["palette_ms"], 4.0, "ms a frame")
