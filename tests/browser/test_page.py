"""The page as a person meets it: open, paint, erase, go on, download; and what it says when not."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from inpainting.photo import read_photo, write_photo
from tests.browser.conftest import noisy_photo

ROOT = Path(__file__).parents[2]
SIZE = (1600, 1067)
RADIUS = 30  # of the brush, in pixels of the preview
SLACK = 6  # pixels: a screen pixel of the painter is up to five of the photo
LINE = ((0.35, 0.5), (0.6, 0.5))  # in shares of the photo


def distance_to(line, size: tuple[int, int]) -> np.ndarray:
    """HxW: each pixel's distance to a level line given in shares of the photo."""
    (x0, y), (x1, _) = line
    across, down = np.arange(size[0]) + 0.5, np.arange(size[1]) + 0.5
    beside = np.maximum(0, np.maximum(x0 * size[0] - across, across - x1 * size[0]))
    return np.hypot(beside[None, :], (down - y * size[1])[:, None])


def changed(before: Path, after: Path) -> np.ndarray:
    """HxW bool: pixels that differ between two files."""
    return (read_photo(before).pixels != read_photo(after).pixels).any(axis=2)


def assert_erased(difference: np.ndarray, *lines, slack: float = SLACK):
    """All under the lines has changed, and nothing beside them."""
    nearest = np.min([distance_to(line, difference.shape[::-1]) for line in lines], axis=0)
    assert not difference[nearest > RADIUS + slack].any()
    assert difference[nearest < RADIUS - SLACK].mean() > 0.98  # noise may hit the mean by chance


def test_a_png_comes_back_changed_only_where_it_was_painted(person, tmp_path):
    photo = tmp_path / "two hats.png"
    noisy_photo(*SIZE).save(photo, compress_level=1)
    posts = []
    person.page.on("request", lambda sent: sent.method == "POST" and posts.append(sent.url))
    person.open(photo, SIZE)
    person.paint(*LINE)
    person.erase()
    assert sum("/upload" in url for url in posts) == 1, "the painter has sent its photo back"
    person.look("erased")
    after = person.download()
    assert after.name == "two hats-erased.png"
    assert_erased(changed(photo, after), LINE)
    said = person.page.inner_text("#line")
    share, seconds = re.fullmatch(r"1600 × 1067 px · (.+)% erased · (.+) s", said).groups()
    assert float(share) == pytest.approx(100 * (changed(photo, after).mean()), abs=0.1)
    assert 0 <= float(seconds) < 30


def test_a_jpeg_is_coded_once_and_only_the_blocks_at_the_strokes_differ(person, tmp_path):
    size, below = (800, 600), ((0.35, 0.8), (0.6, 0.8))
    photo, untouched = tmp_path / "cat.jpeg", tmp_path / "untouched.jpg"
    noisy_photo(*size).save(photo, quality=92)
    write_photo(read_photo(photo), untouched)  # what coding it anew does by itself
    person.open(photo, size)
    person.paint(*LINE)
    person.erase()
    person.page.click("#again")
    person.page.wait_for_function("() => !document.querySelector('#slider img')")
    person.wait_for_painter(size)
    person.paint(*below)
    person.erase()
    after = person.download()
    assert after.name == "cat-erased.jpg"
    block = 16 * np.sqrt(2)  # a changed pixel may change all of its block, colour's are 16 wide
    assert_erased(changed(untouched, after), LINE, below, slack=SLACK + block)


def test_on_a_phone_a_finger_erases_where_it_paints(visit, address, tmp_path):
    looks = {"device_scale_factor": 2, "has_touch": True, "is_mobile": True}
    person = visit(address, viewport={"width": 390, "height": 844}, **looks)
    photo = tmp_path / "tall.png"
    noisy_photo(600, 800).save(photo)
    person.open(photo, (600, 800))
    person.touch(*LINE)
    person.erase()
    person.look("phone")
    assert_erased(changed(photo, person.download()), LINE)
    assert person.page.evaluate("document.documentElement.scrollWidth") <= 390


def test_what_it_cannot_do_it_says_and_keeps_all_that_was_done(person, tmp_path):
    person.page.click("#erase")
    assert "no photo yet" in person.sentence()

    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"\xff\xd8\xff no photograph")
    person.page.set_input_files("#photo input[type=file]", broken)
    said = person.sentence()
    assert "broken" in said and str(tmp_path.anchor) + "tmp" not in said

    photo = tmp_path / "small.png"
    noisy_photo(160, 120).save(photo)
    person.open(photo, (160, 120))
    person.page.click("#erase")
    assert "Nothing is painted yet" in person.sentence()

    person.paint((0.2, 0.5), (0.3, 0.5))
    person.page.set_input_files("#photo input[type=file]", broken)
    assert "broken" in person.sentence()
    person.erase()  # the photo and the stroke are still there

    for down in (0.1, 0.35, 0.6, 0.85):
        person.paint((0, down), (1, down))
    person.page.click("#erase")
    assert "of the photo is painted over" in person.sentence()
    assert person.page.locator("#slider img").count() == 2  # the result is still there
    assert person.download().name == "small-erased.png"


def test_neither_undo_nor_the_bin_takes_the_photo_away(person, tmp_path):
    photo = tmp_path / "kept.png"
    noisy_photo(640, 480).save(photo)
    person.open(photo, (640, 480))
    person.paint((0.2, 0.2), (0.8, 0.2))
    undo = person.page.locator("#painter [aria-label=Undo]")
    undo.click()
    person.page.wait_for_function("() => !window.editor.command_manager.history.previous")
    assert undo.is_disabled()
    person.paint((0.2, 0.2), (0.8, 0.2))
    person.page.click("#painter [aria-label='Clear canvas']")
    person.wait_for_painter((640, 480))
    person.paint(*LINE)
    person.erase()
    assert_erased(changed(photo, person.download()), LINE)


def test_an_example_is_one_click_from_its_result(person, examples, tmp_path):
    larger = tmp_path / "larger.png"
    noisy_photo(640, 480).save(larger)
    person.open(larger, (640, 480))  # the painter remembers sizes
    person.page.click("#examples button")
    person.wait_for_painter((320, 240))
    person.erase()
    difference = changed(examples / "images" / "slope.png", person.download())
    mask = np.asarray(Image.open(examples / "masks" / "slope.png")) > 0
    assert not difference[~mask].any() and difference[mask].mean() > 0.98


def test_a_mask_file_serves_who_cannot_paint(person, examples):
    person.open(examples / "images" / "slope.png", (320, 240))
    person.page.evaluate("() => { window.editor = undefined; }")  # as without WebGL
    person.page.click("#mask button")
    person.page.locator("#mask-file button").wait_for()
    person.page.wait_for_timeout(500)  # it unfolds
    person.page.set_input_files("#mask-file input[type=file]", examples / "masks" / "slope.png")
    person.page.wait_for_selector("#mask-file a")  # it has been uploaded
    person.erase()
    difference = changed(examples / "images" / "slope.png", person.download())
    mask = np.asarray(Image.open(examples / "masks" / "slope.png")) > 0
    assert not difference[~mask].any() and difference[mask].mean() > 0.98


def test_it_speaks_ukrainian_to_a_ukrainian(visit, address):
    person = visit(address, locale="uk-UA", color_scheme="dark")
    assert person.page.inner_text("h1") == "Фотогумка"
    assert person.page.inner_text("#erase") == "Стерти"
    person.look("dark")


def test_the_app_itself_erases(visit, tmp_path):
    settings = {"GRADIO_TEMP_DIR": str(tmp_path / "gradio"), "HF_HUB_OFFLINE": "1"}
    command = [sys.executable, "-u", ROOT / "app.py"]
    with subprocess.Popen(
        command, env={**os.environ, **settings}, stdout=subprocess.PIPE, text=True
    ) as app:
        try:
            address = re.search(r"http://\S+", app.stdout.readline()).group()
            person = visit(f"{address}/")
            photo = tmp_path / "cat.png"
            noisy_photo(800, 600).save(photo)
            person.open(photo, (800, 600))
            person.paint(*LINE)
            person.erase()
            assert_erased(changed(photo, person.download()), LINE, slack=2 * SLACK)
            person.page.close()  # before its server goes
        finally:
            app.send_signal(signal.SIGTERM)
