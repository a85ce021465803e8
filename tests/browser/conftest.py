"""The real app in its own process, and a real Chromium that watches for errors and for requests to other machines.

Without a Chromium the tests that need one are skipped, in one sentence; with REQUIRE_BROWSER=1 that is a failure.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
CHROMIUM = os.environ.get("CHROMIUM") or next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"))), None
)
MISSING = "no Chromium on the PATH (or named by CHROMIUM)"
QUIET = ("background-networking", "component-update", "sync", "default-apps", "gpu", "quic")
FLAGS = ["--no-sandbox", "--no-first-run", *(f"--disable-{name}" for name in QUIET)]
PATIENCE = 60_000  # milliseconds until a page counts as hung; nothing here is timed
expect.set_options(timeout=PATIENCE)


@pytest.hookimpl(tryfirst=True)  # groups are read off the marks by the hook of pytest-xdist
def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.xdist_group("browser"))  # one process starts the apps and the Chromium
        if not CHROMIUM and not os.environ.get("REQUIRE_BROWSER") and item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason=MISSING))


def pytest_terminal_summary(terminalreporter):
    skipped = terminalreporter.stats.get("skipped", ())
    if left_out := sum(MISSING in str(report.longrepr) for report in skipped):
        terminalreporter.write_line(f"{left_out} tests that drive a browser were left out: {MISSING}.", yellow=True)


@contextmanager
def served(folder: Path, **others: str):
    """The address of the app of `folder`, which runs until the block ends; the network is cut for model hubs. `others`
    go into its environment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    ours = {"GRADIO_SERVER_PORT": str(port), "HF_HUB_OFFLINE": "1", "PYTHONUNBUFFERED": "1", "PYTHONPATH": str(ROOT)}
    environment = os.environ | ours | others  # what lies in the folder comes before what lies on that path
    app = subprocess.Popen([sys.executable, "app.py"], cwd=folder, env=environment, stdout=subprocess.DEVNULL)
    try:
        yield _answering(f"http://127.0.0.1:{port}", app)
    finally:
        app.terminate()
        app.wait(timeout=20)


def _answering(address: str, app: subprocess.Popen) -> str:
    for _ in range(1800):
        assert app.poll() is None, "the app ended before it served its page"
        try:
            with urllib.request.urlopen(address, timeout=5):
                return address
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the app served no page within minutes")


@pytest.fixture(scope="session")
def app():
    with served(ROOT) as address:
        yield address


@pytest.fixture(scope="session")
def app_without_models(tmp_path_factory):
    """The same app from a checkout that lacks the weights: what it shows, it shows without any model."""
    folder = tmp_path_factory.mktemp("bare")
    shutil.copy(ROOT / "app.py", folder)
    shutil.copytree(ROOT / "specdec", folder / "specdec", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "assets", folder / "assets", ignore=shutil.ignore_patterns("models"))
    with served(folder) as address:
        yield address


FAMILY = """
from specdec.catalog.pairs import PAIRS, PairEntry

target, best, small = {folders!r}
drafts = {{"draft-kd": best, "draft-tiny": small, "draft-large": small + "-not-there"}}
tasks = {{"tasks": ("story", "correct", "quote"), "suited": {{"correct": ("lookup", 6)}}}}
PAIRS["stories"] = PairEntry("stories", target, best, 4, drafts=drafts, **tasks)

from specdec.ui import page

page.serve(page.build())
"""


@pytest.fixture(scope="session")
def app_of_a_family(tiny_pair_folder, tmp_path_factory):
    """The same app with another pair: tiny models that know tasks, and several drafts, one of which is not there."""
    folder = tmp_path_factory.mktemp("family")
    small = shutil.copytree(tiny_pair_folder / "draft", folder / "small")
    folders = [str(path) for path in (tiny_pair_folder / "target", tiny_pair_folder / "draft", small)]
    (folder / "app.py").write_text(FAMILY.format(folders=folders))
    with served(folder) as address:
        yield address


FAILING = """
from itertools import islice

from specdec.ui import engine, page

whole = engine.BACKEND.submit


def broken(work):
    yield from islice(whole(work), 3)
    raise RuntimeError("the GPU is somebody else's now")


engine.BACKEND.submit = broken
page.serve(page.build())
"""


@pytest.fixture
def app_that_fails(tmp_path):
    """The same app, but every run of its first tab is taken away after two rounds, as a lent GPU may be."""
    (tmp_path / "app.py").write_text(FAILING)
    with served(tmp_path) as address:
        yield address


@pytest.fixture(scope="session")
def app_behind_a_proxy():
    """The same app where the environment names proxies that are not there, one of them of a kind that needs a package
    of its own."""
    nowhere = "127.0.0.1:9"
    proxies = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY"), f"http://{nowhere}")
    with served(ROOT, **proxies, ALL_PROXY=f"socks5://{nowhere}", NO_PROXY="") as address:
        yield address


@pytest.fixture(scope="session")
def chromium():
    if not CHROMIUM:
        pytest.fail(f"REQUIRE_BROWSER is set, and there is {MISSING}.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def tab(chromium):
    """`tab(address, …)` opens a page in a browser of its own; at the end none may have complained or called out."""
    contexts, trouble = [], []

    def open_tab(address: str, **choices):
        context = chromium.new_context(**({"viewport": {"width": 1440, "height": 1000}} | choices))
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        context.on("console", lambda message: trouble.append(message.text) if message.type == "error" else None)
        context.on("weberror", lambda error: trouble.append(str(error.error)))
        context.on("dialog", lambda dialog: (trouble.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        context.on("request", lambda request: trouble.append(request.url) if leaves(request.url) else None)
        page = context.new_page()
        page.goto(address)
        return page

    yield open_tab
    for context in contexts:
        context.close()
    assert not trouble


def leaves(url: str) -> bool:
    """Whether a request goes to another machine.

    >>> leaves("http://127.0.0.1:7860/config"), leaves("data:,"), leaves("https://example.org/")
    (False, False, True)
    """
    return not url.startswith(("http://127.0.0.1:", "data:", "blob:", "file:"))
