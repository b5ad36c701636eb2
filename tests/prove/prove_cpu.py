"""CPU of lynceusd with 8 cameras of 1280x720 at 25 fps against bare decoding of the same streams."""
import json
import subprocess

from house import BIN, say


def run(verdicts):
    out = subprocess.run([BIN / "lynceus", "bench", "cpu", "--json"], check=True, capture_output=True, text=True).stdout
    result = json.loads(out)
    for row in result["rounds"]:
        say(f"      bare {row['bare_cores']:.3f} cores, lynceusd {row['daemon_cores']:.3f} cores")
    verdicts.at_most("CPU ratio (median)", result["ratio"], 1.15)
    lost = result["frames_sent"] - result["frames_received"]
    verdicts.at_most("frames due but never received, share", lost / result["frames_sent"], 0.005)
    uncounted = result["frames_received"] - result["frames_analyzed"] - result["frames_dropped"]
    verdicts.at_most("frames received but neither analysed nor counted as dropped", abs(uncounted), 16)
