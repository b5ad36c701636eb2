// Requests to the daemon. A refusal is thrown as Problem with the daemon's own words (RFC 9457).
//
// Its clock is taken from the Date header of each answer: how old a picture is does not depend on this machine's clock.

const PATIENCE_MS = 15000;
const OFFSET_STEPS = 60;

export class Problem extends Error {
  constructor(status, body) {
    super(body.detail || body.title || `HTTP ${status}`);
    this.status = status;
    this.errors = body.errors || [];
  }
}

/** The daemon did not answer at all, or something between us and it did not. */
export class Unreachable extends Error {}

let offsets = [];
let offset = 0;

/** Date has whole seconds: the greatest of several differences is the nearest to the truth. */
export function hearDate(response) {
  const date = Date.parse(response.headers.get("Date") || "");
  if (Number.isNaN(date)) return;
  offsets = [...offsets, date - Date.now()].slice(-OFFSET_STEPS);
  offset = Math.max(...offsets);
}

/** The daemon's time, in milliseconds since 1970. */
export const now = () => Date.now() + offset;

export const lost = new EventTarget();  // "session": the daemon does not know us (any more)

export async function request(method, path, body, signal = AbortSignal.timeout(PATIENCE_MS)) {
  const options = { method, signal, headers: {}, cache: "no-store" };
  if (method !== "GET") {
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(body ?? {});
  }
  let response;
  try {
    response = await fetch(path, options);
  } catch (error) {
    throw new Unreachable(error.message);
  }
  hearDate(response);
  if (response.ok) return response;
  if (response.status === 401 && !path.endsWith("/login")) lost.dispatchEvent(new Event("session"));
  throw new Problem(response.status, await response.json().catch(() => ({})));
}

async function json(method, path, body) {
  const response = await request(method, `/api/v1/${path}`, body);
  return response.status === 204 ? {} : response.json();
}

export const get = (path) => json("GET", path);
export const post = (path, body) => json("POST", path, body);
export const put = (path, body) => json("PUT", path, body);
export const remove = (path) => json("DELETE", path);
export const text = async (path) => (await request("GET", path)).text();

const camera = (id) => `/api/v1/cameras/${encodeURIComponent(id)}`;
export const snapshotUrl = (id, view) => `${camera(id)}/snapshot.jpg?view=${encodeURIComponent(view)}`;
export const streamUrl = (id, view, fps) => `${camera(id)}/stream.mjpg?view=${encodeURIComponent(view)}&fps=${fps}`;

/** Everything of a list that is told in pages, at most `most`. */
export async function all(path, member, most = 2000) {
  const found = [];
  let cursor = null;
  do {
    const page = await get(path + (cursor ? `${path.includes("?") ? "&" : "?"}cursor=${encodeURIComponent(cursor)}` : ""));
    found.push(...page[member]);
    cursor = page.next;
  } while (cursor && found.length < most);
  return found;
}
