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
            "lib/systemd/system/lynceus@.service", "lib/lynceus/bench-plugins/lynceus_raiser.so",
            "lib/sysusers.d/lynceus.conf", "lib/tmpfiles.d/lynceus.conf",
            "share/doc/lynceus/examples/full.yaml", "share/man/man1/lynceus.1.gz", "share/man/man5/lynceus.yaml.5.gz",
            "share/man/man8/lynceusd.8.gz", "share/bash-completion/completions/lynceus"]
CONFIG = """server: {port: 0, auth: none}
storage: {directory: %s/state}
cameras:
  one: {url: 'sim://still?fps=10&size=160x120'}
"""


def install(cmake, build, root):
    environment = dict(os.environ, DESTDIR=str(root))
    subprocess.run([cmake, "--install", build, "--prefix", "/usr"], check=True, stdout=subprocess.DEVNULL, env=environment)


def missing_and_extra(root):
    here = {str(path.relative_to(root / "usr")) for path in (root / "usr").rglob("*") if path.is_file()}
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


def check(root, config):
    """What `lynceus check` says against a configuration."""
    answer = subprocess.run([root / "usr/bin/lynceus", "check", config], capture_output=True, text=True)
    return [] if answer.returncode == 0 else [f"lynceus check {config.name}: " + answer.stderr.strip()]


def second_install_overwrites(cmake, build, root):
    """The configuration belongs to the administrator once it is there."""
    shipped = root / "etc/lynceus/lynceus.yaml"
    shipped.write_text("# mine\n")
    install(cmake, build, root)
    return [] if shipped.read_text() == "# mine\n" else ["a second installation overwrites the configuration"]


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
        problems += check(root, config) + check(root, root / "etc/lynceus/lynceus.yaml")
        plugins, status = run_daemon(root, config)
        if "health" not in plugins:
            problems.append(f"lynceusd found the plugins {plugins}")
        if status != 0:
            problems.append(f"lynceusd ended with {status}")
        problems += second_install_overwrites(cmake, build, root)
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
