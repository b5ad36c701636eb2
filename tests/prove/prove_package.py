"""The package under a real systemd: installed, watched, killed, misconfigured, upgraded, removed; 8 cameras in its sandbox."""
import json
import os
import pathlib
import re
import select
import shutil
import signal
import subprocess
import tempfile
import time
from urllib.parse import urlsplit

from container import output
from guest import Guest, Service
from house import ROOT, say, watch

CAMERAS, FPS = 8, 10
SECRET = "not-in-the-configuration"
READY_S = 30        # from `apt install` or `systemctl start` to an answer
WATCHDOG_S = 30     # WatchdogSec of the unit
RESTART_S = 2       # RestartSec of the unit
MOST_EXPOSED = 1.8
FRAMES = "lynceus_camera_frames_"
CONFIG = "/etc/lynceus/lynceus.yaml"


def seconds_until(within_s, look):
    took = watch(within_s, 0.2, look)
    return 999 if took is None else took


def package():
    given = os.environ.get("LYNCEUS_PACKAGE")
    return pathlib.Path(given or output(ROOT / "dev", "package").strip().splitlines()[-1])


def next_version(deb, folder):
    """The same files as a later revision."""
    tree = folder / "tree"
    output("dpkg-deb", "-R", deb, tree)
    control = tree / "DEBIAN/control"
    control.write_text(re.sub(r"^(Version: .*)$", r"\1+later", control.read_text(), flags=re.MULTILINE))
    later = folder / "later.deb"
    output("dpkg-deb", "--root-owner-group", "-b", tree, later)
    return later


def put(guest, file, folder="root"):
    inside = guest.root / folder / file.name
    shutil.copyfile(file, inside)
    return f"/{folder}/{file.name}"


class Cameras:
    """`lynceus simulate` as a process of the guest; each camera wants a password."""

    def __init__(self, guest):
        words = ["lynceus", "simulate"]
        for i in range(CAMERAS):
            dark = ",fault=black@30+3600" if i == 0 else ""
            words += ["--camera", f"c{i}=scene:still,fps={FPS},size=640x480,user=viewer,password={SECRET}{dark}"]
        self.process = subprocess.Popen(guest.command(*words), stdout=subprocess.PIPE, text=True)
        self.urls = {}
        while len(self.urls) < CAMERAS:
            ready, _, _ = select.select([self.process.stdout], [], [], 400)
            line = self.process.stdout.readline().strip() if ready else ""
            if not line:
                raise RuntimeError("the simulator said nothing")
            name, url = line.split(" ", 1)
            parts = urlsplit(url)
            self.urls[name] = f"rtsp://viewer:${{credential:secret_cameras}}@127.0.0.1:{parts.port}{parts.path}"

    def configure(self, guest):
        credential = guest.file("/etc/lynceus/credentials/cameras")
        credential.write_text(SECRET + "\n")
        credential.chmod(0o600)
        lines = ["site: prove", "cameras:"] + [f'  {name}: {{url: "{url}"}}' for name, url in self.urls.items()]
        lines.append('  gone: {url: "rtsp://127.0.0.1:9/"}')
        guest.file(CONFIG).write_text("\n".join(lines) + "\n")

    def stop(self):
        self.process.terminate()
        self.process.wait(20)


def cameras_up(guest):
    return guest.metrics().total("lynceus_camera_up") >= CAMERAS


def raised(guest, camera):
    page = json.loads(guest.http(f"/api/v1/alarms?camera={camera}") or '{"alarms": []}')
    return [alarm for alarm in page["alarms"] if alarm["raised_at"]]


def alarms(guest):
    """What the daemon tells of the camera that is not there: {id: time raised}."""
    return {alarm["id"]: alarm["raised_at"] for alarm in raised(guest, "gone")}


def clip_of(guest, camera):
    """The address of a camera's newest clip, once it is written."""
    return next((alarm["clip"] for alarm in raised(guest, camera) if alarm["clip"]), None)


def lost(guest, before):
    """How many of these alarms are not told any more, or otherwise."""
    here = alarms(guest)
    return sum(here.get(key) != raised for key, raised in before.items())


# ---- the story -----------------------------------------------------------------------------------------------------

def installed(verdicts, guest, service, deb):
    start = time.monotonic()
    guest.apt("install", put(guest, deb))
    watch(READY_S, 0.2, lambda: guest.http("/readyz"))
    ready = time.monotonic() - start if guest.http("/readyz") else 999
    verdicts.at_most("installed: ready after", ready, READY_S, "s")
    say(f"      {service.show('StatusText')}")
    complaints = guest.try_to("systemd-analyze", "verify", "/usr/lib/systemd/system/lynceus.service",
                              "/usr/lib/systemd/system/lynceus@.service")
    say("".join(f"      {line}\n" for line in complaints.stderr.splitlines()).rstrip() or "      nothing to complain of")
    verdicts.at_most("systemd-analyze verify: exit status", complaints.returncode, 0)
    exposed = re.search(r"level for \S+: ([\d.]+)", guest.inside("systemd-analyze", "security", "lynceus.service"))
    verdicts.at_most("exposure as it runs", float(exposed[1]), MOST_EXPOSED)


def analysed(verdicts, guest):
    """A camera that sees nothing move is looked at less often, by plan: that counts as `schedule`."""
    before, start = guest.metrics(), time.monotonic()
    time.sleep(20)
    after, passed = guest.metrics(), time.monotonic() - start
    names = [f"c{i}" for i in range(CAMERAS)]
    frames = {name: after.of_camera(FRAMES + "analyzed_total", name) - before.of_camera(FRAMES + "analyzed_total", name)
              for name in names}
    spared = {name: after.total(FRAMES + "dropped_total", f'camera="{name}"', 'reason="schedule"')
              - before.total(FRAMES + "dropped_total", f'camera="{name}"', 'reason="schedule"') for name in names}
    say(f"      slowest of 8 cameras: {min(frames.values()) / passed:.2f} fps analysed")
    verdicts.at_least("slowest of 8 cameras, analysed or spared by plan", min(frames[n] + spared[n] for n in names) / passed,
                      0.9 * FPS, "fps")
    verdicts.at_least("frames analysed of the camera with the fewest", min(frames.values()), 0.4 * FPS * passed)


def evidence(verdicts, guest):
    """A camera goes dark: picture and clip are cut and written inside the sandbox."""
    verdicts.at_most("a clip of the camera that went dark, after", seconds_until(90, lambda: clip_of(guest, "c0")), 90, "s")
    for name, alarm in (("picture", "snapshot"), ("clip", "clip")):
        address = next((item[alarm] for item in raised(guest, "c0") if item[alarm]), None)
        verdicts.at_least(f"bytes of its {name}", guest.size_of(address) if address else 0, 1000)


def sandboxed_cameras(verdicts, guest, service, cameras):
    cameras.configure(guest)
    verdicts.at_most("restart with 8 cameras: exit status", service.do("restart"), 0)
    verdicts.at_most("8 cameras stream after", seconds_until(60, lambda: cameras_up(guest)), 30, "s")
    analysed(verdicts, guest)
    status = guest.inside("cat", f"/proc/{service.pid()}/status")
    facts = dict(re.findall(r"^(\w+):\t(\S+)", status, re.MULTILINE))
    say(f"      as uid {facts['Uid']}, seccomp {facts['Seccomp']}, no new privileges {facts['NoNewPrivs']}")
    verdicts.at_most("capabilities", int(facts["CapEff"], 16) | int(facts["CapBnd"], 16), 0)
    refused = [line for line in service.log().splitlines() if re.search("not permitted|ermission denied|scheduler", line)]
    say("".join(f"      {line}\n" for line in refused[:5]).rstrip() or "      nothing that the sandbox refused in the log")
    verdicts.at_most("log lines of what the sandbox refused", len(refused), 0)
    verdicts.at_most("an alarm of the camera that is not there, after", seconds_until(60, lambda: alarms(guest)), 45, "s")
    verdicts.at_most("log lines with the cameras' password", service.log().count(SECRET), 0)


def reloaded(verdicts, guest, service):
    pid, reconnects = service.pid(), guest.metrics().total("lynceus_camera_reconnects_total")
    verdicts.at_most("reload: exit status", service.do("reload"), 0)
    verdicts.at_most("reloaded after", seconds_until(10, lambda: f"reloaded kept={CAMERAS + 1}" in service.log()), 10, "s")
    again = guest.metrics().total("lynceus_camera_reconnects_total") - reconnects
    verdicts.at_most("cameras that lost their stream over it", again, 0)
    verdicts.at_most("reload: other process", int(service.pid() != pid), 0)


def hung(verdicts, guest, service):
    pid = service.pid()
    guest.inside("kill", "-STOP", pid)
    took = service.wait_new_pid(pid, 3 * WATCHDOG_S)
    verdicts.at_most("hung: killed by the watchdog, running again after", took, WATCHDOG_S + 15, "s")
    verdicts.at_least("log lines about the watchdog's time-out", service.log().lower().count("watchdog timeout"), 1)
    verdicts.at_most("8 cameras stream again after", seconds_until(60, lambda: cameras_up(guest)), 30, "s")


def killed(verdicts, guest, service):
    pid = service.pid()
    guest.inside("kill", f"-{signal.SIGKILL}", pid)
    verdicts.at_most("kill -9: running again after", service.wait_new_pid(pid, 60), RESTART_S + 10, "s")


def misconfigured(verdicts, guest, service):
    good = guest.file(CONFIG).read_text()
    guest.file(CONFIG).write_text(good + "sight: wrong\n")
    service.do("stop")
    guest.try_to("systemctl", "reset-failed", service.name)
    service.do("start")
    time.sleep(5 * RESTART_S)
    say(f"      {service.log('-n', '20').strip().splitlines()[-1]}")
    verdicts.at_most("bad configuration: exit status less 78", abs(int(service.show("ExecMainStatus")) - 78), 0)
    verdicts.at_most("restarts within five times RestartSec", int(service.show("NRestarts")), 0)
    verdicts.at_most("failed, not starting", int(service.show("ActiveState") != "failed"), 0)
    guest.file(CONFIG).write_text(good)
    verdicts.at_most("start with the good one: exit status", service.do("start"), 0)


def second_site(verdicts, guest):
    guest.file("/etc/lynceus/north.yaml").write_text("site: north\nserver: {port: 8081}\ncameras: {}\n")
    north = Service(guest, "lynceus@north.service")
    verdicts.at_most("second site: exit status of its start", north.do("start"), 0)
    verdicts.at_most("ready after", seconds_until(READY_S, lambda: guest.http("/readyz", 8081)), READY_S, "s")
    state = "/var/lib/lynceus/sites/north"
    verdicts.at_least("state of its own", int(guest.file(state + "/state.db").exists()), 1)
    token = guest.inside("lynceus", "token", "add", "--state", state, "--role", "view", "prove").split()[-1]
    verdicts.at_least("its API opens to a token that root made", int(bool(guest.http("/api/v1/cameras", 8081, token))), 1)
    verdicts.at_most("and without one", int(bool(guest.http("/api/v1/cameras", 8081))), 0)
    return north


def upgraded(verdicts, guest, service, north, later):
    before, pid, north_pid = alarms(guest), service.pid(), north.pid()
    config = guest.file(CONFIG).read_text()
    guest.apt("install", put(guest, later))
    verdicts.at_most("upgraded: running anew after", service.wait_new_pid(pid, 60), READY_S, "s")
    verdicts.at_most("the second site too, after", north.wait_new_pid(north_pid, 60), READY_S, "s")
    verdicts.at_most("8 cameras stream again after", seconds_until(60, lambda: cameras_up(guest)), 30, "s")
    version = guest.inside("dpkg-query", "-W", "-f", "${Version}", "lynceus")
    say(f"      now {version}")
    verdicts.at_least("version is the later one", int(version.endswith("+later")), 1)
    verdicts.at_most(f"alarms of the database lost, of {len(before)}", lost(guest, before), 0)
    verdicts.at_least("configuration kept", int(guest.file(CONFIG).read_text() == config), 1)


def removed(verdicts, guest, service, north, later):
    before, config = alarms(guest), guest.file(CONFIG).read_text()
    pids = [service.pid(), north.pid()]
    guest.apt("remove", "lynceus")
    verdicts.at_most("removed: processes left", sum(guest.try_to("test", "-e", f"/proc/{pid}").returncode == 0 for pid in pids), 0)
    verdicts.at_most("programs left", sum(guest.file(name).exists() for name in ("/usr/sbin/lynceusd", "/usr/bin/lynceus")), 0)
    verdicts.at_least("configuration kept", int(guest.file(CONFIG).read_text() == config), 1)
    guest.apt("install", put(guest, later))
    verdicts.at_most("installed again: 8 cameras stream after", seconds_until(60, lambda: cameras_up(guest)), 30, "s")
    verdicts.at_most(f"alarms of the database lost, of {len(before)}", lost(guest, before), 0)
    guest.apt("purge", "lynceus")
    left = [name for name in (CONFIG, "/var/lib/lynceus", "/var/cache/lynceus", "/etc/systemd/system/multi-user.target.wants/"
                              "lynceus.service") if os.path.lexists(guest.file(name))]
    say(f"      left: {', '.join(left) or 'nothing'}")
    verdicts.at_most("purged: places left", len(left), 0)


def run(verdicts):
    deb = package()
    guest, service_name = Guest(), "lynceus.service"
    guest.prepare(", ".join(output("dpkg-deb", "-f", deb, field).strip() for field in ("Depends", "Recommends")))
    with tempfile.TemporaryDirectory(prefix="lynceus-package-") as folder, guest:
        later = next_version(deb, pathlib.Path(folder))
        service = Service(guest, service_name)
        installed(verdicts, guest, service, deb)
        cameras = Cameras(guest)
        try:
            sandboxed_cameras(verdicts, guest, service, cameras)
            evidence(verdicts, guest)
            reloaded(verdicts, guest, service)
            hung(verdicts, guest, service)
            killed(verdicts, guest, service)
            misconfigured(verdicts, guest, service)
            north = second_site(verdicts, guest)
            upgraded(verdicts, guest, service, north, later)
            # The simulator is part of the package: it runs on while its file is gone.
            removed(verdicts, guest, service, north, later)
        finally:
            cameras.stop()
