#!/usr/bin/env python3
"""No GPL library is linked, directly or through another. Usage: linked.py BUILD_DIR

Reads `ldd` of every program and plugin in the build folder. `--self-test` feeds it a listing that is wrong.
"""
import pathlib
import re
import subprocess
import sys

# By the name of the file. Debian builds FFmpeg under the GPL; OpenCV's imgcodecs, videoio and highgui, and libtiff, are
# free themselves but pull GPL libraries in there.
FORBIDDEN = re.compile(
    r"^lib(x264|x265|fftw3\w*|gdal|poppler[\w-]*|jbig|readline|history|gsl|gslcblas|mpeg2|a52|dca|dvdnav|dvdread|cdio\w*|"
    r"av(codec|format|util|filter|device)|postproc|sw(scale|resample)|xvidcore|faad|mad|rubberband|vidstab|zvbi|smbclient|"
    r"mysqlclient|tiff|opencv_(imgcodecs|videoio|highgui))(?=[-.\d]|$)")


def libraries(listing):
    for line in listing.splitlines():
        words = line.split()
        if words:
            yield pathlib.PurePath(words[0]).name


def wrong(listing):
    return sorted({name for name in libraries(listing) if FORBIDDEN.match(name)})


def is_elf(path):
    with open(path, "rb") as file:
        return file.read(4) == b"\x7fELF"


def programs(build):
    for folder in ("bin", "plugins"):
        for path in sorted((build / folder).glob("*")):
            if path.is_file() and is_elf(path):
                yield path


def self_test():
    listing = """\
\tlinux-vdso.so.1 (0x00007ffc)
\tlibopencv_core.so.406 => /usr/lib/x86_64-linux-gnu/libopencv_core.so.406 (0x0)
\tlibx264.so.164 => /usr/lib/x86_64-linux-gnu/libx264.so.164 (0x0)
\tlibfftw3f.so.3 => not found
\t/lib/x86_64-linux-gnu/libreadline.so.8 (0x0)
\tlibgdal.so.32 => /usr/lib/libgdal.so.32 (0x0)
\tlibmadeup.so.1 => /usr/lib/libmadeup.so.1 (0x0)
\tlibopencv_imgcodecs.so.406 => /usr/lib/libopencv_imgcodecs.so.406 (0x0)
"""
    expected = ["libfftw3f.so.3", "libgdal.so.32", "libopencv_imgcodecs.so.406", "libreadline.so.8", "libx264.so.164"]
    return [] if wrong(listing) == expected else [f"expected {expected}, found {wrong(listing)}"]


def main():
    problems = self_test()
    build = pathlib.Path(sys.argv[1])
    seen = list(programs(build))
    if not seen:
        print(f"{build}: no program and no plugin is built; skipped")
        return 1 if problems else 77
    for path in seen:
        result = subprocess.run(["ldd", str(path)], capture_output=True, text=True, check=False)
        for name in wrong(result.stdout):
            problems.append(f"{path}: links {name}")
        if result.returncode != 0 and "statically linked" not in result.stdout + result.stderr:
            problems.append(f"{path}: ldd failed: {result.stderr.strip()}")
    for line in problems:
        print(line)
    print(f"{len(seen)} programs and plugins looked at")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
