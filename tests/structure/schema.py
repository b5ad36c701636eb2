#!/usr/bin/env python3
"""The JSON Schema accepts the examples and refuses slips. Usage: schema.py LYNCEUS SOURCE_DIR

Skipped where python3-jsonschema or python3-yaml is not installed.
"""
import json
import pathlib
import subprocess
import sys

try:
    import jsonschema
    import yaml
except ImportError:
    print("python3-jsonschema or python3-yaml is not here; skipped")
    sys.exit(77)


class Loader(yaml.SafeLoader):
    """Times of day stay texts, as they do for the daemon."""


def main():
    lynceus, root = sys.argv[1], pathlib.Path(sys.argv[2])
    text = subprocess.run([lynceus, "check", "--schema"], capture_output=True, text=True, check=True).stdout
    schema = json.loads(text)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    problems = []
    for path in sorted((root / "config" / "examples").glob("*.yaml")):
        for error in validator.iter_errors(yaml.load(path.read_text(), Loader)):
            problems.append(f"{path.name}: {error.json_path}: {error.message[:200]}")
    for slip in ({"sight": 1}, {"server": {"port": 70000}}, {"cameras": {"a": {"fps": "fast"}}},
                 {"cameras": {"a": {"kind": "termal"}}}, {"cameras": {"a": {"zones": {"z": {"polygon": [[0, 0], [1, 1]]}}}}}):
        if validator.is_valid(slip):
            problems.append(f"accepted: {slip}")
    for line in problems:
        print(line)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
