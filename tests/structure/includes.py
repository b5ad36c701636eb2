#!/usr/bin/env python3
"""Which folder may include which: the direction of the house. Usage: includes.py SOURCE_DIR

Fails on an edge that is not in the table. `--self-test` plants wrong edges in a copy and wants each found.
"""
import os
import pathlib
import re
import shutil
import sys
import tempfile

# The first folder that fits counts; "self" is the folder itself.
PIPELINE = ["base", "plugins/sdk", "pipeline"]
MAY_INCLUDE = [
    ("base", ["self"]),
    ("plugins/sdk", ["self"]),
    ("plugins/*", ["self", "plugins/sdk"]),
    ("pipeline", PIPELINE),
    ("config", PIPELINE + ["self"]),
    # Requests come in through the server and are answered by the API, which knows no socket.
    ("daemon/api", PIPELINE + ["config", "daemon/alarms", "daemon/evidence", "daemon/live", "self"]),
    ("daemon/http", PIPELINE + ["daemon/api", "daemon/live", "self"]),
    ("daemon", PIPELINE + ["config", "self"]),
    # Those measure: each evaluation knows its plugin's own parts.
    ("tools/evaluate", PIPELINE + ["config", "tools", "plugins"]),
    ("tools/bench", PIPELINE + ["config", "tools", "plugins"]),
    ("tools/infer_bench", PIPELINE + ["tools", "plugins"]),
    ("tools", PIPELINE + ["config", "self"]),
    ("tests/plugins", ["self", "plugins/sdk"]),
    ("tests", ["base", "plugins", "pipeline", "config", "daemon", "tools", "tests"]),
]
ROOTS = ["base", "plugins", "pipeline", "config", "daemon", "tools", "tests"]
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)
# Only the loader knows yaml-cpp, only these rooms sockets; the modules of OpenCV that pull in GPL libraries are nobody's.
LIBRARIES = [
    (re.compile(r"^yaml-cpp/"), ["config"]),
    (re.compile(r"^boost/(asio|beast)"), ["daemon/app", "daemon/http", "daemon/notify", "tests"]),
    (re.compile(r"^opencv2/(imgcodecs|videoio|highgui)"), []),
    (re.compile(r"^opencv2/opencv\.hpp"), []),
]


def below(path, folder):
    return path == folder or path.startswith(folder + "/")


def rule_of(path):
    for pattern, allowed in MAY_INCLUDE:
        if pattern.endswith("/*"):
            parent = pattern[:-1]
            if path.startswith(parent):
                own = parent + path[len(parent):].split("/")[0]
                return own, [own if a == "self" else a for a in allowed]
        elif below(path, pattern):
            return pattern, [pattern if a == "self" else a for a in allowed]
    return None, []


def sources(root):
    for top in ROOTS:
        for folder, _, names in os.walk(root / top):
            for name in sorted(names):
                if name.endswith((".h", ".cpp", ".inc")):
                    yield (pathlib.Path(folder) / name).relative_to(root)


def wrong_edges(root):
    for source in sources(root):
        text = (root / source).read_text(encoding="utf-8", errors="replace")
        own, allowed = rule_of(source.as_posix())
        for match in INCLUDE.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            target = match.group(2)
            for pattern, folders in LIBRARIES:
                if pattern.match(target) and not any(below(source.as_posix(), f) for f in folders):
                    yield f"{source}:{line}: {target}: not to be included here"
            ours = match.group(1) == '"' or any(below(target, top) for top in ROOTS)
            if not ours:
                continue
            if target.startswith(".") or not (root / target).is_file():
                # Headers made by the build have no place in the tree, but they have a folder.
                if not any(below(target, top) for top in ROOTS):
                    yield f"{source}:{line}: {target}: not a path from the root of the repository"
                    continue
            if not any(below(target, folder) for folder in allowed):
                yield f"{source}:{line}: {target}: {own} may include {', '.join(allowed)} only"


def self_test(root):
    planted = [
        ("base/log.h", "config/config.h"),
        ("plugins/sdk/value.h", "base/log.h"),
        ("plugins/health/health.cpp", "base/log.h"),
        ("pipeline/camera/gate.h", "config/config.h"),
        ("config/config.h", "daemon/http/server.h"),
        ("tools/main.cpp", "daemon/app/app.h"),
        ("tools/main.cpp", "plugins/people/ground.h"),
        ("tools/evaluate/evaluate.cpp", "daemon/app/app.h"),
        ("base/clock.h", "tests/support/fake_clock.h"),
        ("pipeline/camera/gate.h", "../ingest/reader.h"),
        ("daemon/api/api.h", "daemon/http/server.h"),
        ("daemon/api/api.h", "boost/beast/http.hpp"),
        ("daemon/http/server.h", "daemon/alarms/alarm_desk.h"),
        ("daemon/main.cpp", "yaml-cpp/yaml.h"),
        ("pipeline/picture/picture_io.h", "opencv2/imgcodecs.hpp"),
    ]
    missed = []
    with tempfile.TemporaryDirectory() as folder:
        copy = pathlib.Path(folder)
        for source in sources(root):
            (copy / source).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(root / source, copy / source)
        for file, target in planted:
            path = copy / file
            path.parent.mkdir(parents=True, exist_ok=True)
            before = path.read_text() if path.exists() else ""
            path.write_text(f'#include "{target}"\n' + before)
            if not any(edge.startswith(f"{file}:1: {target}") for edge in wrong_edges(copy)):
                missed.append(f"{file} → {target}: planted and not found")
            path.write_text(before)
    return missed


def main():
    root = pathlib.Path(sys.argv[1]).resolve()
    found = self_test(root) if "--self-test" in sys.argv else list(wrong_edges(root))
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
