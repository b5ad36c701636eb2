#!/usr/bin/env python3
"""The pictures of README and guide, taken of the demo: pictures.py [docs/pictures]. Needs python3-pil beside the browser."""
import pathlib
import re
import subprocess
import sys
import tempfile

from PIL import Image
from selenium.webdriver.common.action_chains import ActionChains

from browser import Browser
from stage import BIN

ROOT = pathlib.Path(__file__).resolve().parents[2]
FLOOR = [(.12, .93), (.88, .93), (.66, .56), (.34, .56)]
MOST_BYTES = 200_000


def ground(b):
    b.open("setup/lobby/ground")
    b.one(".board[data-ready] > svg")
    for x, y in FLOOR:
        board = b.one(".board > svg")
        box = board.rect
        ActionChains(b.driver, duration=0).move_to_element_with_offset(board, round((x - .5) * box["width"]), round((y - .5) * box["height"])).click().perform()
    for field, text in zip(b.all(".setup input[type=number]"), ("5", "7")):
        field.send_keys(text)
    b.click(".setup button", "Measure")
    b.one(".figure", "m between")


def keep(folder, source, name):
    file = folder / f"{name}.jpg"
    for quality in (88, 80, 70, 60):
        Image.open(source / f"{name}.png").convert("RGB").save(file, quality=quality, optimize=True, progressive=True)
        if file.stat().st_size <= MOST_BYTES:
            break
    print(f"{file}: {file.stat().st_size} bytes")


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    demo = subprocess.Popen([BIN / "lynceus", "demo", "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    with tempfile.TemporaryDirectory() as taken:
        try:
            port = next(int(m[1]) for m in (re.search(r"^page: .*:(\d+)", line) for line in demo.stdout) if m)
            b = Browser(port, taken)
            b.size(1400, 1050)
            b.load()
            b.until(lambda: len(b.all(".card .picture.live")) >= 8, "eight live pictures")
            b.one(".card[data-camera=boiler].critical")
            b.picture("wall")
            b.size(1400, 1000)
            b.open("camera/boiler")
            b.one(".stage .picture.live")
            b.click("[data-do='alarms.ack']")
            b.one(".badge", "acknowledged by")
            b.one(".level.critical")
            b.picture("camera")
            b.size(1400, 900)
            ground(b)
            b.picture("ground")
            b.close()
            for name in ("wall", "camera", "ground"):
                keep(folder, pathlib.Path(taken), name)
        finally:
            demo.terminate()
            demo.wait(20)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs/pictures")
