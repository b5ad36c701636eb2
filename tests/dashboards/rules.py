#!/usr/bin/env python3
"""promtool's word on the alert rules, their tests and the scrape example. Exit 77 where there is no promtool.

  rules.py DASHBOARDS
"""
import pathlib
import re
import shutil
import subprocess
import sys


def main(folder):
    if not shutil.which("promtool"):
        print("skipped: no promtool (package prometheus)")
        return 77
    for words in (["check", "rules", "lynceus-alerts.yml"], ["test", "rules", "lynceus-alerts_test.yml"],
                  ["check", "config", "--syntax-only", "prometheus.yml"]):
        done = subprocess.run(["promtool", *words], cwd=folder, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            print(done.stdout + done.stderr)
            return 1
    named = set(re.findall(r"alert: (\w+)", (folder / "lynceus-alerts.yml").read_text(encoding="utf-8")))
    tested = set(re.findall(r"alertname: (\w+)", (folder / "lynceus-alerts_test.yml").read_text(encoding="utf-8")))
    print(f"{len(named)} rules, {len(tested)} tested" if named == tested else f"not tested: {named - tested}")
    return 0 if named == tested else 1


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
