#!/usr/bin/env python3
"""The page in a real browser, against a daemon with simulated cameras. Exit 77 where there is no browser.

  run.py OUT [TEST…]    OUT: where the pictures go; LYNCEUS_BIN: where the programs are
"""
import importlib.util
import shutil
import sys
import unittest


def main(out, wanted):
    if not (importlib.util.find_spec("selenium") and shutil.which("chromium") and shutil.which("chromedriver")):
        print("skipped: no browser (packages chromium, chromium-driver, python3-selenium)")
        return 77
    from case import Case
    loader = unittest.TestLoader()
    if wanted:
        loader.testNamePatterns = [f"*{name}*" for name in wanted]
    suite = unittest.TestSuite(loader.loadTestsFromName(name) for name in ("page_test", "looks_test"))
    try:
        Case.begin(out)
        result = unittest.TextTestRunner(verbosity=2).run(suite)
        if not result.wasSuccessful():
            print(Case.stage.log(), file=sys.stderr)
        return 0 if result.wasSuccessful() else 1
    finally:
        Case.end()


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2:]))
