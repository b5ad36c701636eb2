"""MOT sequences from recorded walks: people of 1.70 m on a floor, seen by a camera, detected with misses, jitter and ghosts."""
import math

import numpy as np

STEP_S = {"seq_eth": 1 / 15, "zara01": 1 / 25}  # of the frame numbers in obsmat.txt


def read_walks(folder):
    walks = {}
    for row in np.loadtxt(folder / "obsmat.txt"):
        walks.setdefault(int(row[1]), []).append((row[0] * STEP_S[folder.name], row[2], row[4]))
    return {who: np.array(rows) for who, rows in walks.items()}


class Camera:
    """Somewhere around the crowd, 1.6 to 7 m high, looking at its middle."""

    def __init__(self, random, places, size):
        middle = np.median(places, axis=0)
        reach = np.percentile(np.abs(places - middle), 80, axis=0).max()
        angle, away = random.uniform(0, 2 * math.pi), reach * random.uniform(0.9, 1.6) + 4
        at = np.array([middle[0] + away * math.cos(angle), middle[1] + away * math.sin(angle), random.uniform(1.6, 7)])
        ahead = np.array([*middle, random.uniform(0.5, 1.2)]) - at
        ahead /= np.linalg.norm(ahead)
        right = np.cross(ahead, [0, 0, 1])
        right /= np.linalg.norm(right)
        self.turn, self.at, self.size = np.stack([right, np.cross(ahead, right), ahead]), at, size
        self.focal = random.uniform(0.8, 1.6) * size[0]

    def see(self, points):
        """Pixels and depths."""
        local = (np.asarray(points) - self.at) @ self.turn.T
        return self.focal * local[:, :2] / local[:, 2:] + np.array(self.size) / 2, local[:, 2]


def box_of(camera, place, height, width):
    """(x, y, w, h, depth), or nothing when too little of it is in the picture."""
    pixels, depth = camera.see([[*place, 0], [*place, height]])
    h = pixels[0, 1] - pixels[1, 1]
    if depth.min() < 1 or h < 15:
        return None
    w = h / height * width
    x, y = pixels[:, 0].mean() - w / 2, pixels[1, 1]
    in_x, in_y = min(x + w, camera.size[0]) - max(x, 0), min(y + h, camera.size[1]) - max(y, 0)
    return (x, y, w, h, depth[0]) if in_x > 0 and in_y > 0 and in_x * in_y > 0.4 * w * h else None


def hidden_share(box, others):
    """How much of a box nearer ones cover, on a coarse grid."""
    x, y, w, h, depth = box
    grid_x, grid_y = x + w * np.linspace(0.1, 0.9, 5), y + h * np.linspace(0.05, 0.95, 11)
    covered = np.zeros((11, 5), bool)
    for ox, oy, ow, oh, other in others:
        if other < depth:
            across = (grid_x > ox + 0.1 * ow) & (grid_x < ox + 0.9 * ow)
            down = (grid_y > oy) & (grid_y < oy + oh)
            covered |= down[:, None] & across[None]
    return covered.mean()


class Detector:
    """Misses come in runs, errors drift, ghosts appear."""

    def __init__(self, random, fps, size):
        self.random, self.size = random, size
        self.keep = math.exp(-1 / (fps * 0.25))
        self.recall, self.jitter, self.ghosts = random.uniform(0.75, 0.97), random.uniform(0.015, 0.05), random.uniform(0.02, 0.4)
        self.mood, self.error = {}, {}

    def drift(self, memory, who, n):
        fresh = self.random.normal(size=n)
        memory[who] = self.keep * memory[who] + math.sqrt(1 - self.keep**2) * fresh if who in memory else fresh
        return memory[who]

    def look(self, people):
        out = []
        for who, box in people.items():
            seen = 1 - hidden_share(box, [b for other, b in people.items() if other != who])
            share = 0.5 * (1 + math.erf(self.drift(self.mood, who, 1)[0] / math.sqrt(2)))
            if share > self.recall * min(max((seen - 0.2) / 0.45, 0), 1) * min(max((box[3] - 15) / 25, 0), 1):
                continue
            dx, dy, dw, dh = self.jitter * self.drift(self.error, who, 4)
            x, y, w, h, _ = box
            score = min(max(1 - abs(self.random.normal(0, 0.08 + 0.35 * (1 - seen))), 0.3), 1)
            out.append((x + dx * h, y + dy * h, w * math.exp(dw), h * math.exp(dh), score))
        for _ in range(self.random.poisson(self.ghosts)):
            h = self.random.uniform(0.08, 0.4) * self.size[1]
            x, y = self.random.uniform(0, self.size[0]), self.random.uniform(0.2, 0.7) * self.size[1]
            out.append((x, y, 0.4 * h, h, min(max(self.random.normal(0.55, 0.12), 0.3), 1)))
        return out


def write(folder, truth, found, size, fps, frames):
    for name, rows in (("gt", truth), ("det", found)):
        (folder / name).mkdir(parents=True)
        lines = ["%d,%d,%.3f,%.3f,%.3f,%.3f,%.5f,-1,-1,-1\n" % row for row in rows]
        (folder / name / f"{name}.txt").write_text("".join(lines))
    info = f"[Sequence]\nframeRate={fps}\nseqLength={frames}\nimWidth={size[0]}\nimHeight={size[1]}\n"
    (folder / "seqinfo.ini").write_text(info)


def make(folder, walks, seed, fps, seconds, size):
    random = np.random.default_rng(seed)
    places = np.concatenate(list(walks.values()))
    while True:
        start = random.uniform(places[:, 0].min(), places[:, 0].max() - seconds)
        now = places[(places[:, 0] > start) & (places[:, 0] < start + seconds), 1:]
        if len(now) < 60:
            continue
        camera = Camera(random, now, size)
        pixels, depth = camera.see(np.c_[now, np.zeros(len(now))])
        inside = (depth > 1) & (pixels > 0).all(axis=1) & (pixels < size).all(axis=1)
        if inside.mean() > 0.6:
            break
    bodies = {who: (random.normal(1.7, 0.08), random.uniform(0.5, 0.75)) for who in walks}
    detector, truth, found = Detector(random, fps, size), [], []
    frames = int(seconds * fps)
    for frame in range(1, frames + 1):
        time, people = start + (frame - 1) / fps, {}
        for who, rows in walks.items():
            if rows[0, 0] <= time <= rows[-1, 0]:
                box = box_of(camera, [np.interp(time, rows[:, 0], rows[:, k]) for k in (1, 2)], *bodies[who])
                if box:
                    people[who] = box
        truth += [(frame, who, *box[:4], 1) for who, box in people.items()]
        found += [(frame, -1, *box) for box in detector.look(people)]
    write(folder, truth, found, size, fps, frames)
