"""A person at the real page in a real browser: an installed Chromium, driven by Playwright."""

import os
import shutil
import socket
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import sync_playwright

from inpainting.ui import build_page, launch

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    *("--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
    *("--use-angle=swiftshader", "--enable-unsafe-swiftshader"),  # the painter needs WebGL
]
LONG = 60_000  # milliseconds: a machine with other work to do draws slowly without a GPU
READY = """([width, height]) => {
    const { editor } = window;
    if (!editor || editor.width !== width || editor.height !== height) return false;
    const { screen } = editor.app, last = editor.place_seen, scale = editor.scale_value;
    const fit = Math.min((screen.width - 60) / width, (screen.height - 60) / height);
    editor.place_seen = JSON.stringify(editor.image_container.getBounds());
    const fits = [fit, Math.min(fit, 1)].some((whole) => Math.abs(scale / whole - 1) < 0.01);
    return fits && editor.place_seen === last;
}"""  # opened, and its zooming has come to rest where all of it is seen
PLACE = """() => {
    const photo = window.editor.image_container.getBounds();
    const canvas = document.querySelector("#painter canvas").getBoundingClientRect();
    return [canvas.x + photo.x, canvas.y + photo.y, photo.width, photo.height];
}"""  # left, top, width and height of the photo on the screen
RESULT = """before => {
    const shown = [...document.querySelectorAll("#slider img")];
    return shown.length === 2 && shown[1].src !== before && shown.every(each => each.naturalWidth);
}"""


def mean_fill(photo, mask):
    """A quick, honest eraser: the mean of what is known."""
    mean = photo.pixels[~mask].mean(axis=0).astype(photo.pixels.dtype)
    return photo.replace_pixels(np.where(mask[..., None], mean, photo.pixels))


def noisy_photo(width: int, height: int, seed: int = 0) -> Image.Image:
    """Slopes and noise: no two places are alike, so every changed pixel shows."""
    across, down = np.linspace(40, 200, width), np.linspace(0, 40, height)
    slopes = across[None, :, None] + down[:, None, None] * [1.0, 0.5, -1.0]
    noise = np.random.default_rng(seed).normal(0, 8, (height, width, 3))
    return Image.fromarray((slopes + noise).clip(0, 255).astype(np.uint8))


class Person:
    """What a person does at the page."""

    def __init__(self, page, folder: Path):
        self.page, self.folder = page, folder

    def open(self, path: Path, size: tuple[int, int]) -> None:
        """Give a photo, and wait until its preview, of that size, can be painted on."""
        self.page.set_input_files("#photo input[type=file]", path)
        self.wait_for_painter(size)

    def wait_for_painter(self, size: tuple[int, int]) -> None:
        self.page.wait_for_function(READY, arg=list(size), timeout=LONG, polling=400)

    def paint(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Draw a line; places in shares of the photo's width and height."""
        mouse = self.page.mouse
        mouse.move(*self.place(start))
        mouse.down()
        mouse.move(*self.place(end), steps=3)
        mouse.up()
        self.page.wait_for_timeout(200)

    def touch(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Draw a line with a finger."""
        touch = self.page.context.new_cdp_session(self.page)
        (x0, y0), (x1, y1) = self.place(start), self.place(end)
        for step in range(4):
            point = {"x": x0 + (x1 - x0) * step / 3, "y": y0 + (y1 - y0) * step / 3}
            kind = "touchMove" if step else "touchStart"
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        self.page.wait_for_timeout(200)

    def place(self, share: tuple[float, float]) -> tuple[float, float]:
        self.page.locator("#painter").scroll_into_view_if_needed()
        left, top, width, height = self.page.evaluate(PLACE)
        return left + share[0] * width, top + share[1] * height

    def erase(self) -> None:
        """Press Erase and wait until before and after are on the screen."""
        last = self.page.locator("#slider img").last
        before = last.get_attribute("src") if last.count() else ""
        self.page.click("#erase")
        self.page.wait_for_function(RESULT, arg=before, timeout=LONG)

    def sentence(self) -> str:
        """What the page says; the note is closed again."""
        note = self.page.get_by_test_id("toast-body").first
        note.wait_for(timeout=LONG)
        text = note.inner_text()
        note.get_by_test_id("toast-close").click()
        note.wait_for(state="detached", timeout=LONG)
        return text

    def download(self) -> Path:
        """Press Download as soon as it can be pressed."""
        self.page.wait_for_function(
            "() => document.querySelector('#download:not([disabled])')", timeout=LONG
        )
        with self.page.expect_download(timeout=LONG) as waiting:
            self.page.click("#download")
        path = self.folder / waiting.value.suggested_filename
        waiting.value.save_as(path)
        return path

    def look(self, name: str) -> None:
        """Keep a picture of the page for whoever wonders."""
        self.page.screenshot(path=self.folder / f"{name}.png", full_page=True, timeout=LONG)


@pytest.fixture(scope="session")
def chromium():
    """An installed Chromium; there is no other way to see what a person sees."""
    found = [os.environ.get("CHROMIUM"), *map(shutil.which, NAMES)]
    path = next((name for name in found if name), None)
    if path is None:
        pytest.fail("No Chromium: `apt-get install chromium`, or name one in CHROMIUM.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS, timeout=LONG)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def examples(tmp_path_factory) -> Path:
    """One example of the three files that make one."""
    folder = tmp_path_factory.mktemp("examples")
    photo, mask = noisy_photo(320, 240, seed=1), Image.new("L", (320, 240))
    mask.paste(255, (100, 80, 160, 140))
    for kind, picture in (("images", photo), ("masks", mask), ("results", photo)):
        (folder / kind).mkdir()
        picture.save(folder / kind / "slope.png")
    return folder


@pytest.fixture(scope="session")
def address(examples, tmp_path_factory) -> str:
    """The real page, around a quick eraser, on a port of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_TEMP_DIR", str(tmp_path_factory.mktemp("gradio")))
        page = build_page(mean_fill, examples)
        launch(
            page, server_name="127.0.0.1", server_port=port, prevent_thread_lock=True, quiet=True
        )
        yield f"http://127.0.0.1:{port}/"
        page.close()


@pytest.fixture(scope="session")
def contexts(chromium):
    """Browser windows by their looks: what one page has loaded, the next has in its cache."""
    made = {}

    def context_of(**looks):
        if str(looks) not in made:
            made[str(looks)] = chromium.new_context(**looks)
        return made[str(looks)]

    return context_of


@pytest.fixture
def visit(contexts, tmp_path):
    """Open a page as someone new; in the end nothing went wrong in it and nothing left for afar."""
    pages, wrong = [], []

    def open_page(address: str, **looks) -> Person:
        page = contexts(**{"viewport": {"width": 1280, "height": 900}, **looks}).new_page()
        pages.append(page)
        page.set_default_timeout(LONG)
        ours = (address, "data:", "blob:")
        page.on("request", lambda sent: sent.url.startswith(ours) or wrong.append(sent.url))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: said.type != "error" or wrong.append(said.text))
        page.goto(address)
        page.wait_for_function("() => window.editor?.layer_manager", timeout=LONG)
        return Person(page, tmp_path)

    yield open_page
    for page in pages:
        page.close()
    assert not wrong


@pytest.fixture
def person(visit, address) -> Person:
    """Someone new at the page, on a desktop."""
    return visit(address)
