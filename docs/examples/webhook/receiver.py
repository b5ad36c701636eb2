#!/usr/bin/env python3
"""A receiver of Lynceus' webhooks that believes no request whose signature does not hold.

  WEBHOOK_SECRET=whsec_… receiver.py [PORT]        prints a line an event; PORT 0: any free one, printed first
"""
import base64
import hashlib
import hmac
import http.server
import json
import os
import sys
import threading
import time

TOLERANCE_S = 300  # an older request may be one that somebody recorded
MOST_BYTES = 1 << 20


def verified(secret, headers, body, now):
    """Standard Webhooks: v1,base64(HMAC-SHA256(key, "id.timestamp.body")); any one of several may hold."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    name, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not timestamp.isdigit() or abs(now - int(timestamp)) > TOLERANCE_S:
        return False
    digest = hmac.new(key, f"{name}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    expected = "v1," + base64.b64encode(digest).decode()
    return any(hmac.compare_digest(expected, one) for one in headers.get("webhook-signature", "").split())


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    seen = set()  # a delivery may come twice, with the same id; keep them for a day or so
    one_at_a_time = threading.Lock()

    def do_POST(self):
        length = int(self.headers.get("Content-Length", 0))
        if length > MOST_BYTES:
            self.close_connection = True
            return self.answer(413)
        body = self.rfile.read(length)
        if not verified(os.environ["WEBHOOK_SECRET"], self.headers, body, time.time()):
            return self.answer(401)
        with self.one_at_a_time:
            self.take(self.headers["webhook-id"], json.loads(body))
        self.answer(204)  # only now: what is not acknowledged comes again

    def take(self, delivery, events):
        if delivery in self.seen:
            return
        self.seen.add(delivery)
        for event in events if isinstance(events, list) else [events]:
            print(event["type"], event["source"], event["data"].get("summary", ""), flush=True)

    def answer(self, status):
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


def main():
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 9000
    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
    print(f"listening on {server.server_address[1]}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
