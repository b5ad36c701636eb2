#!/usr/bin/env python3
"""The manual pages, from what the programs say of themselves. Usage: manual.py BIN_DIR OUT_DIR

Writes man1/lynceus.1.gz, man8/lynceusd.8.gz and man5/lynceus.yaml.5.gz.
"""
import gzip
import pathlib
import re
import subprocess
import sys

SUMMARY = {"lynceus": "video surveillance: check, analyze, simulate, measure",
           "lynceusd": "video surveillance daemon", "lynceus.yaml": "configuration of lynceusd"}


def ask(*command):
    return subprocess.run([str(word) for word in command], capture_output=True, text=True, check=True).stdout


def escaped(text):
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\n".join("\\&" + line if line[:1] in (".", "'") else line for line in text.split("\n"))


def verbatim(text):
    return ".PP\n.nf\n" + escaped(text.strip("\n")) + "\n.fi\n"


def inline(text):
    """Markdown inside a line: code and strong words become bold, a link its words."""
    text = escaped(re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text.replace("\\|", "|")))
    text = re.sub(r"\*\*(.+?)\*\*", r"\\fB\1\\fR", text)
    return re.sub(r"`([^`]*)`", r"\\fB\1\\fR", text)


def table_row(line):
    key, values, default, meaning = [inline(cell.strip()) for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
    facts = "; ".join(part for part in (values, default and "default " + default) if part)
    return f".TP\n{key}\n{meaning}\n({facts})\n"


def from_markdown(text):
    """As much of Markdown as the reference uses: headings, paragraphs, lists, tables of four columns."""
    page, open_item = [], False
    for line in text.splitlines()[1:]:
        if line.startswith("#"):
            page.append(f'.SH "{inline(line.lstrip("# ")).upper()}"\n')
        elif re.match(r"\|[-| ]+\|$", line) or line.startswith("| key |"):
            continue
        elif line.startswith("|"):
            page.append(table_row(line))
        elif line.startswith("- "):
            page.append(".IP \\(bu 2\n" + inline(line[2:]) + "\n")
            open_item = True
        elif not line.strip():
            open_item = False
            page.append(".PP\n")
        else:
            page.append(inline(line.strip() if open_item else line) + "\n")
    return "".join(page)


def page(name, section, version, body, also):
    head = f'.TH "{name.upper()}" "{section}" "" "Lynceus {version}" "Lynceus"\n.SH NAME\n{name} \\- {SUMMARY[name]}\n'
    return head + body + '.SH "SEE ALSO"\n' + also + "\n"


def command_page(program, version):
    overview = ask(program, "--help")
    body = ".SH DESCRIPTION\n" + verbatim(overview) + ".SH COMMANDS\n"
    for command in re.findall(r"^  ([a-z]+)  ", overview, re.MULTILINE):
        body += f".SS {command}\n" + verbatim(ask(program, command, "--help"))
    return page("lynceus", 1, version, body, "lynceusd(8), lynceus.yaml(5)")


def daemon_page(program, version):
    body = ".SH DESCRIPTION\n" + verbatim(ask(program, "--help"))
    return page("lynceusd", 8, version, body, "lynceus(1), lynceus.yaml(5), systemctl(1)")


def configuration_page(program, version):
    body = ".SH DESCRIPTION\n" + from_markdown(ask(program, "check", "--reference", "--plugins", program.parent.parent / "plugins"))
    return page("lynceus.yaml", 5, version, body, "lynceus(1), lynceusd(8)")


def main():
    programs, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    lynceus, lynceusd = programs / "lynceus", programs / "lynceusd"
    version = ask(lynceusd, "--version").split()[-1]
    for name, text in (("man1/lynceus.1", command_page(lynceus, version)), ("man8/lynceusd.8", daemon_page(lynceusd, version)),
                       ("man5/lynceus.yaml.5", configuration_page(lynceus, version))):
        file = out / (name + ".gz")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(gzip.compress(text.encode(), 9, mtime=0))


if __name__ == "__main__":
    main()
