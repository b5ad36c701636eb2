#!/usr/bin/env python3
"""Writes grafana/lynceus.json, so that panels are edited as lines here and not as JSON. `generate.py --check` compares.

Every query is asked of a real Prometheus by a test (tests/dashboards).
"""
import json
import pathlib
import sys

FILE = pathlib.Path(__file__).parent / "grafana" / "lynceus.json"
SOURCE = {"type": "prometheus", "uid": "${datasource}"}
WIDTH, HEIGHT = 24, 8

CAMERA = 'camera=~"$camera"'
RATE = "$__rate_interval"


def quantiles(metric, *labels, by=""):
    """p50, p95 and p99 of a histogram."""
    only = "{" + ",".join(labels) + "}" if labels else ""
    group = f"le{', ' + by if by else ''}"
    legend = f" {{{{{by}}}}}" if by else ""
    return [(f"histogram_quantile({q}, sum by ({group}) (rate({metric}_bucket{only}[{RATE}])))", f"p{round(q * 100)}{legend}")
            for q in ((0.95,) if by else (0.5, 0.95, 0.99))]


# Row, then panels: (title, kind, unit, width, [(query, legend)…])
ROWS = [
    ("Fleet", [
        ("Cameras streaming", "stat", "short", 4, [("sum(lynceus_camera_up)", "")]),
        ("Cameras not streaming", "stat", "short", 4, [("count(lynceus_camera_up) - sum(lynceus_camera_up)", "")]),
        ("Alarms raised now", "stat", "short", 4, [("sum(lynceus_alarms_active)", "")]),
        ("CPU, cores", "stat", "short", 4, [(f"rate(process_cpu_seconds_total{{job=~\"$job\"}}[{RATE}])", "")]),
        ("Memory", "stat", "bytes", 4, [('process_resident_memory_bytes{job=~"$job"}', "")]),
        ("Owed for so long", "stat", "s", 4, [("max(lynceus_delivery_oldest_pending_seconds)", "")]),
        ("Alarms raised now, by kind", "series", "short", 12, [("sum by (kind) (lynceus_alarms_active) > 0 or sum(lynceus_alarms_active)", "{{kind}}")]),
        ("Alarms raised, an hour", "series", "short", 12, [("sum by (severity) (increase(lynceus_alarms_total[1h]))", "{{severity}}")]),
        ("State of the cameras", "states", "short", 24, [("max by (camera, state) (lynceus_camera_state) == 1", "{{camera}} {{state}}")]),
    ]),
    ("Camera", [
        ("Frames a second", "series", "short", 12, [
            (f"sum by (camera) (rate(lynceus_camera_frames_received_total{{{CAMERA}}}[{RATE}]))", "{{camera}} received"),
            (f"sum by (camera) (rate(lynceus_camera_frames_analyzed_total{{{CAMERA}}}[{RATE}]))", "{{camera}} analysed")]),
        ("Frames not analysed, by reason", "series", "short", 12, [
            (f"sum by (camera, reason) (rate(lynceus_camera_frames_dropped_total{{{CAMERA}}}[{RATE}]))", "{{camera}} {{reason}}")]),
        ("Age of the newest frame", "series", "s", 8, [
            (f"time() - (lynceus_camera_last_frame_timestamp_seconds{{{CAMERA}}} > 0)", "{{camera}}")]),
        ("Bit rate", "series", "bps", 8, [(f"8 * rate(lynceus_camera_bytes_total{{{CAMERA}}}[{RATE}])", "{{camera}}")]),
        ("Reconnects, an hour", "series", "short", 8, [
            (f"sum by (camera, reason) (increase(lynceus_camera_reconnects_total{{{CAMERA}}}[1h]))", "{{camera}} {{reason}}")]),
        ("CPU by stage, cores", "series", "short", 12, [
            (f"sum by (stage) (rate(lynceus_camera_cpu_seconds_total{{{CAMERA}}}[{RATE}]))", "{{stage}}")]),
        ("What holds now", "series", "short", 12, [
            (f"sum by (camera, kind) (lynceus_condition_active{{{CAMERA}}}) > 0 or sum(lynceus_condition_active{{{CAMERA}}})", "{{camera}} {{kind}}")]),
    ]),
    ("Pipes", [
        ("Temperature", "series", "celsius", 16, [(f"lynceus_pipe_temperature_celsius{{{CAMERA}}}", "{{camera}} {{stat}}")]),
        ("Faults", "series", "short", 8, [(f"sum by (camera, fault) (lynceus_pipe_fault{{{CAMERA}}})", "{{camera}} {{fault}}")]),
    ]),
    ("People and places", [
        ("People", "series", "short", 8, [(f"lynceus_people{{{CAMERA}}}", "{{camera}} {{zone}}")]),
        ("Pairs too close", "series", "short", 8, [(f"lynceus_distancing_violations{{{CAMERA}}}", "{{camera}}")]),
        ("Small targets", "series", "short", 8, [(f"lynceus_targets{{{CAMERA}}}", "{{camera}}")]),
        ("What the picture is made of", "series", "percentunit", 12, [(f"lynceus_scene_fraction{{{CAMERA}}}", "{{camera}} {{class}}")]),
        ("Events, an hour", "series", "short", 12, [
            (f"sum by (camera, kind) (increase(lynceus_events_total{{{CAMERA}}}[1h]))", "{{camera}} {{kind}}")]),
    ]),
    ("Latency", [
        ("From capture to alarm on disk", "series", "s", 12, quantiles("lynceus_capture_to_alarm_seconds")),
        ("Time of a stage, p95", "series", "s", 12, quantiles("lynceus_stage_duration_seconds", CAMERA, by="stage")),
        ("A network's run, p95", "series", "s", 8, quantiles("lynceus_inference_duration_seconds", by="model")),
        ("Requests run together", "series", "short", 8, [
            (f"sum by (model) (rate(lynceus_inference_batch_size_sum[{RATE}])) / "
             f"sum by (model) (rate(lynceus_inference_batch_size_count[{RATE}]))", "{{model}}")]),
        ("Networks and what runs them", "table", "short", 8, [("lynceus_inference_backend_info", "")]),
    ]),
    ("Deliveries", [
        ("Owed", "series", "short", 8, [("lynceus_deliveries_pending", "{{sink}}")]),
        ("Oldest owed", "series", "s", 8, [("lynceus_delivery_oldest_pending_seconds", "{{sink}}")]),
        ("Attempts a minute", "series", "short", 8, [
            (f"60 * sum by (sink, result) (rate(lynceus_deliveries_total[{RATE}]))", "{{sink}} {{result}}")]),
    ]),
    ("The daemon", [
        ("Storage", "series", "bytes", 8, [("lynceus_storage_bytes", "{{kind}}")]),
        ("Answers a second", "series", "short", 8, [(f"sum by (code) (rate(lynceus_http_requests_total[{RATE}]))", "{{code}}")]),
        ("Errors of plugins, an hour", "series", "short", 8, [
            ("sum by (camera, plugin) (increase(lynceus_plugin_errors_total[1h]))", "{{camera}} {{plugin}}")]),
        ("Heap in use", "series", "bytes", 8, [("lynceus_heap_in_use_bytes", "")]),
        ("Last configuration in force", "stat", "short", 8, [("lynceus_config_last_reload_successful", "")]),
        ("Version", "table", "short", 8, [("lynceus_build_info", "")]),
    ]),
]
KINDS = {"series": "timeseries", "stat": "stat", "table": "table", "states": "state-timeline"}


def panel(number, place, title, kind, unit, width, queries):
    made = {
        "id": number, "title": title, "type": KINDS[kind], "datasource": SOURCE,
        "gridPos": {"h": 4 if kind == "stat" else HEIGHT, "w": width, "x": place[0], "y": place[1]},
        "fieldConfig": {"defaults": {"unit": unit, "min": 0 if kind == "series" and unit != "celsius" else None}, "overrides": []},
        "targets": [{"refId": chr(ord("A") + i), "expr": query, "legendFormat": legend or "__auto", "datasource": SOURCE,
                     **({"instant": True, "format": "table"} if kind == "table" else {})} for i, (query, legend) in enumerate(queries)],
    }
    if kind == "series":
        made["fieldConfig"]["defaults"]["custom"] = {"lineWidth": 1, "fillOpacity": 8, "showPoints": "never", "spanNulls": False}
        made["options"] = {"legend": {"displayMode": "list", "placement": "bottom"}, "tooltip": {"mode": "multi", "sort": "desc"}}
    return made


def panels():
    made, number, y = [], 1, 0
    for row, contents in ROWS:
        made.append({"id": number, "type": "row", "title": row, "collapsed": False, "panels": [],
                     "gridPos": {"h": 1, "w": WIDTH, "x": 0, "y": y}})
        number, y, x, tallest = number + 1, y + 1, 0, 0
        for title, kind, unit, width, queries in contents:
            if x + width > WIDTH:
                x, y, tallest = 0, y + tallest, 0
            made.append(panel(number, (x, y), title, kind, unit, width, queries))
            number, x, tallest = number + 1, x + width, max(tallest, 4 if kind == "stat" else HEIGHT)
        y += tallest
    return made


def variable(name, query, label):
    return {"name": name, "label": label, "type": "query", "datasource": SOURCE, "query": {"query": query, "refId": name},
            "definition": query, "refresh": 2, "includeAll": True, "multi": True, "current": {"text": "All", "value": "$__all"}, "sort": 1}


def dashboard():
    source = {"name": "datasource", "label": "Prometheus", "type": "datasource", "query": "prometheus", "current": {}}
    return {
        "uid": "lynceus", "title": "Lynceus", "tags": ["lynceus"], "schemaVersion": 39, "editable": True, "refresh": "10s",
        "time": {"from": "now-1h", "to": "now"}, "timezone": "browser",
        "templating": {"list": [source, variable("job", "label_values(lynceus_build_info, job)", "Job"),
                                variable("camera", "label_values(lynceus_camera_up, camera)", "Camera")]},
        "panels": panels(),
    }


def main(words):
    text = json.dumps(dashboard(), indent=1, ensure_ascii=False) + "\n"
    if words == ["--check"]:
        return 0 if FILE.exists() and FILE.read_text(encoding="utf-8") == text else "generate.py: grafana/lynceus.json is another; run dashboards/generate.py"
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
