#!/usr/bin/env python3
"""Programs and plugins of a release are hardened. Usage: hardened.py BUILD_DIR BUILD_TYPE

Position independent, relocations read-only and bound at once; programs guard their stacks (a small plugin may have no
function that needs it). Other builds than Release are passed over.
"""
import pathlib
import subprocess
import sys

from linked import programs


def elf(path):
    return subprocess.run(["readelf", "-hlW", "--dynamic", "--dyn-syms", path], check=True, capture_output=True, text=True).stdout


def missing(path, guards):
    text = elf(path)
    wanted = {
        "position independent (PIE)": "DYN (" in text,
        "relocations read-only (RELRO)": "GNU_RELRO" in text,
        "bound at once (NOW)": "BIND_NOW" in text or any("FLAGS_1" in line and "NOW" in line for line in text.splitlines()),
        "stacks guarded": not guards or "__stack_chk_fail" in text,
    }
    return [what for what, there in wanted.items() if not there]


def main():
    build, kind = pathlib.Path(sys.argv[1]), sys.argv[2]
    if kind != "Release":
        print(f"skipped: a build of type {kind or 'none'}")
        return 77
    found = list(programs(build))
    bad = [(path, missing(path, path.parent.name == "bin")) for path in found]
    for path, what in bad:
        if what:
            print(f"{path}: not {', not '.join(what)}")
    print(f"{len(found)} programs and plugins looked at")
    return 1 if not found or any(what for _, what in bad) else 0


if __name__ == "__main__":
    sys.exit(main())
