"""The page without a browser: its one endpoint, what the server remembers, strokes, examples."""

import base64
import io
import json
import shutil
from pathlib import Path

import httpx
import numpy as np
import pytest
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError
from PIL import Image

from inpainting.errors import InpaintingError
from inpainting.photo import read_photo
from inpainting.ui import build_page, launch
from inpainting.ui.examples import find_examples, strip
from inpainting.ui.session import begin, go_on, keep_result, photo_of, write_download
from inpainting.ui.spoken import spoken
from inpainting.ui.strokes import read_strokes, what_to_erase, write_strokes

SIZE = (64, 48)
HOLE = (slice(10, 20), slice(30, 50))


def black_fill(photo, mask):
    return photo.replace_pixels(np.where(mask[..., None], 0, photo.pixels).astype(np.uint8))


def mask_of(hole: tuple[slice, slice] = HOLE, size: tuple[int, int] = SIZE) -> np.ndarray:
    mask = np.zeros(size[::-1], bool)
    mask[hole] = True
    return mask


@pytest.fixture
def photo(tmp_path) -> Path:
    path = tmp_path / "a cat.png"
    pixels = np.random.default_rng(0).integers(1, 256, (*SIZE[::-1], 3), np.uint8)
    Image.fromarray(pixels).save(path)
    return path


@pytest.fixture
def mask(tmp_path) -> Path:
    path = tmp_path / "mask.png"
    Image.fromarray(mask_of()).save(path)
    return path


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_TEMP_DIR", str(tmp_path_factory.mktemp("gradio")))
        page = build_page(black_fill, Path("no examples"))
        launch(page, server_name="127.0.0.1", prevent_thread_lock=True, quiet=True)
        yield page.local_url
        page.close()


@pytest.fixture(scope="module")
def client(address, tmp_path_factory):
    folder = tmp_path_factory.mktemp("downloads")
    return Client(address, verbose=False, download_files=str(folder))


def assert_erased(before: Path, after: Path, *holes: tuple[slice, slice]) -> None:
    expected = read_photo(before).pixels.copy()
    for hole in holes or (HOLE,):
        expected[hole] = 0
    np.testing.assert_array_equal(read_photo(after).pixels, expected)


def test_the_client_erases(client, photo, mask):
    erased = client.predict(photo=handle_file(photo), mask=handle_file(mask), api_name="/erase")
    assert Path(erased).name == "a cat-erased.png"
    assert_erased(photo, Path(erased))


def test_plain_http_erases(address, photo, mask, tmp_path):
    with httpx.Client(base_url=f"{address}gradio_api/", timeout=30) as http:
        files = [("files", path.open("rb")) for path in (photo, mask)]
        given = [
            {"path": path, "meta": {"_type": "gradio.FileData"}}
            for path in http.post("upload", files=files).json()
        ]
        event = http.post("call/erase", json={"data": given}).json()["event_id"]
        told = http.get(f"call/erase/{event}").text
        assert told.startswith("event: complete\n")
        (erased,) = json.loads(told.partition("data: ")[2])
        path = tmp_path / "answer.png"
        path.write_bytes(http.get(erased["url"]).content)
    assert_erased(photo, path)


@pytest.mark.parametrize(
    ("hole", "size", "sentence"),
    [
        (HOLE, (65, 48), r"mask is 65x48 but the photo is 64x48: they must have the same size"),
        ((slice(0, 47), slice(None)), SIZE, r"98% of the photo is painted over"),
    ],
)
def test_a_mask_that_does_not_do_is_refused_in_a_sentence(
    client, photo, tmp_path, hole, size, sentence
):
    path = tmp_path / "wrong.png"
    Image.fromarray(mask_of(hole, size)).save(path)
    with pytest.raises(AppError, match=sentence):
        client.predict(handle_file(photo), handle_file(path), api_name="/erase")


def test_a_file_that_is_no_photo_is_refused_without_telling_where_it_lies(client, mask, tmp_path):
    path = tmp_path / "notes.png"
    path.write_text("milk, bread")
    with pytest.raises(AppError, match="notes.png") as refusal:
        client.predict(handle_file(path), handle_file(mask), api_name="/erase")
    assert "/" not in str(refusal.value)


def test_a_file_of_the_server_is_not_given_away(address, tmp_path):
    secret = tmp_path / "secret.png"
    Image.new("RGB", SIZE).save(secret)
    given = {"path": str(secret), "meta": {"_type": "gradio.FileData"}}
    event = httpx.post(f"{address}gradio_api/call/erase", json={"data": [given, given]}).json()
    told = httpx.get(f"{address}gradio_api/call/erase/{event['event_id']}", timeout=30).text
    assert told.startswith("event: error")


def test_one_endpoint_is_public_and_typed(client):
    api = client.view_api(return_format="dict", print_info=False)
    assert api["unnamed_endpoints"] == {}
    assert list(api["named_endpoints"]) == ["/erase"]
    endpoint = api["named_endpoints"]["/erase"]
    names = [
        (each["parameter_name"], each["python_type"]["type"]) for each in endpoint["parameters"]
    ]
    assert names == [("photo", "filepath"), ("mask", "filepath")]
    assert [each["python_type"]["type"] for each in endpoint["returns"]] == ["filepath"]


def test_what_was_erased_before_is_under_what_is_erased_next(photo):
    session, holes = (
        begin(photo),
        [HOLE, (slice(0, 2), slice(0, 3)), (slice(40, 48), slice(60, 64))],
    )
    for hole in holes:
        before = photo_of(session)
        session = go_on(keep_result(session, before, black_fill(before, mask_of(hole))))
    before = photo_of(session)
    last = (slice(5, 15), slice(25, 35))
    session = go_on(keep_result(session, before, before))  # an eraser that changed nothing
    session = keep_result(session, before, black_fill(before, mask_of(last)))
    assert_erased(photo, write_download(session), *holes, last)
    with np.load(session.patch) as patch:
        assert patch["pixels"].shape == (10, 10, 3)


def test_a_result_not_gone_on_from_is_forgotten_by_the_next(photo):
    session = begin(photo)
    for hole in (HOLE, (slice(0, 2), slice(0, 3))):
        before = photo_of(session)
        session = keep_result(session, before, black_fill(before, mask_of(hole)))
    assert_erased(photo, write_download(session), (slice(0, 2), slice(0, 3)))


def test_the_files_of_a_session_go_with_it(photo):
    session = begin(photo)
    folder = Path(session.folder.name)
    session = go_on(keep_result(session, photo_of(session), photo_of(session)))
    assert folder.exists()
    del session
    assert not folder.exists()


def test_what_is_missing_is_said(photo):
    session = begin(photo)
    for act in (go_on, write_download):
        with pytest.raises(InpaintingError, match="Nothing has been erased yet"):
            act(session)
    photo.unlink()
    with pytest.raises(InpaintingError, match="no longer on the server"):
        photo_of(session)


def test_strokes_are_the_paint_whatever_its_colour():
    layer = np.zeros((24, 32, 4), np.uint8)
    layer[4:6, 20:24] = (0, 0, 0, 1)  # black, and hardly there
    url = data_url(Image.fromarray(layer))
    mask = read_strokes(url, SIZE)
    assert mask.shape == SIZE[::-1]
    assert mask[8:12, 40:48].all() and not mask[:6].any() and not mask[:, :38].any()


@pytest.mark.parametrize("url", ["", "data:image/png;base64,", "data:,milk", "data:x;base64,AAAA"])
def test_strokes_that_cannot_be_read_are_said(url):
    with pytest.raises(InpaintingError, match="give a mask file instead"):
        read_strokes(url, SIZE)


def test_a_mask_as_strokes_reads_back_as_the_mask(photo):
    session = begin(photo)
    path = write_strokes(mask_of(), session.shown)
    np.testing.assert_array_equal(read_strokes(data_url(Image.open(path)), SIZE), mask_of())


def data_url(picture: Image.Image) -> str:
    file = io.BytesIO()
    picture.save(file, "PNG")
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()


def test_strokes_and_mask_file_add_up(mask):
    layer = np.zeros((*SIZE[::-1], 4), np.uint8)
    layer[40:44, :8, 3] = 255
    expected = mask_of() | (layer[..., 3] > 0)
    both = what_to_erase(data_url(Image.fromarray(layer)), str(mask), SIZE)
    np.testing.assert_array_equal(both, expected)
    np.testing.assert_array_equal(what_to_erase("", str(mask), SIZE), mask_of())
    with pytest.raises(InpaintingError, match="Nothing is painted yet"):
        what_to_erase(data_url(Image.new("RGBA", SIZE)), None, SIZE)


def test_examples_are_found_by_their_stems(photo, mask, tmp_path):
    for kind in ("images", "masks", "results"):
        (tmp_path / "ex" / kind).mkdir(parents=True)
    for stem, kinds in {
        "b": ("masks", "results"),
        "a": ("masks",),
        "c": ("masks", "results"),
    }.items():
        shutil.copy(photo, tmp_path / "ex" / "images" / f"{stem}.png")
        for kind in kinds:
            shutil.copy(mask, tmp_path / "ex" / kind / f"{stem}.png")
    found = find_examples(tmp_path / "ex")
    assert [example.photo.stem for example in found] == ["b", "c"]
    assert found[0].mask.parent.name == "masks" and found[0].result.parent.name == "results"
    assert strip(found[0]).height == 240
    assert find_examples(tmp_path / "none") == []


def test_a_bug_is_a_sentence_too_and_its_trace_is_for_the_log(caplog):
    @spoken
    def handler():
        raise ZeroDivisionError("of interest to us only")

    with pytest.warns(UserWarning, match="your strokes are kept"):
        handler()
    assert "of interest to us only" in caplog.text
