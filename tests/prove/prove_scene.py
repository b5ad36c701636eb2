"""Rooms: labels against drawn ones, time, and the alarms: on real rooms in which something happens, and on the simulated room."""
import http.client
import json
import os
import pathlib
import resource
import subprocess
import tempfile
import time

from house import BIN, ROOT, Daemon, Simulator, progress, running, say, watch

DATA = pathlib.Path(os.environ.get("LYNCEUS_DATA", ROOT.parent / "shared")) / "data/indoor/nyuv2_val"
NETWORK = ROOT / "models/scene.onnx"
ROOMS = 16

# The simulated room, a minute long: somebody stands in the doorway, then boxes, then the furniture is elsewhere.
ROOM = "scene:room,fps=10,size=640x480,loop=60,fault-at=16"
EXIT = "[[0.562, 0.564], [0.699, 0.564], [0.745, 0.656], [0.577, 0.656]]"
TIMES = "every: 2s, quiet: 3s, clear_after: 3s, exit.after: 5s, layout.share: 0.05, layout.after: 6s"


def evaluate(folder, *before):
    command = [*before, BIN / "lynceus", "evaluate", "scene", "--json", folder]
    return json.loads(subprocess.run([str(w) for w in command], check=True, capture_output=True, text=True).stdout)


def small_rooms(folder):
    """The same pictures at 320x240, with their labels."""
    import cv2
    for name in ("images", "labels"):
        (folder / name).mkdir()
    for picture in sorted((DATA / "images").iterdir()):
        cv2.imwrite(str(folder / "images" / picture.name), cv2.resize(cv2.imread(str(picture)), (320, 240), interpolation=cv2.INTER_AREA))
        label = f"{picture.stem}.png"
        truth = cv2.imread(str(DATA / "labels" / label), cv2.IMREAD_UNCHANGED)
        cv2.imwrite(str(folder / "labels" / label), cv2.resize(truth, (320, 240), interpolation=cv2.INTER_NEAREST))


def cpu_of_children():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def labels(verdicts):
    figures = evaluate(DATA)
    say("      " + "  ".join(f"{key} {figures[key]:.3f}" for key in ("pixel_acc", "mean_acc", "mean_iu", "fw_iu", "boundary_f1")))
    verdicts.at_least("pixel accuracy, 4 classes", figures["pixel_acc"], 0.70)
    verdicts.at_least("mean IU, 4 classes", figures["mean_iu"], 0.50)
    verdicts.at_least("IU of the floor", figures["per_class"]["floor"]["iu"], 0.70)
    with tempfile.TemporaryDirectory(prefix="lynceus-prove-") as name:
        folder = pathlib.Path(name)
        small_rooms(folder)
        began = cpu_of_children()
        figures = evaluate(folder, "taskset", "-c", "0")
        spent = 1000 * (cpu_of_children() - began) / figures["pictures"]
    say(f"      a picture of 320x240 on one core: {figures['ms_per_image']:.1f} ms as passed, views drawn too")
    verdicts.at_most("a picture of 320x240, CPU of one core, all of `evaluate scene`", spent, 60, "ms")


def real_rooms(verdicts):
    """None of these rooms taught the network. Things were cut out of other rooms along their labels."""
    progress(f"{ROOMS} rooms")
    seen = json.loads(subprocess.run([BIN.parent / "tests/scene_rooms", NETWORK, DATA, str(ROOMS)], check=True, text=True,
                                     stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout)
    for name in ("furniture", "props", "rearranged"):
        say(f"      {name}: {seen[name + '_raised']} of {seen[name]} raised, {seen[name + '_cleared']} of those cleared after")
    for name in ("nothing", "visitor", "visitor_gone", "waiting", "lamp"):
        say(f"      {name}: {seen[name + '_exit']} and {seen[name + '_layout']} of {seen[name]} raised exit_blocked and layout_changed")
    things = seen["furniture"] + seen["props"]
    raised = seen["furniture_raised"] + seen["props_raised"]
    verdicts.at_least("things on the floor of a zone that raise exit_blocked", raised / things, 0.85)
    verdicts.at_least("of those cleared when they are gone", (seen["furniture_cleared"] + seen["props_cleared"]) / max(1, raised), 0.97)
    verdicts.at_least("rooms full of other furniture that raise layout_changed", seen["rearranged_raised"] / seen["rearranged"], 0.8)
    verdicts.at_least("of those cleared", seen["rearranged_cleared"] / max(1, seen["rearranged_raised"]), 0.97)
    standing = sum(seen[f"{who}_{kind}"] for who in ("nothing", "visitor", "visitor_gone", "waiting") for kind in ("exit", "layout"))
    verdicts.at_most("alarms while nothing happens or somebody stands there", standing, 0)
    verdicts.at_most("rooms in which another lamp raises an alarm, share", (seen["lamp_exit"] + seen["lamp_layout"]) / seen["lamp"], 0.1)


def conditions(daemon):
    connection = http.client.HTTPConnection("127.0.0.1", daemon.port, timeout=10)
    connection.request("GET", "/api/v1/alarms?limit=100")
    alarms = json.loads(connection.getresponse().read())["alarms"]
    connection.close()
    return {alarm["kind"]: alarm for alarm in alarms}


def simulated_room(verdicts):
    with running(Simulator({"room": ROOM})) as simulator:
        camera = (f'{{url: "{simulator.urls["room"]}", transport: tcp, zones: {{exit: {{polygon: {EXIT}, analyzers: [scene]}}}}, '
                  f"analyzers: {{scene: {{{TIMES}}}}}}}")
        with running(Daemon({"room": camera}, "alarms: {off_delay: 0s}")) as daemon:
            daemon.wait_up(1)
            began, raised, cleared = time.monotonic(), {}, {}

            def all_seen():
                for kind, alarm in conditions(daemon).items():
                    if alarm["state"] != "pending":
                        raised.setdefault(kind, time.monotonic() - began)
                    if alarm["state"] == "cleared":
                        cleared.setdefault(kind, time.monotonic() - began)
                return {"exit_blocked", "layout_changed"} <= set(cleared)

            watch(130, 0.3, all_seen)
            say("      raised after " + ", ".join(f"{kind} {when:.0f} s" for kind, when in sorted(raised.items())))
            say("      cleared after " + ", ".join(f"{kind} {when:.0f} s" for kind, when in sorted(cleared.items())))
            for kind in ("exit_blocked", "layout_changed"):
                verdicts.at_least(f"simulated room: {kind} raised", int(kind in raised), 1)
                verdicts.at_least(f"simulated room: {kind} cleared", int(kind in cleared), 1)


def run(verdicts):
    simulated_room(verdicts)
    if not DATA.is_dir():
        say(f"skipped: no {DATA}")
        return
    labels(verdicts)
    real_rooms(verdicts)
