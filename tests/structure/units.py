#!/usr/bin/env python3
"""The service units: lynceus@.service is lynceus.service for a site of its own, and both stay closed.
Usage: units.py SOURCE_DIR

The exposure is systemd's own figure (`systemd-analyze security --offline=true`); skipped where that is not installed.
"""
import itertools
import pathlib
import re
import shutil
import subprocess
import sys

MOST_EXPOSED = 1.8
OF_A_SITE = {"surveillance": "surveillance, site %i", "/lynceus.yaml": "/%i.yaml",
             "StateDirectory=lynceus": "StateDirectory=lynceus/sites/%i"}


def settings(unit):
    return [line for line in unit.read_text().splitlines() if line and not line.startswith("#")]


def as_site(line):
    for one, site in OF_A_SITE.items():
        line = re.sub(re.escape(one) + "$", site, line)
    return line


def exposure(unit):
    answer = subprocess.run(["systemd-analyze", "security", "--offline=true", unit], capture_output=True, text=True)
    found = re.search(r"exposure level for \S+: ([\d.]+)", answer.stdout)
    if not found:
        raise RuntimeError("systemd-analyze says no figure: " + answer.stdout + answer.stderr)
    return float(found[1])


def main():
    folder = pathlib.Path(sys.argv[1]) / "systemd"
    one, site = folder / "lynceus.service", folder / "lynceus@.service"
    problems = [f"lynceus@.service: {theirs!r} where lynceus.service leads to {as_site(ours)!r}"
                for ours, theirs in itertools.zip_longest(settings(one), settings(site), fillvalue="") if as_site(ours) != theirs]
    if not shutil.which("systemd-analyze"):
        print("\n".join(problems) or "systemd-analyze is not here; skipped")
        return 1 if problems else 77
    for unit in (one, site):
        figure = exposure(unit)
        print(f"{unit.name}: exposure {figure} <= {MOST_EXPOSED}")
        if figure > MOST_EXPOSED:
            problems.append(f"{unit.name}: too exposed")
    print("\n".join(problems))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
