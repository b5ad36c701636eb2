#!/usr/bin/env python3
"""What is installed runs where it lies. Usage: installed.py CMAKE BUILD_DIR

Installs into an empty folder, looks for what belongs there, and runs the installed programs: they must find their plugins
relative to themselves and stop when told.
"""
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request

EXPECTED = ["sbin/lynceusd", "bin/lynceus", "lib/lynceus/plugins/lynceus_health.so", "lib/systemd/system/lynceus.service",
            "lib/sysusers.d/lynceus.conf", "lib/tmpfiles.d/lynceus.conf", "share/doc/lynceus/examples/full.yaml"]
CONFIG = """server: {port: 0, auth: none}
storage: {directory: %s/state}
cameras:
  one: {url: 'sim://still?fps=10&size=160x120'}
"""


def install(cmake, build, root):
    environment = dict(os.environ, DESTDIR=str(root))
    subprocess.run([cmake, "--install", build, "--prefix", "/usr"], check=True, stdout=subprocess.DEVNULL, env=environment)


def missing_and_extra(root):
    here = {str(path.relative_to(root / "usr")) for path in root.rglob("*") if path.is_file()}
    missing = [name for name in EXPECTED if name not in here]
    programs = [name for name in here if name.endswith(".so") or name.startswith(("bin/", "sbin/"))]
    extra = [name for name in programs if name not in EXPECTED and not name.startswith("lib/lynceus/plugins/lynceus_")]
    extra += [name for name in here if "test" in name or name.endswith((".a", ".h"))]
    return missing, extra


def wait_for_port(daemon, file):
    end = time.monotonic() + 30
    while time.monotonic() < end and daemon.poll() is None:
        if file.exists():
            return int(file.read_text())
        time.sleep(0.05)
    raise RuntimeError("lynceusd did not come up: " + daemon.stderr.read())


def run_daemon(root, config):
    port_file = root / "port"
    command = [root / "usr/sbin/lynceusd", "--config", config, "--port-file", port_file]
    daemon = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        port = wait_for_port(daemon, port_file)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/version", timeout=10) as answer:
            plugins = [plugin["name"] for plugin in json.load(answer)["plugins"]]
        daemon.send_signal(signal.SIGTERM)
        return plugins, daemon.wait(10)
    finally:
        daemon.kill()
        daemon.wait()


def main():
    cmake, build = sys.argv[1:3]
    with tempfile.TemporaryDirectory(prefix="lynceus-installed-") as folder:
        root = pathlib.Path(folder)
        install(cmake, build, root)
        problems = [f"{what}: {name}" for what, names in zip(("missing", "extra"), missing_and_extra(root)) for name in names]
        config = root / "lynceus.yaml"
        config.write_text(CONFIG % root)
        check = subprocess.run([root / "usr/bin/lynceus", "check", config], capture_output=True, text=True)
        if check.returncode != 0:
            problems.append("lynceus check: " + check.stderr.strip())
        plugins, status = run_daemon(root, config)
        if "health" not in plugins:
            problems.append(f"lynceusd found the plugins {plugins}")
        if status != 0:
            problems.append(f"lynceusd ended with {status}")
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
