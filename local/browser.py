"""Finds Chromium for the page tests. `python -m local.browser` installs it if this machine has none."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

# The headless shell is the same engine without the browser around it, and takes a sixth of the CPU.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class BrowserMissingError(RuntimeError):
    """No Chromium on this machine. The message says how to get one."""


def chromium_path() -> str:
    """The executable that CHROMIUM names, else one on PATH, else Playwright's own.

    :raises BrowserMissingError: this machine has none of these
    """
    found = _find()
    if found is None:
        raise BrowserMissingError("No Chromium found: install it, or name one with CHROMIUM=/path/to/chromium.")
    return found


def _find() -> str | None:
    named = os.environ.get("CHROMIUM")
    if named:
        return named
    on_path = next((path for path in map(shutil.which, NAMES) if path), None)
    if on_path:
        return on_path
    with sync_playwright() as playwright:
        bundled = playwright.chromium.executable_path
    return bundled if Path(bundled).exists() else None


def _install() -> None:
    """Installs Debian's package if the user is root on Debian, else downloads Playwright's Chromium."""
    if shutil.which("apt-get") and os.geteuid() == 0:
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-qq"], check=False, env=environment)
        # Older releases of Debian have no headless shell.
        for browser in ("chromium-headless-shell", "chromium"):
            command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", browser, "fonts-noto-color-emoji"]
            done = subprocess.run(command, check=False, env=environment, stdout=subprocess.DEVNULL)  # noqa: S603 - apt
            if done.returncode == 0:
                return
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)


def main() -> int:
    if _find() is None:
        print("No Chromium found: installing one for the page tests ...")
        _install()
    try:
        chromium_path()
    except BrowserMissingError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
