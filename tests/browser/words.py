#!/usr/bin/env python3
"""The page's sources without a browser: every word asked for is there, in each language; files are small; what the page
preloads exists. words.py ROOT"""
import pathlib
import re
import sys

MOST_LINES = 200
MOST_BYTES = 200_000
KEY = re.compile(r'"([a-z]+(?:\.[\w/]+)*)":')
PLURAL = ("kind.", "state.", "view.", "measured.")  # made of the word itself in English


def keys(file):
    return set(KEY.findall(file.read_text(encoding="utf-8")))


def main(root):
    web = pathlib.Path(root) / "web"
    trouble = []
    english, chinese = keys(web / "js/i18n/en.js"), keys(web / "js/i18n/zh.js")
    trouble += [f"zh.js lacks {key}" for key in english - chinese] + [f"en.js lacks {key}" for key in chinese - english]
    asked = set()
    for file in web.rglob("*.js"):
        text = file.read_text(encoding="utf-8")
        asked |= set(re.findall(r'\bt\("([\w.]+)"', text))
        if len(text.splitlines()) > MOST_LINES:
            trouble.append(f"{file.relative_to(web)}: more than {MOST_LINES} lines")
        if re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(", text):
            trouble.append(f"{file.relative_to(web)}: markup made of text")
    trouble += [f"en.js lacks {key}" for key in asked - english]
    everything = "".join(file.read_text(encoding="utf-8") for file in web.rglob("*.js") if "i18n/" not in str(file))
    dynamic = tuple(stem for stem in re.findall(r"\bt\(`(\w+(?:\.\w+)*\.)\$\{", everything))
    trouble += [f"nobody asks for {key}" for key in english
                if f'"{key}"' not in everything and not key.startswith(PLURAL + dynamic + ("severity.",))]
    for place in re.findall(r'(?:href|src)="(/[\w./-]+)"', (web / "index.html").read_text(encoding="utf-8")):
        if not place.startswith("/api/") and not (web / place[1:]).exists():
            trouble.append(f"index.html names {place}")
    size = sum(file.stat().st_size for file in web.rglob("*") if file.is_file())
    if size > MOST_BYTES:
        trouble.append(f"all files together: {size} bytes, at most {MOST_BYTES}")
    print("\n".join(trouble) or f"{len(english)} words, {size} bytes")
    return 1 if trouble else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
