#!/usr/bin/env python3
"""Every command in the documents is one: a shell understands it, the programs know the subcommand and its options, names of
benches and proofs exist; every piece of YAML is what `lynceus check` takes, as it stands or within a camera.

  commands.py ROOT LYNCEUS [PLUGINS]
"""
import pathlib
import re
import subprocess
import sys
import tempfile

from documents import commands, fenced, pages

PLACEHOLDER = re.compile(r"^[A-Z][A-Z_]*$|…|\[|\||^<")
WORD = re.compile(r"(?<!-g)(?<!-u)(?:^|[\s;|&(`])(?:\S*/)?(lynceusd?|\./dev)((?:[ ]+[^\s;|&#>)]+)*)")
# YAML of others, and what names files that a reader has and a test has not.
NOT_OURS = re.compile(r"services:|scrape_configs|\.png|\.onnx|apiVersion|mosquitto:|homeassistant:|model:|calibration:|certificate|ca_file")


def run(*words, **keywords):
    return subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False, **keywords)


class Programs:
    def __init__(self, root, lynceus):
        self.lynceus = lynceus
        self.known = set(re.findall(r"^  (\w+)", run(lynceus, "--help").stdout, re.MULTILINE))
        self.helps = {}
        dev = (root / "dev").read_text(encoding="utf-8")
        self.dev = set(re.findall(r"^  ([a-z|]+)\)", dev, re.MULTILINE))
        self.dev = {name for names in self.dev for name in names.split("|")}
        proofs = run(sys.executable, root / "tests/prove/prove", "--list").stdout.split()
        benches = run(lynceus, "bench", "--list").stdout.split()
        self.names = {"prove": set(proofs), "bench": set(benches)}

    def help_of(self, *words):
        if words not in self.helps:
            self.helps[words] = run(self.lynceus, *words, "--help").stdout
        return self.helps[words]

    def trouble(self, program, words):
        if not words or PLACEHOLDER.search(words[0]):
            return None
        if program == "./dev":
            if words[0] not in self.dev | {"--opencv"}:
                return f"./dev knows no {words[0]}"
            names = [word for word in words[1:2] if not word.startswith("-") and not PLACEHOLDER.search(word)]
            if words[0] in self.names and names and names[0] not in self.names[words[0]]:
                return f"./dev {words[0]} knows no {names[0]}"
            return None
        if program == "lynceusd":
            text = run(self.lynceus.parent / "lynceusd", "--help").stdout
        elif words[0].startswith("-"):
            return None
        elif words[0] not in self.known:
            return f"lynceus knows no {words[0]}"
        else:
            text = self.help_of(words[0]) + (self.help_of(*words[:2]) if words[0] == "bench" and len(words) > 1 and not words[1].startswith("-") else "")
        unknown = [word.split("=")[0] for word in words if re.match(r"--[a-z]", word) and word.split("=")[0] not in text and word != "--help"]
        return f"{program} {words[0]} knows no {unknown[0]}" if unknown else None


def shell_trouble(command):
    if PLACEHOLDER.search(command.replace("[", "").replace("|", "").replace("<", "")):
        command = command.replace("…", "x")
    done = run("bash", "-n", input=command)
    return done.stderr.strip() if done.returncode else None


def yaml_trouble(lynceus, block, plugins, examples):
    """None when it may stand at the top, in a camera, or among a camera's analyzers."""
    def inside(head):
        spaces = "  " * len(head)
        return "\n".join("  " * i + name for i, name in enumerate(head)) + "\n" + "".join(spaces + line + "\n" for line in block.splitlines())
    url = "    url: sim://still\n"
    wholes = [block, inside(["cameras:"]), "cameras:\n  x:\n" + url + "".join("    " + line + "\n" for line in block.splitlines()),
              "cameras:\n  x:\n" + url + "    analyzers:\n" + "".join("      " + line.removeprefix("      ") + "\n" for line in block.splitlines())]
    said = []
    for whole in wholes:
        whole = re.sub(r"\$\{(env|file|credential):[^}]*\}", "whsec_c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0", whole)
        whole = re.sub(r"^(  +)(\w+):\n(?!(?:\1 .*\n)*?\1  (?:url|streams):)(\1  (?:ground|kind|analyzers|zones|lines|masks|arm):)", rf"\1\2:\n\1  url: sim://still\n\3", whole, flags=re.MULTILINE)
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
            file.write(whole)
            file.flush()
            done = run(lynceus, "check", *(["--plugins", plugins] if plugins else []), file.name)
        if done.returncode == 0 or re.search(f"no plugin '({examples})' is loaded", done.stderr + done.stdout):
            return None
        said.append((done.stderr + done.stdout).strip().splitlines()[0].replace(file.name, "it"))
    return said[0] if re.match(r"[a-z]+:", block) and "cameras" in block else said[-1]


def main(root, lynceus, plugins=None):
    programs = Programs(root, lynceus)
    examples = "|".join(path.name for path in (root / "docs/examples").iterdir())  # plugins of the documents' own
    trouble, count, blocks = [], 0, 0
    for page in pages(root):
        name = page.relative_to(root)
        for command in commands(page):
            count += 1
            if (why := shell_trouble(command)) is not None:
                trouble.append(f"{name}: {command.splitlines()[0]}: {why}")
            for program, rest in WORD.findall(re.sub(r"<<'END'\n.*?\nEND", "", command, flags=re.DOTALL)):
                if (why := programs.trouble(program, rest.split())) is not None:
                    trouble.append(f"{name}: {command.splitlines()[0]}: {why}")
        for block in fenced(page.read_text(encoding="utf-8"), "yaml"):
            if NOT_OURS.search(block):
                continue
            blocks += 1
            if (why := yaml_trouble(lynceus, block, plugins, examples)) is not None:
                trouble.append(f"{name}: YAML: {block.splitlines()[0]} …: {why}")
    print("\n".join(trouble) or f"{count} commands and {blocks} pieces of YAML")
    return 1 if trouble else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), *sys.argv[3:4]))
