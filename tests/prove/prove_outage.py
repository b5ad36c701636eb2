"""The receiver is down, then back: every owed delivery arrives, in order, and memory stays flat meanwhile."""
import time

from alarms import all_alarms, raising
from house import running, watch
from receiver import Receiver

RATE, DOWN_S = 20, 600


def run(verdicts):
    receiver = Receiver()
    with running(receiver), running(raising(1, RATE, receiver.url())) as daemon:
        daemon.wait_up(1)
        time.sleep(5)
        receiver.down()
        time.sleep(30)  # what is allocated once is allocated
        before = daemon.resident_kib()
        time.sleep(DOWN_S - 30)
        verdicts.at_most("resident memory grown while it was down", (daemon.resident_kib() - before) / 1024, 8, "MiB")
        owed = daemon.metrics().total("lynceus_deliveries_pending")
        verdicts.at_least("changes owed when it comes back", owed, 2 * RATE * (DOWN_S - 10))
        receiver.up()
        ids = {a["id"]: a["revision"] for a in all_alarms(daemon) if a["state"] == "cleared"}
        names = [f"{i}.{revision}" for i, last in ids.items() for revision in range(1, last + 1)]
        took = watch(900, 1, lambda: all(name in receiver.bodies for name in names))
        missing = sum(name not in receiver.bodies for name in names)
        verdicts.at_most(f"of {len(names)} changes never delivered", missing, 0)
        verdicts.at_most("delivered after it was back", 9999 if took is None else took, 600, "s")
        verdicts.at_most("deliveries out of order", receiver.disordered(), 0)
