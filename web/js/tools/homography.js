// The floor: four points of the picture and where they are in metres, as a plane-to-plane mapping. Pure functions.

/** Solves a small linear system by elimination with pivots; null where it has no answer. */
function solve(rows) {
  const n = rows.length, a = rows.map((row) => [...row]);
  for (let i = 0; i < n; i++) {
    let best = i;
    for (let k = i + 1; k < n; k++) if (Math.abs(a[k][i]) > Math.abs(a[best][i])) best = k;
    if (Math.abs(a[best][i]) < 1e-12) return null;
    [a[i], a[best]] = [a[best], a[i]];
    for (let k = 0; k < n; k++) {
      if (k === i) continue;
      const factor = a[k][i] / a[i][i];
      for (let j = i; j <= n; j++) a[k][j] -= factor * a[i][j];
    }
  }
  return a.map((row, i) => row[n] / row[i]);
}

/** The nine figures that take `from` to `to` (four [x, y] each); null where three of them lie on a line. */
export function homography(from, to) {
  const rows = from.flatMap(([x, y], i) => {
    const [u, v] = to[i];
    return [[x, y, 1, 0, 0, 0, -u * x, -u * y, u], [0, 0, 0, x, y, 1, -v * x, -v * y, v]];
  });
  const found = solve(rows);
  return found && [...found, 1];
}

/** [x, y], or null behind the camera's horizon. `sign` is that of the third figure where points are in front. */
export function map(h, [x, y], sign = 1) {
  const w = h[6] * x + h[7] * y + h[8];
  if (w * sign < 1e-9) return null;
  return [(h[0] * x + h[1] * y + h[2]) / w, (h[3] * x + h[4] * y + h[5]) / w];
}

/** The sign of the third figure at a point: the same for all points in front. */
export const side = (h, [x, y]) => Math.sign(h[6] * x + h[7] * y + h[8]);

const cross = ([ax, ay], [bx, by], [cx, cy]) => (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);

/** Four corners in order, without a crossing, no three on a line. */
export function convex(points) {
  const turns = points.map((point, i) => cross(point, points[(i + 1) % 4], points[(i + 2) % 4]));
  return turns.every((turn) => turn > 1e-6) || turns.every((turn) => turn < -1e-6);
}

/** Where a circle of radius `a` around the first and `b` around the second meet, on the given side; null: nowhere. */
function meet([ax, ay], a, [bx, by], b, hand) {
  const d = Math.hypot(bx - ax, by - ay);
  const along = (a * a - b * b + d * d) / (2 * d), squared = a * a - along * along;
  if (!(d > 0) || squared <= 0) return null;
  const [ux, uy] = [(bx - ax) / d, (by - ay) / d], off = hand * Math.sqrt(squared);
  return [ax + along * ux - off * uy, ay + along * uy + off * ux];
}

/** Corners from sides 1–2, 2–3, 3–4, 4–1 and the diagonal 1–3, counter-clockwise from [0, 0]; null: there are none. */
export function quadrangle(a, b, c, d, diagonal) {
  const first = [0, 0], second = [a, 0];
  const third = meet(first, diagonal, second, b, 1);
  const fourth = third && meet(first, d, third, c, 1);
  const corners = fourth && [first, second, third, fourth];
  return corners && convex(corners) ? corners : null;
}

/** The same corners seen the other way round, where the picture's points go round the other way. */
export function likePicture(metres, image) {
  const turn = cross(image[0], image[1], image[2]);  // the picture's y goes down
  const floor = cross(metres[0], metres[1], metres[2]);
  return turn * floor < 0 ? metres : metres.map(([x, y]) => [x, -y + 0]);
}

/** Lines of a grid on the floor as paths of the picture (0..1), `step` metres apart, some way beyond the four points. */
export function gridLines(image, metres, step) {
  const h = homography(metres, image);
  if (!h) return [];
  const sign = side(h, metres[0]);
  const [xs, ys] = [0, 1].map((axis) => metres.map((point) => point[axis]));
  const reach = (values) => {
    const low = Math.min(...values), high = Math.max(...values), more = (high - low) / 2;
    return [Math.floor((low - more) / step) * step, Math.ceil((high + more) / step) * step];
  };
  const [x0, x1] = reach(xs), [y0, y1] = reach(ys), lines = [];
  const walk = (from, to, at) => {
    const points = Array.from({ length: 41 }, (_, i) => map(h, at(from + ((to - from) * i) / 40), sign));
    lines.push(points);
  };
  for (let x = x0; x <= x1 + 1e-9; x += step) walk(y0, y1, (y) => [x, y]);
  for (let y = y0; y <= y1 + 1e-9; y += step) walk(x0, x1, (x) => [x, y]);
  return lines;
}

/** 0.5, 1, 2, 5, 10 … metres: some ten lines over the longest side. */
export function niceStep(metres) {
  const longest = Math.max(...metres.map(([x, y], i) => Math.hypot(x - metres[(i + 1) % 4][0], y - metres[(i + 1) % 4][1])));
  const power = 10 ** Math.floor(Math.log10(Math.max(longest, 0.01) / 5));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => longest / step <= 12) ?? power * 10;
}
