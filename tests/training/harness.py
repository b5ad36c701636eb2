"""What the tests of models/training share: paths, and a clear word when something they need is not there."""
import importlib
import os
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
SKIPPED = 77  # what ctest takes for "skipped"


def need(*modules):
    """Modules by name, or the end of the test with the word skipped."""
    found = []
    for name in modules:
        try:
            found.append(importlib.import_module(name))
        except ImportError as missing:
            print(f"skipped: {missing} (python3-torch, python3-scipy, python3-h5py, python3-opencv train the networks)")
            sys.exit(SKIPPED)
    return found[0] if len(found) == 1 else found


def room(name):
    """Makes models/training/NAME importable; one thread."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    sys.path.insert(0, str(ROOT / "models" / "training" / name))


def data(part):
    """A folder of ../shared, or the end of the test with the word skipped."""
    path = ROOT.parent / "shared" / part
    if not path.exists():
        print(f"skipped: {path} is not there")
        sys.exit(SKIPPED)
    return path


def run(cases):
    """Runs functions by name; prints those that fail."""
    failed = 0
    for case in cases:
        try:
            case()
        except AssertionError as wrong:
            failed += 1
            print(f"FAILED {case.__name__}: {wrong}")
    print(f"{len(cases) - failed} of {len(cases)} cases passed")
    sys.exit(1 if failed else 0)
