#!/usr/bin/env python3
"""Relative links of the documents lead somewhere. Usage: links.py SOURCE_DIR

Checks files, folders, and headings behind '#'. `--self-test` plants a broken link.
"""
import pathlib
import re
import sys
import tempfile

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)")
FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`[^`\n]*`")
HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*#*$", re.MULTILINE)


def documents(root):
    for path in sorted(root.rglob("*.md")):
        parts = path.relative_to(root).parts
        if parts[0] not in ("build", ".git") and not any(part.startswith(".") for part in parts[:-1]):
            yield path


def anchors(path):
    text = FENCE.sub("", path.read_text(encoding="utf-8"))
    out = set()
    for title in HEADING.findall(text):
        title = re.sub(r"[`*]|\[|\]\([^)]*\)", "", title).lower()
        out.add(re.sub(r"\s", "-", re.sub(r"[^\w\s-]", "", title)))
    return out


def broken(root):
    for path in documents(root):
        text = path.read_text(encoding="utf-8")
        plain = CODE.sub(lambda m: " " * len(m.group()), FENCE.sub(lambda m: re.sub(r"[^\n]", " ", m.group()), text))
        for match in LINK.finditer(plain):
            target, _, anchor = match.group(1).partition("#")
            if re.match(r"[a-z]+:", target):
                continue
            where = f"{path.relative_to(root)}:{plain.count(chr(10), 0, match.start()) + 1}"
            file = (path.parent / target).resolve() if target else path
            if not file.exists():
                yield f"{where}: {target}: there is no such file"
            elif root not in file.parents and file != root:
                yield f"{where}: {target}: outside the repository"
            elif anchor and file.suffix == ".md" and anchor not in anchors(file):
                yield f"{where}: {match.group(1)}: there is no such heading"


def self_test():
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder).resolve()
        (root / "a.md").write_text("# One Two\n[good](#one-two) [bad](b.md)\n`[code](x.md)`\n[bad](#three)\n")
        found = [line.split(": ", 1)[0] for line in broken(root)]
        return [] if found == ["a.md:2", "a.md:4"] else [f"planted two broken links, found {found}"]


def main():
    found = self_test() + list(broken(pathlib.Path(sys.argv[1]).resolve()))
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
