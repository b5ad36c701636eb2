// multipart/x-mixed-replace as the daemon sends it: each part tells its length. An <img> would show it, too, but would
// not tell when a picture was taken.

const MOST = 32 * 1024 * 1024;
const END = [13, 10, 13, 10];

function endOfHead(bytes) {
  for (let i = 0; i + 3 < bytes.length; i++) {
    if (END.every((byte, k) => bytes[i + k] === byte)) return i + 4;
  }
  return -1;
}

function headersOf(bytes) {
  const lines = new TextDecoder().decode(bytes).split("\r\n");
  return new Map(lines.filter((line) => line.includes(":")).map((line) => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
  }));
}

function joined(a, b) {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

/** Parts of a stream: {headers, bytes}. Throws when it is not one. */
export async function* readParts(body) {
  const reader = body.getReader();
  let kept = new Uint8Array(0);
  try {
    for (;;) {
      const head = endOfHead(kept);
      const headers = head < 0 ? null : headersOf(kept.subarray(0, head));
      const length = headers ? Number(headers.get("content-length")) : 0;
      if (headers && !(length > 0 && length <= MOST)) throw new Error("a part without a length");
      if (headers && kept.length >= head + length) {
        yield { headers, bytes: kept.slice(head, head + length) };
        kept = kept.slice(head + length);
        continue;
      }
      const { done, value } = await reader.read();
      if (done) return;
      kept = joined(kept, value);
      if (kept.length > 2 * MOST) throw new Error("a part without an end");
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}
