"""A webhook receiver for proofs: answers as told, remembers ids in order of arrival."""
import contextlib
import http.server
import json
import socket
import threading


class Receiver:
    """status() -> code of the answer; down: connections are refused until up() is called."""

    def __init__(self):
        self.taken, self.bodies, self.refused = [], {}, 0
        self.status = lambda: 204
        self.lock = threading.Lock()
        self.open = set()  # sockets of clients
        self.server = None
        self.port = 0
        self.up()

    def url(self):
        return f"http://127.0.0.1:{self.port}/hook"

    def up(self):
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def setup(self):
                super().setup()
                with outer.lock:
                    outer.open.add(self.connection)

            def finish(self):
                with outer.lock:
                    outer.open.discard(self.connection)
                super().finish()

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                status = outer.status()
                with outer.lock:
                    if status == 204:
                        outer.taken.append(self.headers["webhook-id"])
                        outer.bodies[self.headers["webhook-id"]] = json.loads(body)
                    else:
                        outer.refused += 1
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 64

            def handle_error(self, request, client_address):
                pass  # a daemon that is killed, or we are down

        self.server = Server(("127.0.0.1", self.port), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def down(self):
        self.server.shutdown()
        self.server.server_close()
        with self.lock:
            for connection in self.open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def count(self):
        with self.lock:
            return len(set(self.taken))

    def disordered(self):
        """First arrivals whose revision is lower than one that came before for the same alarm."""
        newest, seen, wrong = {}, set(), 0
        for name in self.taken:
            alarm, revision = name.rsplit(".", 1)
            if name not in seen and int(revision) < newest.get(alarm, 0):
                wrong += 1
            seen.add(name)
            newest[alarm] = max(newest.get(alarm, 0), int(revision))
        return wrong

    def stop(self):
        self.down()
