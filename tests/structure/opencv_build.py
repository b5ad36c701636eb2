#!/usr/bin/env python3
"""packaging/opencv-cuda/build goes on where it was stopped, and says what is wrong with its words. Usage: opencv_build.py ROOT

Compilers are stand-ins that note what they are called for; nothing is fetched or built.
"""
import os
import pathlib
import subprocess
import sys
import tarfile
import tempfile

STAND_INS = {
    "cmake": 'echo "cmake $*" >>"$NOTES"\ncase "$1" in\n-S) mkdir -p build; echo CV_CUDA4DNN=1 >build/build.ninja ;;\n'
             '--install) mkdir -p "$DESTDIR$PREFIX/lib"; echo x >"$DESTDIR$PREFIX/lib/libopencv_core.so" ;;\nesac',
    "ninja": 'echo ninja >>"$NOTES"\n[ ! -e "$BREAKS" ]',
    "g++": "true",
    "dpkg-deb": 'echo "dpkg-deb $*" >>"$NOTES"\ntouch "${@: -1}"',
    "nvcc": "true",
}
LAYOUT = "cmake/OpenCVInstallLayout.cmake"


def stage(folder):
    """Stand-ins, a toolkit of empty headers and an archive of sources below `folder`; the environment to run in."""
    programs, headers = folder / "cuda/bin", folder / "cuda/include"
    programs.mkdir(parents=True)
    headers.mkdir()
    for name, text in STAND_INS.items():
        (programs / name).write_text(f"#!/usr/bin/env bash\n{text}\n")
        (programs / name).chmod(0o755)
    for header in ("cuda_runtime.h", "cublas_v2.h", "cudnn.h", "npp.h"):
        (headers / header).touch()
    tree = folder / "x"
    for name in (f"opencv/{LAYOUT}", "opencv/LICENSE", "opencv/COPYRIGHT", "opencv_contrib/modules/cudev/a", "opencv_contrib/LICENSE"):
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text("set(CMAKE_INSTALL_RPATH_USE_LINK_PATH TRUE)\n")
    with tarfile.open(folder / "source.tar.gz", "w:gz") as archive:
        archive.add(tree, "x")
    return dict(os.environ, PATH=f"{programs}:{os.environ['PATH']}", NOTES=str(folder / "notes"), BREAKS=str(folder / "breaks"),
                PREFIX=str(folder / "prefix"), CUDACXX=str(programs / "nvcc"))


def run(script, folder, environment, *more):
    words = [script, "--work", folder / "work", "--prefix", folder / "prefix", "--source", folder / "source.tar.gz", "--jobs", "1"]
    (folder / "notes").write_text("")
    said = subprocess.run([str(w) for w in [*words, *more]], env=environment, capture_output=True, text=True, check=False)
    return said, [line.split()[0] + (" install" if "--install" in line else "") for line in (folder / "notes").read_text().splitlines()]


def check_resuming(script, folder, environment):
    (folder / "breaks").touch()
    said, called = run(script, folder, environment, "--capabilities", "9.0 7.5")
    assert said.returncode == 1 and "compiled failed" in said.stderr, said.stderr
    assert called == ["cmake", "ninja"], called
    assert "compiled failed" in (folder / "work/state").read_text()
    layout = (folder / "work/source/opencv" / LAYOUT).read_text()
    assert "USE_LINK_PATH FALSE" in layout, layout
    (folder / "breaks").unlink()
    said, called = run(script, folder, environment, "--capabilities", "9.0 7.5")
    assert said.returncode == 0, said.stderr
    assert called == ["ninja", "cmake install", "dpkg-deb"], called
    assert (folder / "prefix/lib/libopencv_core.so").exists()
    said, called = run(script, folder, environment, "--capabilities", "9.0 7.5")
    assert said.returncode == 0 and called == [], called
    said, called = run(script, folder, environment, "--capabilities", "8.6", "--no-deb")
    assert called == ["cmake", "ninja", "cmake install"], called


def check_words(script, folder, environment):
    assert subprocess.run([str(script), "--help"], capture_output=True, text=True, check=True).stdout.startswith("OpenCV with CUDA")
    for words, why in (
        (["--capabilities", "9"], "no compute capability: 9"),
        (["--jobs", "0"], "--jobs must be"),
        (["--prefix", "here"], "absolute folder"),
        (["--frob"], "not known: --frob"),
    ):
        said, _ = run(script, folder, environment, *words)
        assert said.returncode == 1 and why in said.stderr, (words, said.stderr)
    if pathlib.Path("/usr/include/npp.h").exists():
        return  # a toolkit of the distribution completes ours
    (folder / "cuda/include/npp.h").unlink()
    said, _ = run(script, folder, environment, "--toolkit", "system")
    assert "lacks npp.h" in said.stderr, said.stderr


def main(root):
    script = pathlib.Path(root) / "packaging/opencv-cuda/build"
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        environment = stage(folder)
        check_resuming(script, folder, environment)
        check_words(script, folder, environment)
    print("the build of OpenCV resumes and explains itself")


if __name__ == "__main__":
    main(sys.argv[1])
