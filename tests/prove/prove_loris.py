"""500 clients that open connections and never finish a request: others are answered, cameras are analysed."""
import http.client
import socket
import time

from house import Daemon, Simulator, running

CAMERAS = {f"cam{i}": "scene:lobby,fps=10,size=1280x720" for i in range(4)}
SLOW = 500
SECONDS = 30


class Slow:
    """One connection that sends a byte of a header now and then, and comes back when it is closed."""

    def __init__(self, port):
        self.port, self.socket = port, None

    def step(self):
        try:
            if self.socket is None:
                self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=2)
                self.socket.setblocking(False)
                self.socket.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
            self.socket.send(b"a")
        except OSError:
            self.close()

    def close(self):
        if self.socket is not None:
            self.socket.close()
            self.socket = None


def ask(port):
    start = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/api/v1/cameras")
        good = connection.getresponse().status == 200
    except OSError:
        good = False
    finally:
        connection.close()
    return good, time.monotonic() - start


def rate(daemon, work):
    def count():
        return daemon.metrics().total("lynceus_camera_frames_analyzed_total")
    before, start = count(), time.monotonic()
    work()
    return (count() - before) / (time.monotonic() - start)


def run(verdicts):
    with running(Simulator(CAMERAS)) as simulator, running(Daemon(simulator.urls)) as daemon:
        daemon.wait_up(len(CAMERAS))
        time.sleep(5)
        alone = rate(daemon, lambda: time.sleep(SECONDS / 2))
        slow = [Slow(daemon.port) for _ in range(SLOW)]
        answers, most = [], []

        def attack():
            end = time.monotonic() + SECONDS
            while time.monotonic() < end:
                for number, client in enumerate(slow):
                    client.step()
                    if number % 50 == 0:
                        answers.append(ask(daemon.port))
                time.sleep(0.5)
            most.append(daemon.metrics().total("lynceus_http_connections"))

        loaded = rate(daemon, attack)
        for client in slow:
            client.close()
        times = sorted(seconds for _, seconds in answers)
        verdicts.at_least("questions asked meanwhile", len(answers), 100)
        verdicts.at_least("of them answered, share", sum(good for good, _ in answers) / len(answers), 1)
        verdicts.at_most("time to the answer, p99", times[int(len(times) * 0.99)] * 1000, 1000, "ms")
        verdicts.at_most("connections open at the end", most[0], 258)
        verdicts.at_least("frames analysed meanwhile / alone", loaded / alone, 0.98)
