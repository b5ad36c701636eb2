#!/usr/bin/env python3
"""Every query of the Grafana dashboard, and every alert rule, asked of a real Prometheus that scraped a daemon.

A query must be understood, name only families that the daemon exports, and answer with a series, unless the only family it
names has none (an analytic that no camera here runs). Exit 77 where there is no prometheus.

  panels.py ROOT      LYNCEUS_BIN: where the programs are
"""
import contextlib
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request

ROOT = pathlib.Path(sys.argv[1])
sys.path.insert(0, str(ROOT / "tests/prove"))
from house import BIN, Child, Daemon, running  # noqa: E402

PATIENCE_S = 90
CAMERAS = {"boiler": "sim://pipe?fps=5&size=320x240", "lobby": "sim://lobby?fps=5&size=320x240"}
ANALYZERS = [name for name in ("pipes", "people") if (BIN.parent / f"plugins/lynceus_{name}.so").exists()]
EXTRA = f"defaults: {{analyzers: {{{', '.join(f'{name}: {{}}' for name in ANALYZERS)}}}}}\n" \
        "notify: {sinks: {ops: {url: 'http://127.0.0.1:9/'}}}"
FAMILY = re.compile(r"\b((?:lynceus|process)_[a-z_]+)\b")


def read(port, path, **query):
    url = f"http://127.0.0.1:{port}{path}?{urllib.parse.urlencode(query)}"
    try:
        with urllib.request.urlopen(url, timeout=20) as answer:
            return answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.read().decode()


class Prometheus(Child):
    def __init__(self, folder, daemon):
        config = folder / "prometheus.yml"
        target = json.dumps([{"targets": [f"127.0.0.1:{daemon.port}"], "labels": {"site": "test"}}])
        (folder / "targets.json").write_text(target)
        config.write_text("global: {scrape_interval: 500ms, scrape_timeout: 400ms}\nscrape_configs:\n  - job_name: lynceus\n"
                          f"    file_sd_configs: [{{files: ['{folder}/targets.json'], refresh_interval: 1s}}]\n")
        self.log = folder / "prometheus.log"
        with open(self.log, "w", encoding="utf-8") as log:
            super().__init__(["prometheus", f"--config.file={config}", f"--storage.tsdb.path={folder}/data",
                              "--web.listen-address=127.0.0.1:0"], stderr=log)
        self.port = 0
        self.until(self._listens, "it listens")

    def until(self, good, what):
        end = time.monotonic() + PATIENCE_S
        while not good():
            if time.monotonic() > end or self.process.poll() is not None:
                raise RuntimeError(f"Prometheus: not so within {PATIENCE_S} s: {what}: {self.log.read_text()[-1500:]}")
            time.sleep(0.1)

    def _listens(self):
        found = re.search(r"address=127\.0\.0\.1:([1-9]\d*)", self.log.read_text())
        self.port = int(found[1]) if found else 0
        return self.port > 0

    def ask(self, query):
        answer = json.loads(read(self.port, "/api/v1/query", query=query))
        return answer["data"]["result"] if answer["status"] == "success" else RuntimeError(answer["error"])


def panel_queries():
    board = json.loads((ROOT / "dashboards/grafana/lynceus.json").read_text(encoding="utf-8"))
    for panel in board["panels"]:
        for target in panel.get("targets", []):
            yield panel["title"], target["expr"]


def rule_queries():
    text = (ROOT / "dashboards/lynceus-alerts.yml").read_text(encoding="utf-8")
    for name, expr in re.findall(r"alert: (\w+)\n\s+expr: (>\n(?:\s{10}.*\n)+|.*\n)", text):
        yield name, expr.lstrip(">\n").strip()


def filled(query):
    for name, value in (("$__rate_interval", "4s"), ("$camera", ".*"), ("$job", ".*")):
        query = query.replace(name, value)
    return query


def main():
    if not shutil.which("prometheus"):
        print("skipped: no prometheus (package prometheus)")
        return 77
    subprocess.run([sys.executable, ROOT / "dashboards/generate.py", "--check"], check=True)
    wrong, silent = [], []
    with contextlib.ExitStack() as stack:
        folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lynceus-panels-")))
        daemon = stack.enter_context(running(Daemon(CAMERAS, EXTRA)))
        daemon.wait_up(len(CAMERAS))
        prometheus = stack.enter_context(running(Prometheus(folder, daemon)))
        analysed = "min(rate(lynceus_camera_frames_analyzed_total[4s])) > 0 and on() (max(lynceus_pipe_temperature_celsius) > 0)"
        prometheus.until(lambda: prometheus.ask(analysed), "rates of both cameras, and a temperature")
        declared = set(re.findall(r"^# TYPE (\S+)", read(daemon.port, "/metrics"), re.MULTILINE))
        have = {name for name in declared if prometheus.ask(f'count({{__name__=~"{name}(_bucket)?"}})')}
        panels, rules = list(panel_queries()), list(rule_queries())
        for title, query in panels + rules:
            answer = prometheus.ask(filled(query))
            families = {re.sub(r"_(bucket|sum|count)$", "", name) if name not in declared else name for name in FAMILY.findall(query)}
            families |= {"up"} if re.search(r"\bup\{", query) else set()
            if isinstance(answer, RuntimeError):
                wrong.append(f"{title}: {answer}: {query}")
            elif not families or families - declared - {"up"}:
                wrong.append(f"{title}: the daemon exports no {', '.join(families - declared) or 'family named here'}: {query}")
            elif not answer and (title, query) in panels:
                (wrong if families <= have else silent).append(f"{title}: no series: {query}")
    print("\n".join(wrong) or f"{len(panels)} queries of panels and {len(rules)} rules answered; "
          f"without a camera for them here: {', '.join(line.split(':')[0] for line in silent) or 'none'}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
