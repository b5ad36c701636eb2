#!/usr/bin/env python3
"""docs/ref/cli.md and the programs agree: a section for each command, every option of its --help in that section (or the
page it links to), and no option there that the program has not.

  cli.py ROOT LYNCEUS
"""
import pathlib
import re
import subprocess
import sys

OPTION = re.compile(r"(?<![\w-])(--[a-z][a-z-]*)")


def said(lynceus, *words):
    return subprocess.run([str(lynceus), *words, "--help"], capture_output=True, text=True, check=False).stdout


def sections(page):
    """{command: text}; "bench crash" belongs to bench."""
    parts = re.split(r"^## (.+)$", page, flags=re.MULTILINE)
    out = {}
    for title, text in zip(parts[1::2], parts[2::2]):
        out[title.split()[0]] = out.get(title.split()[0], "") + text
    return out


def linked(root, text):
    """Pages of the reference that a section sends its reader to."""
    return "".join((root / "docs/ref" / name).read_text(encoding="utf-8") for name in re.findall(r"\]\((\w+\.md)\)", text))


def main(root, lynceus):
    there = sections((root / "docs/ref/cli.md").read_text(encoding="utf-8"))
    commands = [name for name in re.findall(r"^  (\w+) ", said(lynceus), re.MULTILINE) if name != "lynceus"]
    trouble = [f"no section: {name}" for name in commands if name not in there]
    trouble += [f"a section of no command: {name}" for name in there if name not in commands + ["lynceusd"]]
    for name in commands:
        helps = said(lynceus, name)
        if name == "bench":
            helps += "".join(said(lynceus, "bench", one) for one in re.findall(r"^  (\w+) ", helps, re.MULTILINE))
        told, known = there.get(name, ""), set(OPTION.findall(helps)) - {"--help"}
        told_all = set(OPTION.findall(told + linked(root, told)))
        trouble += [f"{name}: {option} is not in the reference" for option in sorted(known - told_all)]
        trouble += [f"{name}: the program knows no {option}" for option in sorted(set(OPTION.findall(told)) - known - {"--help"})]
    print("\n".join(trouble) or f"{len(commands)} commands agree with their reference")
    return 1 if trouble else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])))
