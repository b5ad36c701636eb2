"""SIGTERM to exit with 8 cameras, one of them with a plugin that never returns."""
import pathlib
import shutil
import signal
import tempfile
import time

from house import BIN, Daemon, Simulator, running, say, watch

CAMERAS = 8
ROUNDS = 5
LIMIT_S = 2.0


def plugin_folder(folder):
    for name in ("plugins/lynceus_health.so", "test-plugins/lynceus_never_returns.so"):
        shutil.copy(BIN.parent / name, folder)
    folder.chmod(0o755)


def hang_one(folder):
    """c0 gets a plugin that hangs from its twentieth call on, beside the one that is well."""
    settings = folder / "state/settings.d"
    settings.mkdir(parents=True)
    (settings / "c0.yaml").write_text("analyzers: {never_returns: {hang_at: 20}}\n")
    return []


def end(daemon):
    began = time.monotonic()
    daemon.process.send_signal(signal.SIGTERM)
    status = daemon.process.wait(30)
    return time.monotonic() - began, status


def run(verdicts):
    cameras = {f"c{i}": "scene:still,fps=10,size=640x480" for i in range(CAMERAS)}
    with tempfile.TemporaryDirectory() as plugins, running(Simulator(cameras)) as simulator:
        plugin_folder(pathlib.Path(plugins))
        server = f"server: {{port: 0, auth: none, plugin_dir: {plugins}}}"
        for what, before in (("all well", lambda folder: []), ("one plugin stuck", hang_one)):
            worst, good = 0.0, 0
            for _ in range(ROUNDS):
                with running(Daemon(simulator.urls, server=server, before=before)) as daemon:
                    daemon.wait_up(CAMERAS)
                    if before is hang_one:
                        stuck = watch(30, 0.2, lambda: daemon.metrics().of_camera("lynceus_camera_worker_stuck", "c0"))
                        if stuck is None:
                            raise RuntimeError("the plugin did not hang")
                    seconds, status = end(daemon)
                    worst = max(worst, seconds)
                    good += status == 0
            say(f"      {what}: {ROUNDS} ends")
            verdicts.at_most(f"{what}: slowest of {ROUNDS} ends with {CAMERAS} cameras", worst, LIMIT_S, "s")
            verdicts.at_least(f"{what}: of them with status 0", good, ROUNDS)
