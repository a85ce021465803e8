"""What a run costs the page and the network, by its length: `python -m scripts.page_cost`.

Serves the page with the embedded stories models, whose copies here end no text and have room for 8,192 positions, so
that a run has as many tokens as it is asked for; opens it in headless Chromium (on the PATH, or named by CHROMIUM) and
counts, from the click on Run until the last round is drawn, what came and went over the wire (Network domain) and what
the page's main thread was busy with (Performance.getMetrics). Prints a Markdown table.
"""

import argparse
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, expect, sync_playwright

from specdec.catalog.pairs import PAIRS

ROOT = Path(__file__).resolve().parent.parent
TOKENS = (500, 1000, 2000, 4000)
POSITIONS = 8192
FIGURES = re.compile("plotly", re.IGNORECASE)  # under the stage, once a run: left out
PATIENCE = 600_000  # milliseconds
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
APP = """
from dataclasses import replace

from specdec.catalog.pairs import PAIRS

PAIRS["stories"] = replace(PAIRS["stories"], target={target!r}, draft={draft!r}, drafts={{"draft": {draft!r}}})

from specdec.ui import page

page.serve(page.build())
"""
DRAWN = "({ended, following}) => Boolean(ended) && following === 'false'"


@dataclass(slots=True)
class Wire:
    """Bytes that a page received and sent."""

    received: int = 0
    sent: int = 0


@dataclass(frozen=True, slots=True)
class Cost:
    tokens: int
    rounds: int
    wire: Wire
    frames: int
    busy: dict[str, float]  # milliseconds of the processor, on the main thread

    def row(self) -> str:
        numbers = [self.tokens, self.rounds, self.wire.received / 1000, self.wire.sent, self.frames]
        shares = [self.wire.received / 1000 / self.rounds, *(one / self.frames for one in self.busy.values())]
        cells = [*(f"{number:,.0f}" for number in numbers), *(f"{share:.1f}" for share in shares)]
        return f"| {' | '.join(cells)} |"


HEAD = """| tokens | rounds | received, kB | sent, bytes | frames | kB a round | ms a frame | scripts | layout |
|---|---|---|---|---|---|---|---|---|"""
COUNTING = """
window.frames_drawn = 0;
const count = () => { window.frames_drawn++; requestAnimationFrame(count); };
requestAnimationFrame(count);
"""
BUSY = ("TaskDuration", "ScriptDuration", "LayoutDuration")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("tokens", nargs="*", type=int, default=TOKENS)
    options = parser.parse_args()
    executable = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)))
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright, served(Path(folder)) as address:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        measure(browser, address, 64)  # the models are loaded, the passes warm
        print(HEAD)
        for tokens in options.tokens:
            print(measure(browser, address, tokens).row(), flush=True)


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of the page with the endless models, until the block ends."""
    entry = PAIRS["stories"]
    models = {name: str(endless(source, folder / name)) for name, source in
              (("target", entry.target), ("draft", entry.draft))}  # fmt: skip
    (folder / "app.py").write_text(APP.format(**models))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {"GRADIO_SERVER_PORT": str(port), "HF_HUB_OFFLINE": "1", "PYTHONPATH": str(ROOT)}
    app = subprocess.Popen([sys.executable, "app.py"], cwd=folder, env=environment, stdout=subprocess.DEVNULL)
    try:
        yield answering(f"http://127.0.0.1:{port}", app)
    finally:
        app.terminate()
        app.wait(timeout=20)


def endless(source: str, folder: Path) -> Path:
    """A copy of a model that has room for long texts and knows no token that ends one."""
    shutil.copytree(source, folder)
    changes = {
        "config.json": {"eos_token_id": None, "max_position_embeddings": POSITIONS},
        "generation_config.json": {"eos_token_id": None},
        "tokenizer_config.json": {"eos_token": None},
    }
    for name, change in changes.items():
        file = folder / name
        file.write_text(json.dumps(json.loads(file.read_text()) | change))
    return folder


def answering(address: str, app: subprocess.Popen) -> str:
    while app.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return address
        except OSError:
            time.sleep(0.2)
    raise SystemExit("the app ended before it served its page")


def measure(browser: Browser, address: str, tokens: int) -> Cost:
    """One run on a page of its own."""
    context = browser.new_context(viewport={"width": 1440, "height": 1000})
    context.set_default_timeout(PATIENCE)
    context.add_init_script(COUNTING)
    context.route(FIGURES, lambda route: route.abort())
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    page.goto(address)
    stage = page.locator("#explore-stage .specdec-stage")
    column = page.locator(".settings").first
    column.get_by_role("button", name="More").click()
    column.get_by_label("Length in tokens").fill(str(tokens))
    page.locator("#explore-stage [data-test=last]").click()  # the recording stands still
    page.wait_for_timeout(1000)
    wire = counted(devtools)
    before, drawn = busy(devtools), page.evaluate("frames_drawn")
    stage.evaluate("element => element.dataset.ended = 'before'")  # of this run, not of the one on show
    page.locator("#explore-run").click()
    expect(page.locator("#explore-stage .tag").first).to_have_text("Live", timeout=PATIENCE)
    expect(stage).to_have_attribute("data-ended", "length", timeout=PATIENCE)
    page.wait_for_function(f"(stage) => ({DRAWN})(stage.dataset)", arg=stage.element_handle())
    cost = {name: 1000 * (after - before[name]) for name, after in busy(devtools).items()}
    rounds, frames = int(stage.get_attribute("data-rounds")), page.evaluate("frames_drawn") - drawn
    context.close()
    return Cost(tokens, rounds, wire, frames, cost)


def counted(devtools) -> Wire:
    """Bytes from now on, as they come and go; of what is sent, bodies."""
    wire = Wire()

    def received(event: dict) -> None:
        wire.received += event["encodedDataLength"] or event["dataLength"]

    def sent(event: dict) -> None:
        wire.sent += len(event["request"].get("postData", ""))

    devtools.on("Network.dataReceived", received)
    devtools.on("Network.requestWillBeSent", sent)
    devtools.send("Network.enable")
    return wire


def busy(devtools) -> dict[str, float]:
    """Processor seconds of the main thread so far."""
    devtools.send("Performance.enable", {"timeDomain": "threadTicks"})  # other work on the machine does not count
    metrics = {one["name"]: one["value"] for one in devtools.send("Performance.getMetrics")["metrics"]}
    return {name: metrics[name] for name in BUSY}


if __name__ == "__main__":
    main()
