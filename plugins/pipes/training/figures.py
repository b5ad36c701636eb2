#!/usr/bin/env python3
"""Trains the small network that reads a scale's labels (plugins/pipes/figure_weights.inc).

    pip install numpy opencv-python-headless pillow
    figures.py --fonts FOLDER... --out plugins/pipes/figure_weights.inc

FOLDER: TrueType fonts, for instance of the Debian packages fonts-liberation, fonts-dejavu, fonts-roboto-unhinted,
fonts-open-sans, fonts-lato, fonts-freefont-ttf; OpenCV's Hershey fonts come with OpenCV. No picture of a camera is used.
A sample is a character as a camera burns it in: drawn small, blurred, compressed, enlarged again, cut out a little wrongly.
Input 12x16 grey values 0..1, one hidden layer, 13 classes: the figures, C, F, and anything else.
"""
import argparse
import glob
import random

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT, HIDDEN = 12, 16, 48
CLASSES = list("0123456789CF") + ["?"]
OTHERS = list("ABDEGHJKLMNPQRTUVWXYabdeghkmnpqrtuvwy%/:;*=+#&()[]<>") + ["00", "15", "27", "38", "46", "90", "1.", "7.", "||", "°"]
HERSHEY = [cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_DUPLEX, cv2.FONT_HERSHEY_COMPLEX, cv2.FONT_HERSHEY_TRIPLEX,
           cv2.FONT_HERSHEY_PLAIN, cv2.FONT_HERSHEY_COMPLEX_SMALL]


def draw_truetype(text, path, height):
    font = ImageFont.truetype(path, max(6, int(height * 1.4)))
    box = font.getbbox(text)
    image = Image.new("L", (box[2] - box[0] + 12, box[3] - box[1] + 12), 0)
    ImageDraw.Draw(image).text((6 - box[0], 6 - box[1]), text, font=font, fill=255)
    return np.array(image)


def draw_hershey(text, font, height):
    scale = height / cv2.getTextSize("0", font, 1, 1)[0][1]
    thick = max(1, round(height / random.uniform(7, 14)))
    (w, h), base = cv2.getTextSize(text, font, scale, thick)
    image = np.zeros((h + base + 12, w + 12), np.uint8)
    cv2.putText(image, text, (6, h + 6), font, scale, 255, thick, random.choice([cv2.LINE_AA, cv2.LINE_AA, cv2.LINE_8]))
    return image


def ground_of(shape):
    """What is behind the letters: even, or brighter towards one side, where a bar or something hot shows through."""
    level = random.uniform(0, 0.35) * 255
    ground = np.full(shape, level, np.float32)
    if random.random() < 0.3:
        ys, xs = np.mgrid[0:shape[0], 0:shape[1]]
        angle = random.uniform(0, 2 * np.pi)
        along = xs * np.cos(angle) + ys * np.sin(angle)
        along = (along - along.min()) / max(1e-6, along.max() - along.min())
        edge = random.uniform(0.2, 0.9)
        ground += random.uniform(0, 90) * np.clip((along - edge) * random.uniform(1, 8), 0, 1).astype(np.float32)
    return ground


def spoil(image):
    image = image.astype(np.float32) * random.uniform(0.5, 1)
    if random.random() < 0.7:
        image = cv2.GaussianBlur(image, (0, 0), random.uniform(0.2, 0.9))
    image = image * (1 - (ground := ground_of(image.shape)) / 255) + ground
    image += np.random.normal(0, random.uniform(0, 12), image.shape)
    image = np.clip(image, 0, 255).astype(np.uint8)
    if random.random() < 0.6:
        _, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, random.randint(55, 95)])
        image = cv2.imdecode(data, 0)
    return image


def normal(patch):
    """As plugins/pipes/figures.cpp does it."""
    low, high = float(patch.min()), float(patch.max())
    patch = (patch.astype(np.float32) - low) / max(high - low, 1)
    h, w = patch.shape
    width = min(WIDTH, max(1, round(w * HEIGHT / h)))
    small = cv2.resize(patch, (width, HEIGHT), interpolation=cv2.INTER_AREA)
    out = np.zeros((HEIGHT, WIDTH), np.float32)
    left = (WIDTH - width) // 2
    out[:, left:left + width] = small
    return out


def sample(label, fonts):
    text = random.choice(OTHERS) if label == "?" else label
    height = random.uniform(7, 30)
    hershey = random.random() < 0.3 and text != "°"
    image = draw_hershey(text, random.choice(HERSHEY), height) if hershey else draw_truetype(text, random.choice(fonts), height)
    ys, xs = np.where(image > 80)
    if len(ys) == 0:
        return None
    box = [xs.min(), ys.min(), xs.max() + 1, ys.max() + 1]
    factor = random.choice([1, 2, 2, 3, 4])
    image = spoil(image)
    image = cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)
    box = [b * factor for b in box]
    h = box[3] - box[1]
    if label == "?" and random.random() < 0.4:  # a piece of something
        text_w = box[2] - box[0]
        if random.random() < 0.5:
            box[2] = box[0] + max(2, int(text_w * random.uniform(0.3, 0.6)))
        else:
            box[1] = box[1] + int(h * random.uniform(0.3, 0.6))
    jitter = lambda: random.gauss(0, 0.035) * h
    x0, y0 = max(0, round(box[0] + jitter())), max(0, round(box[1] + jitter()))
    x1, y1 = min(image.shape[1], round(box[2] + jitter())), min(image.shape[0], round(box[3] + jitter()))
    if x1 - x0 < 2 or y1 - y0 < 4:
        return None
    return normal(image[y0:y1, x0:x1])


def usable(path):
    try:
        return len({draw_truetype(c, path, 20).tobytes() for c in "0123456789CF"}) == 12
    except Exception:
        return False


def make(count, fonts):
    xs, ys = [], []
    while len(xs) < count:
        label = random.randrange(len(CLASSES)) if random.random() < 0.8 else len(CLASSES) - 1
        x = sample(CLASSES[label], fonts)
        if x is not None:
            xs.append(x.ravel())
            ys.append(label)
    return np.array(xs, np.float32), np.array(ys)


def forward(x, w):
    h = np.maximum(x @ w[0] + w[1], 0)
    return h, h @ w[2] + w[3]


def train(x, y, rounds, rng):
    w = [rng.normal(0, (2 / (WIDTH * HEIGHT)) ** 0.5, (WIDTH * HEIGHT, HIDDEN)), np.zeros(HIDDEN),
         rng.normal(0, (2 / HIDDEN) ** 0.5, (HIDDEN, len(CLASSES))), np.zeros(len(CLASSES))]
    w = [a.astype(np.float32) for a in w]
    m, v, step = [np.zeros_like(a) for a in w], [np.zeros_like(a) for a in w], 0
    for epoch in range(rounds):
        rate = 2e-3 * (1 - epoch / rounds) + 1e-5
        order = rng.permutation(len(x))
        for i in range(0, len(x), 256):
            xb, yb = x[order[i:i + 256]], y[order[i:i + 256]]
            h, z = forward(xb, w)
            p = np.exp(z - z.max(1, keepdims=True))
            p /= p.sum(1, keepdims=True)
            p[np.arange(len(yb)), yb] -= 1
            p /= len(yb)
            dh = (p @ w[2].T) * (h > 0)
            grads = [xb.T @ dh + 1e-5 * w[0], dh.sum(0), h.T @ p + 1e-5 * w[2], p.sum(0)]
            step += 1
            for k, g in enumerate(grads):
                m[k] = 0.9 * m[k] + 0.1 * g
                v[k] = 0.999 * v[k] + 0.001 * g * g
                w[k] -= rate * (m[k] / (1 - 0.9 ** step)) / (np.sqrt(v[k] / (1 - 0.999 ** step)) + 1e-8)
    return w


def write(w, path):
    with open(path, "w") as f:
        f.write("// Made by plugins/pipes/training/figures.py; do not edit. Rows of int8 weights with one scale a layer.\n")
        for name, a in (("kHidden", w[0]), ("kOut", w[2])):
            scale = float(np.abs(a).max()) / 127
            q = np.round(a / scale).astype(int)
            f.write(f"constexpr float {name}Scale = {scale:.8g}F;\n")
            f.write(f"constexpr std::array<signed char, {q.size}> {name}Weights{{{{\n")
            flat = q.ravel()
            for i in range(0, len(flat), 32):
                f.write("    " + ",".join(str(v) for v in flat[i:i + 32]) + ",\n")
            f.write("}};\n")
        for name, b in (("kHidden", w[1]), ("kOut", w[3])):
            f.write(f"constexpr std::array<float, {len(b)}> {name}Bias{{{{{', '.join(f'{v:.5g}F' for v in b)}}}}};\n")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--fonts", nargs="+", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--samples", type=int, default=60000)
    parser.add_argument("--rounds", type=int, default=25)
    args = parser.parse_args()
    random.seed(1)
    np.random.seed(1)
    rng = np.random.default_rng(1)
    paths = sorted(p for folder in args.fonts for p in glob.glob(folder + "/**/*.?tf", recursive=True))
    plain = [p for p in paths if not any(s in p for s in ("Italic", "Oblique", "Symbol", "Hairline", "Math"))]
    fonts = [p for p in plain if usable(p)]
    kept, held = fonts[::5] + fonts[1::5] + fonts[2::5] + fonts[3::5], fonts[4::5]
    print(len(fonts), "fonts,", len(held), "of them held out")
    x, y = make(args.samples, kept)
    w = train(x, y, args.rounds, rng)
    xt, yt = make(args.samples // 10, held or kept)
    guess = forward(xt, w)[1].argmax(1)
    print(f"held-out fonts: {100 * (guess == yt).mean():.2f} % right; figures {100 * (guess == yt)[yt < 10].mean():.2f} %")
    write(w, args.out)


if __name__ == "__main__":
    main()
