"""What the documents tell people to type: fenced blocks by language, and indented lines that are commands."""
import pathlib
import re

FENCE = re.compile(r"^([ ]*)```(\w*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
PROGRAMS = ("lynceus", "lynceusd", "./dev", "curl", "apt", "apt-get", "systemctl", "systemd-analyze", "systemd-sysusers", "cmake", "ninja", "cp",
            "install", "echo", "journalctl", "promtool", "python3", "DESTDIR=", "WEBHOOK_SECRET=", "kill", "docs/", "dashboards/",
            "build/release/", "mosquitto_sub", "mosquitto_pub", "tools/", "tests/", "export")
OTHERS = ("CHANGELOG.md",)  # history: what was typed then


def pages(root):
    for path in [root / "README.md", root / "CONTRIBUTING.md", *sorted((root / "docs").rglob("*.md"))]:
        if path.name not in OTHERS:
            yield path


def unindented(text):
    lines = text.splitlines()
    least = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    return "\n".join(line[least:] for line in lines) + "\n"


def fenced(text, *languages):
    """Blocks of these languages, in order."""
    return [unindented(block) for _, language, block in FENCE.findall(text) if language in languages]


def indented(text):
    """Commands in indented blocks; a line that ends with a backslash goes on."""
    plain = FENCE.sub("", text)
    out, going = [], False
    for line in plain.splitlines():
        command = line.strip() if line.startswith("    ") else ""
        if going:
            out[-1] += "\n" + command
        elif command.startswith(tuple(f"{word} " for word in PROGRAMS if not word.endswith(("=", "/")))) or \
                command.startswith(tuple(word for word in PROGRAMS if word.endswith(("=", "/")))):
            out.append(command)
        going = bool(out) and command.endswith("\\")
    return out


def commands(path: pathlib.Path):
    text = path.read_text(encoding="utf-8")
    return fenced(text, "sh", "bash") + indented(text)
