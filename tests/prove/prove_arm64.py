"""64-bit ARM: cross-compiled from the last commit without a warning, packaged, and run by an emulator of the processor."""
import json
import re
import subprocess

from container import Container, output
from house import ROOT, say

EMULATOR = "qemu-aarch64-static"
TOOLS = ["crossbuild-essential-arm64", "python3", "qemu-user-static"]
BUILD = "/src/build/release"


def packages():
    """Of packaging/dependencies.sh: libraries are the target's, programs this machine's."""
    listed = output("bash", "-c", f'. "{ROOT}/packaging/dependencies.sh" && printf "%s\\n" "${{packages_build[@]}}"').split()
    libraries = [f"{name}:arm64" for name in listed if name.endswith("-dev")]
    return TOOLS + [name for name in listed if not name.endswith("-dev") and name != "build-essential"] + libraries


def copy_sources(container):
    container.run("rm", "-rf", "/src")
    container.file("/src").mkdir()
    archive = subprocess.run(["git", "-C", str(ROOT), "archive", "HEAD"], capture_output=True, check=True).stdout
    subprocess.run(["tar", "-x", "-C", str(container.file("/src"))], input=archive, check=True)


def emulated(container, *words):
    return container.run("nice", EMULATOR, *words)


def run(verdicts):
    container = Container("arm64", "ca-certificates")
    container.run("dpkg", "--add-architecture", "arm64")
    container.install(*packages())
    copy_sources(container)
    # ccache's folder is in the container: the second time is quick.
    container.run("env", "-C", "/src", "CCACHE_DIR=/var/cache/ccache", "CCACHE_BASEDIR=/src", "sh", "-ec", """
        cmake --preset release -DLYNCEUS_TESTS=OFF -DCMAKE_TOOLCHAIN_FILE=/src/cmake/arm64.cmake >/src/configure.log 2>&1
        nice -n 10 ninja -C build/release >/src/build.log 2>&1 || { tail -n 60 /src/build.log; exit 1; }
        cpack --config build/release/CPackConfig.cmake -G DEB""")
    log = container.file("/src/build.log").read_text()
    verdicts.at_most("warnings of the compiler", len(re.findall(r"warning:", log)), 0)
    deb = next(container.file(BUILD).glob("package/*.deb"))
    say(f"      {deb.name}")
    verdicts.at_least("package is for arm64", int(output("dpkg-deb", "-f", deb, "Architecture").strip() == "arm64"), 1)
    version = json.loads(emulated(container, f"{BUILD}/bin/lynceus", "version", "--json"))
    say(f"      {json.dumps(version)[:200]}")
    verdicts.at_least("plugins that the command loads", len(version["plugins"]), 1)
    checked = emulated(container, f"{BUILD}/bin/lynceusd", "--check", "--config", "/src/packaging/lynceus.yaml")
    verdicts.at_least("the daemon reads the shipped configuration", int("ok, 0 cameras" in checked), 1)
