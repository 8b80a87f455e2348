"""checkpoint.py: what is saved comes back, what does not fit is refused, and the Hub with it."""

import hashlib
import json
import logging
import os
import reprlib
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import safetensors.torch
import torch

from inpainting.checkpoint import CONFIG, FORMAT, WEIGHTS, load, save
from inpainting.errors import InpaintingError
from inpainting.generator import Generator, GeneratorConfig
from tests.hub import TOKEN, Hub

TINY = GeneratorConfig(
    sinet_width=4, sinet_dilations=(1, 2), gpnet_width=8, gpnet_dilations=(1,), window=64
)
REPO = "someone/eraser"


def tiny(seed: int = 0) -> Generator:
    """A small generator; every weight is drawn, also those that training begins with at zero."""
    torch.manual_seed(seed)
    generator = Generator(TINY)
    for parameter in generator.parameters():
        torch.nn.init.normal_(parameter, std=0.1)
    return generator.eval()


def equal(one: Generator, other: Generator) -> bool:
    pairs = zip(one.state_dict().items(), other.state_dict().items(), strict=True)
    return all(a == b and torch.equal(x.half(), y.half()) for (a, x), (b, y) in pairs)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    save(tiny(), tmp_path / "photo", {"step": 7})
    return tmp_path / "photo"


def refusal(source: str | Path, revision: str | None = None) -> str:
    with pytest.raises(InpaintingError) as caught:
        load(source, revision)
    text = str(caught.value)
    assert "\n" not in text and TOKEN not in text and ": " in text  # one sentence, with a way out
    return text


# Save and load.


def test_what_is_saved_comes_back(folder: Path) -> None:
    original, checkpoint = tiny(), load(folder)
    generator = checkpoint.generator
    assert generator.config == TINY
    assert not generator.training
    assert {weight.dtype for weight in generator.state_dict().values()} == {torch.float32}
    assert {weight.device.type for weight in generator.state_dict().values()} == {"cpu"}
    image, mask = torch.rand(1, 3, 32, 48) * 2 - 1, torch.zeros(1, 1, 32, 48)
    mask[..., 8:24, 8:24] = 1
    with torch.inference_mode():
        for found, wanted in zip(generator(image, mask), original(image, mask), strict=True):
            torch.testing.assert_close(found, wanted, atol=2e-3, rtol=2e-3)


def test_a_checkpoint_says_where_it_came_from(folder: Path) -> None:
    checkpoint = load(str(folder))
    assert (checkpoint.source, checkpoint.revision) == (str(folder), None)
    assert checkpoint.sha256 == hashlib.sha256((folder / WEIGHTS).read_bytes()).hexdigest()


def test_a_loaded_generator_can_be_trained_on(folder: Path) -> None:
    generator = load(folder).generator
    generator(torch.zeros(1, 3, 16, 16), torch.ones(1, 1, 16, 16)).gpnet.sum().backward()
    assert generator.sinet.stem.convolution.weight.grad is not None


def test_the_files_are_half_precision_and_plain_json(folder: Path) -> None:
    weights = safetensors.torch.load_file(folder / WEIGHTS)
    assert {weight.dtype for weight in weights.values()} == {torch.float16}
    assert json.loads((folder / CONFIG).read_text()) == {
        "format": FORMAT,
        "generator": {
            "sinet_width": 4,
            "sinet_dilations": [1, 2],
            "gpnet_width": 8,
            "gpnet_dilations": [1],
            "window": 64,
        },
        "about": {"step": 7},
    }
    assert sorted(path.name for path in folder.iterdir()) == [CONFIG, WEIGHTS]


def test_equal_weights_give_equal_files(folder: Path, tmp_path: Path) -> None:
    again = tiny().to(memory_format=torch.channels_last)  # another order in memory
    save(again, tmp_path / "again", {"step": 7})
    save(load(folder).generator, tmp_path / "copy", {"step": 7})
    for name in (CONFIG, WEIGHTS):
        assert (tmp_path / "again" / name).read_bytes() == (folder / name).read_bytes()
        assert (tmp_path / "copy" / name).read_bytes() == (folder / name).read_bytes()
    save(tiny(seed=1), tmp_path / "other")
    assert (tmp_path / "other" / WEIGHTS).read_bytes() != (folder / WEIGHTS).read_bytes()


def test_loading_draws_no_random_number(folder: Path) -> None:
    torch.manual_seed(5)
    wanted = torch.rand(3)
    torch.manual_seed(5)
    load(folder)
    assert torch.equal(torch.rand(3), wanted)


def test_a_save_that_breaks_leaves_the_old_checkpoint(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        save(tiny(seed=1), folder)
    assert equal(load(folder).generator, tiny())
    assert sorted(path.name for path in folder.iterdir()) == [CONFIG, WEIGHTS]


def test_the_config_is_put_in_place_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    placed: list[str] = []
    replace = os.replace

    def watched(part: Path, place: Path) -> None:
        assert (tmp_path / f"{CONFIG}.part").exists()  # both are whole before either is in place
        placed.append(Path(place).name)
        replace(part, place)

    monkeypatch.setattr(os, "replace", watched)
    save(tiny(), tmp_path)
    assert placed == [WEIGHTS, CONFIG]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e6])  # the last: beyond float16
def test_broken_weights_are_not_saved(value: float, tmp_path: Path) -> None:
    generator = tiny()
    generator.sinet.picture.bias.data[1] = value
    with pytest.raises(InpaintingError, match="NaN or infinite.*sinet.picture.bias"):
        save(generator, tmp_path / "photo")
    assert not (tmp_path / "photo").exists()


# Refusals: a folder.


def edited(folder: Path, change: Callable[[dict], object]) -> str:
    """The refusal of a config after a change."""
    config = json.loads((folder / CONFIG).read_text())
    change(config)
    (folder / CONFIG).write_text(json.dumps(config))
    text = refusal(folder)
    assert str(folder) in text and CONFIG in text
    return text


@pytest.mark.parametrize("value", [2, 0, "1", 1.0, True, None])
def test_another_format_is_refused(value: object, folder: Path) -> None:
    text = edited(folder, lambda config: config.update(format=value))
    assert f"format {value!r} but this program reads 1" in text


@pytest.mark.parametrize("name", ["generator", "about"])
def test_a_part_of_the_config_that_is_missing_or_no_object_is_refused(
    name: str, folder: Path
) -> None:
    assert f'"{name}"' in edited(folder, lambda config: config.update({name: [1]}))
    assert f"lacks {name}" in edited(folder, lambda config: config.pop(name))


def test_missing_and_unknown_fields_are_refused(folder: Path) -> None:
    text = edited(folder, lambda config: config["generator"].pop("window"))
    assert "lacks window" in text
    text = edited(folder, lambda config: config["generator"].update(depth=1))
    assert "lacks window and has unknown depth" in text
    assert "has unknown extra" in edited(folder, lambda config: config.update(extra=1))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("window", "64"),
        ("window", 64.0),
        ("window", True),
        ("window", None),
        ("window", [64]),
        ("window", 0),
        ("sinet_width", -4),
        ("sinet_width", 10**30),
        ("sinet_dilations", 1),
        ("sinet_dilations", [1, "2"]),
        ("gpnet_dilations", [0]),
        ("gpnet_dilations", {"1": 1}),
    ],
)
def test_a_field_of_a_wrong_type_is_refused(field: str, value: object, folder: Path) -> None:
    text = edited(folder, lambda config: config["generator"].update({field: value}))
    assert f"{field} in" in text and f"is {reprlib.repr(value)} but must be a" in text


@pytest.mark.parametrize("content", [b"", b'{"format": 1,', b"\xff\xfe\x00", b"[" * 99999, b"[]"])
def test_a_config_that_is_no_json_object_is_refused(content: bytes, folder: Path) -> None:
    (folder / CONFIG).write_bytes(content)
    assert f"{CONFIG} of {folder}" in refusal(folder)


@pytest.mark.parametrize("name", [CONFIG, WEIGHTS])
def test_a_missing_file_is_refused(name: str, folder: Path) -> None:
    (folder / name).unlink()
    assert f"{name} of {folder} cannot be read (No such file" in refusal(folder)


def test_a_source_that_is_neither_folder_nor_hub_id_is_refused(folder: Path) -> None:
    for source in (
        "photo",
        "./photo",
        "~/no/photo",
        "/no/photo",
        "a/b/c",
        Path("a/b"),
        "a/b@",
        "a" * 9999,
    ):
        assert "no folder" in refusal(source)
    assert "no folder" in refusal(folder / CONFIG)  # a file
    assert "has no revision v1" in refusal(folder, "v1")


def test_two_revisions_are_refused() -> None:
    assert "one revision, not two" in refusal(f"{REPO}@v1", "v2")


def rewritten(folder: Path, change: Callable[[dict[str, torch.Tensor]], object]) -> str:
    """The refusal of weights after a change."""
    weights = safetensors.torch.load((folder / WEIGHTS).read_bytes())
    change(weights)
    safetensors.torch.save_file(weights, folder / WEIGHTS)
    text = refusal(folder)
    assert f"{WEIGHTS} of {folder}" in text
    return text


def test_missing_and_extra_weights_are_refused(folder: Path) -> None:
    def swap(weights: dict[str, torch.Tensor]) -> None:
        for name in (
            "leave.bias",
            "leave.weight",
            "enter.convolution.bias",
            "perceive.0.near.bias",
        ):
            weights[f"ema.{name}"] = weights.pop(f"gpnet.{name}")

    text = rewritten(folder, swap)
    three = "enter.convolution.bias", "leave.bias", "leave.weight"
    assert f"lacks {', '.join(f'gpnet.{name}' for name in three)} and 1 more" in text
    assert f"unknown {', '.join(f'ema.{name}' for name in three)} and 1 more" in text


def test_a_weight_of_another_shape_or_type_is_refused(folder: Path) -> None:
    name = "sinet.picture.bias"
    text = rewritten(folder, lambda weights: weights.update({name: torch.zeros(4).half()}))
    assert f"{name} in" in text and "float16 [4]" in text and "float16 [3]" in text
    text = rewritten(folder, lambda weights: weights.update({name: torch.zeros(3)}))
    assert "float32 [3]" in text
    text = edited(folder, lambda config: config["generator"].update(sinet_width=5))
    assert "config.json asks for torch.float16 [" in text


@pytest.mark.parametrize("value", [float("nan"), float("-inf")])
def test_infinite_weights_are_refused(value: float, folder: Path) -> None:
    text = rewritten(folder, lambda weights: weights["sinet.picture.bias"].fill_(value))
    assert "NaN or infinite" in text and "sinet.picture.bias" in text


def test_broken_weights_are_refused(folder: Path) -> None:
    def strange(kind: str, shape: list[int], size: int) -> bytes:
        """Whole as safetensors, but of a type or a shape that torch does not have."""
        header = {"a": {"dtype": kind, "shape": shape, "data_offsets": [0, size]}}
        text = json.dumps(header).encode()
        return len(text).to_bytes(8, "little") + text + bytes(size)

    whole = (folder / WEIGHTS).read_bytes()
    cut = b"", whole[:5], whole[:100], whole[:-1], whole + b"0"
    pickle = b"\x80\x02}q\x00."
    for content in (*cut, pickle, strange("F4", [4], 2), strange("F16", [0, 2**63], 0)):
        (folder / WEIGHTS).write_bytes(content)
        assert "broken or cut short" in refusal(folder)


def test_a_git_lfs_pointer_is_named_as_such(folder: Path) -> None:
    (folder / WEIGHTS).write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\n")
    assert "git lfs pull" in refusal(folder)


def test_a_folder_needs_no_hub_library(folder: Path) -> None:
    program = (
        "import sys; from inpainting.checkpoint import load; load(sys.argv[1]);"
        "sys.exit('huggingface_hub' in sys.modules)"
    )
    root = Path(__file__).parent.parent
    subprocess.run([sys.executable, "-c", program, folder], cwd=root, check=True, timeout=120)


# The Hub.


def forget_hub_library() -> dict[str, object]:
    logging.getLogger("huggingface_hub").handlers.clear()  # each import adds one
    names = [name for name in sys.modules if name.split(".")[0] == "huggingface_hub"]
    return {name: sys.modules.pop(name) for name in names}


@pytest.fixture
def restart(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Callable[..., None]]:
    """Begin anew with an environment: the Hub's library reads it when it is imported."""
    before = forget_hub_library()
    for name in list(os.environ):
        if name.startswith(("HF_", "HUGGING", "TRANSFORMERS_")) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)

    def begin(hub: Hub, **environment: str) -> None:
        forget_hub_library()
        always = {
            "HF_ENDPOINT": hub.url,
            "HF_HOME": str(tmp_path / "home"),  # also where a token of the machine would be
            "HF_HUB_CACHE": str(tmp_path / "cache"),
            "HF_HUB_DISABLE_TELEMETRY": "1",
        }
        for name, value in (always | environment).items():
            monkeypatch.setenv(name, value)

    yield begin
    if "huggingface_hub" in sys.modules:
        sys.modules["huggingface_hub"].close_session()
    forget_hub_library()
    sys.modules.update(before)


@pytest.fixture
def hub(restart: Callable[..., None]) -> Iterator[Hub]:
    with Hub() as hub:
        restart(hub)
        yield hub


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library waits seconds before it tries again."""
    monkeypatch.setattr(time, "sleep", lambda _: None)


def files(folder: Path, seed: int = 0) -> dict[str, bytes]:
    save(tiny(seed), folder)
    return {name: (folder / name).read_bytes() for name in (CONFIG, WEIGHTS)}


@pytest.fixture
def commit(hub: Hub, tmp_path: Path) -> str:
    """The commit of REPO's main branch, with the weights of seed 0."""
    return hub.publish(REPO, files(tmp_path / "made"))


def blobs(tmp_path: Path) -> list[int]:
    """The sizes of what is in the Hub's cache."""
    return sorted(path.stat().st_size for path in (tmp_path / "cache").glob("*/blobs/*"))


def test_from_the_hub(hub: Hub, commit: str, tmp_path: Path) -> None:
    checkpoint = load(REPO)
    assert (checkpoint.source, checkpoint.revision) == (REPO, commit)
    assert (
        checkpoint.sha256 == hashlib.sha256((tmp_path / "made" / WEIGHTS).read_bytes()).hexdigest()
    )
    assert equal(checkpoint.generator, tiny())
    assert [request.server for request in hub.asked("GET")] == ["hub", "cdn"]


def test_a_second_load_downloads_nothing(hub: Hub, commit: str) -> None:
    load(REPO)
    hub.requests.clear()
    assert load(REPO).revision == commit
    assert not hub.asked("GET") and hub.asked("HEAD")
    hub.requests.clear()
    assert load(REPO, commit).revision == commit
    assert not hub.requests  # a commit that is there needs no question


def test_a_revision_is_pinned(hub: Hub, commit: str, tmp_path: Path) -> None:
    later = hub.publish(REPO, files(tmp_path / "later", seed=1))
    for source, revision, seed in [
        (f"{REPO}@{commit}", None, 0),
        (REPO, commit, 0),
        (f"{REPO}@{commit}", commit, 0),
        (REPO, None, 1),
        (f"{REPO}@main", None, 1),
        (REPO, later, 1),
    ]:
        checkpoint = load(source, revision)
        assert checkpoint.revision == (commit, later)[seed]
        assert equal(checkpoint.generator, tiny(seed))


@pytest.mark.usefixtures("commit")
def test_both_files_are_of_one_commit(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import huggingface_hub

    download, seed_1 = huggingface_hub.hf_hub_download, files(tmp_path / "later", seed=1)

    def disturbed(*args: str, **options: object) -> str:
        path = download(*args, **options)
        hub.publish(REPO, seed_1)  # the branch moves while we are at it
        return path

    monkeypatch.setattr(huggingface_hub, "hf_hub_download", disturbed)
    assert equal(load(REPO).generator, tiny(0))


def test_a_branch_of_its_own(hub: Hub, commit: str, tmp_path: Path) -> None:
    other = hub.publish(REPO, files(tmp_path / "next", seed=1), branch="refs/pr/1")
    assert load(f"{REPO}@refs/pr/1").revision == other
    assert load(REPO).revision == commit


@pytest.mark.usefixtures("commit")
def test_a_folder_of_that_name_is_preferred(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    save(tiny(seed=1), Path(REPO))
    assert load(REPO).revision is None
    assert not hub.requests


def test_the_cache_is_used_when_the_hub_is_gone(hub: Hub, commit: str) -> None:
    load(REPO)
    hub.stop()
    with pytest.warns(UserWarning, match=rf"did not answer.*ConnectError.*using {commit}"):
        assert load(REPO).revision == commit
    assert load(REPO, commit).revision == commit


def test_the_cache_is_used_when_the_hub_is_down_or_stalls(
    hub: Hub, commit: str, restart: Callable[..., None], recwarn: pytest.WarningsRecorder
) -> None:
    load(REPO)
    restart(hub, HF_HUB_ETAG_TIMEOUT="1")
    for status, stalled, reason in [(503, False, "HTTP 503"), (None, True, "ReadTimeout")]:
        hub.status, hub.stalled = status, stalled
        assert load(REPO).revision == commit
        assert reason in str(recwarn.pop(UserWarning).message)


def test_offline_by_wish(hub: Hub, commit: str, restart: Callable[..., None]) -> None:
    load(REPO)
    hub.requests.clear()
    restart(hub, HF_HUB_OFFLINE="1")
    with pytest.warns(UserWarning, match="HF_HUB_OFFLINE is set"):
        assert load(REPO).revision == commit
    assert load(REPO, commit).revision == commit
    assert "HF_HUB_OFFLINE is set) and its cache has no config.json" in refusal("someone/other")
    assert not hub.requests


def test_nothing_cached_and_no_hub_is_refused_at_once(hub: Hub, commit: str) -> None:
    hub.stop()
    started = time.monotonic()
    for source in (REPO, f"{REPO}@{commit}"):
        text = refusal(source)
        assert "the Hub did not answer" in text and "ConnectError" in text and REPO in text
    assert time.monotonic() - started < 15  # the library alone: 23 s and more for each


@pytest.mark.usefixtures("commit")
def test_a_stalling_hub_and_what_is_no_hub_are_refused(
    hub: Hub, restart: Callable[..., None]
) -> None:
    restart(hub, HF_HUB_ETAG_TIMEOUT="1")
    hub.status = 200
    assert f"the Hub did not answer for {REPO}@main (what answered is no Hub)" in refusal(REPO)
    hub.stalled = True
    assert "ReadTimeout" in refusal(REPO)


@pytest.mark.usefixtures("commit", "impatient")
def test_a_busy_hub_is_asked_again(hub: Hub) -> None:
    hub.status = 503
    assert "HTTP 503" in refusal(REPO)
    assert len(hub.asked("HEAD")) > 3


def test_half_a_cache_is_not_a_checkpoint(hub: Hub, commit: str, tmp_path: Path) -> None:
    load(REPO)
    (tmp_path / "cache" / "models--someone--eraser" / "snapshots" / commit / WEIGHTS).unlink()
    hub.stop()
    assert f"its cache has no {WEIGHTS}" in refusal(REPO)


def test_a_model_that_is_not_there(hub: Hub, restart: Callable[..., None], tmp_path: Path) -> None:
    text = refusal("nobody/nothing")
    assert "no folder nobody/nothing" in text and "HTTP 401" in text and "HF_TOKEN" in text
    restart(hub, HF_TOKEN=TOKEN)
    assert "HTTP 404" in refusal("nobody/nothing")
    assert not blobs(tmp_path)


@pytest.mark.usefixtures("commit")
def test_a_revision_that_is_not_there() -> None:
    assert f"{REPO} on the Hub has no revision v9" in refusal(f"{REPO}@v9")
    assert "has no revision" in refusal(REPO, "0" * 40)


@pytest.mark.parametrize("name", [CONFIG, WEIGHTS])
def test_a_file_that_is_not_there(name: str, hub: Hub, tmp_path: Path) -> None:
    some = files(tmp_path / "made")
    del some[name]
    hub.publish(REPO, some)
    text = refusal(REPO)
    assert f"on the Hub has no {name}" in text and REPO in text


def test_a_private_model_needs_the_token(
    hub: Hub, restart: Callable[..., None], tmp_path: Path
) -> None:
    commit = hub.publish(REPO, files(tmp_path / "made"), access="private")
    assert "HTTP 401" in refusal(REPO)
    restart(hub, HF_TOKEN="hf_wrong")
    text = refusal(REPO)
    assert "HTTP 401" in text and "hf_wrong" not in text
    restart(hub, HF_TOKEN=TOKEN)
    hub.requests.clear()
    assert load(REPO).revision == commit
    sent = {request.server: request.authorization for request in hub.requests}
    assert sent == {"hub": f"Bearer {TOKEN}", "cdn": None}  # the token does not leave the Hub


def test_a_gated_or_forbidden_model(hub: Hub, restart: Callable[..., None], tmp_path: Path) -> None:
    hub.publish(REPO, files(tmp_path / "made"), access="gated")
    assert "gated on the Hub (HTTP 401)" in refusal(REPO)
    restart(hub, HF_TOKEN=TOKEN)
    assert "gated on the Hub (HTTP 403)" in refusal(REPO)
    hub.status = 403
    assert "HTTP 403" in refusal(REPO)


@pytest.mark.usefixtures("commit")
def test_a_token_that_cannot_be_sent(hub: Hub, restart: Callable[..., None]) -> None:
    restart(hub, HF_TOKEN="hf_naïve")
    assert "naïve" not in refusal(REPO)


def test_an_id_the_hub_would_not_have(hub: Hub) -> None:
    assert "some--one/eraser" in refusal("some--one/eraser")
    assert not hub.asked("GET")


@pytest.mark.usefixtures("commit", "impatient")
def test_a_broken_connection_is_taken_up_again(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    import huggingface_hub.constants

    monkeypatch.setattr(huggingface_hub.constants, "DOWNLOAD_CHUNK_SIZE", 500)  # 10 MB otherwise
    hub.cut[WEIGHTS] = [1000, 0, 500]
    assert equal(load(REPO).generator, tiny())
    ranges = [request.range for request in hub.asked("GET", WEIGHTS)]
    assert ranges == [None, "bytes=1000-", "bytes=1000-", "bytes=1500-"]


@pytest.mark.usefixtures("commit", "impatient")
def test_a_download_that_breaks_off_leaves_nothing(hub: Hub, tmp_path: Path) -> None:
    hub.cut[WEIGHTS] = [1000] + [0] * 9
    text = refusal(REPO)
    assert f"{WEIGHTS} of {REPO}@main was not downloaded whole (RemoteProtocolError)" in text
    assert blobs(tmp_path) == [(tmp_path / "made" / CONFIG).stat().st_size]
    hub.cut.clear()
    assert equal(load(REPO).generator, tiny())


@pytest.mark.usefixtures("commit")
def test_a_shorter_file_than_announced_leaves_nothing(hub: Hub, tmp_path: Path) -> None:
    hub.short[WEIGHTS] = 1000
    assert "was not downloaded whole" in refusal(REPO)
    assert blobs(tmp_path) == [(tmp_path / "made" / CONFIG).stat().st_size]
    hub.short.clear()
    assert equal(load(REPO).generator, tiny())


@pytest.mark.usefixtures("commit")
def test_a_cache_that_cannot_be_written(
    hub: Hub, restart: Callable[..., None], tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    restart(hub, HF_HUB_CACHE=str(tmp_path / "file"))
    assert f"{CONFIG} of {REPO}@main was not downloaded whole (Not a dir" in refusal(REPO)


def test_a_checkpoint_from_the_hub_is_read_as_strictly(hub: Hub, tmp_path: Path) -> None:
    broken = files(tmp_path / "made") | {CONFIG: b"{}"}
    commit = hub.publish(REPO, broken)
    text = refusal(REPO)
    assert f"{CONFIG} of {REPO}@{commit}, kept in {tmp_path}" in text and "format None" in text


def test_the_hub_of_these_tests_describes_its_models(commit: str, tmp_path: Path) -> None:
    from huggingface_hub import model_info, snapshot_download

    assert model_info(REPO).sha == commit
    whole = Path(snapshot_download(REPO))
    assert {path.name: path.read_bytes() for path in whole.iterdir()} == files(tmp_path / "made")
