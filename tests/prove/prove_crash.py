"""kill -9 at 100 random moments, alarms at 20 a second, a receiver that refuses half: nothing lost, all in order."""
import json
import subprocess

from house import BIN


def run(verdicts):
    done = subprocess.run([BIN / "lynceus", "bench", "crash", "--kills", "100", "--rate", "20", "--json"],
                          stdout=subprocess.PIPE, text=True, check=False)
    figures = json.loads(done.stdout)
    verdicts.at_least("alarms raised", figures["raised"], 500)
    verdicts.at_most("alarms lost", figures["lost"], 0)
    verdicts.at_most("deliveries out of order", figures["disordered"], 0)
    verdicts.at_most("deliveries with a wrong signature", figures["forged"], 0)
    verdicts.at_least("alarms with every change delivered", figures["delivered"], figures["raised"])
    verdicts.at_least("deliveries refused on the way", figures["refused"], figures["changes"] / 3)
