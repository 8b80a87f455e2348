"""A method in its own process: what hangs, crashes, refuses or cheats is told, by its name."""

import os
import time

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from inpainting import InpaintingError
from inpainting.checkpoint import save
from inpainting.evaluation.process import Method, OwnProcess, check_known, check_picture
from tests.test_generator import randomised

MEAN = Method("mean", "classical")


def ramp() -> tuple[np.ndarray, np.ndarray]:
    """A grey ramp, 48x64, with a black hole of 16x16, and that hole."""
    photo = np.repeat(np.arange(100, 164, dtype=np.uint8)[None, :, None], 48, axis=0)
    hole = np.zeros((48, 64), bool)
    hole[16:32, 20:36] = True
    return np.where(hole[..., None], 0, photo.repeat(3, axis=2)).astype(np.uint8), hole


class Crash:
    """A photo that ends the process which opens it."""

    def __reduce__(self):
        return os._exit, (3,)


class Hang:
    """A photo that takes a minute to open."""

    def __reduce__(self):
        return time.sleep, (60,)


class Reversed(nn.Module):
    """Takes 0 for the hole, as Region-wise's code does: grey wherever it is known."""

    def forward(self, image: Tensor, mask: Tensor) -> Tensor:
        return image * mask + 0.5 * (1 - mask)


def test_a_crash_a_hang_and_a_failure_cost_one_picture_each():
    photo, hole = ramp()
    with OwnProcess(MEAN, limit=2.0) as process:
        assert process.parameters is None and process.macs(photo, hole) is None
        first = process.run(photo, hole)
        assert first.picture[20, 25].tolist() == photo[~hole].mean(axis=0).round().tolist()
        assert np.array_equal(first.picture[~hole], photo[~hole])
        pid = process.child.pid
        with pytest.raises(InpaintingError, match=r"mean failed \(.*\): leave it out"):
            process.run(photo, hole[:-1])
        assert process.child.pid == pid, "a mere exception needs no new process"
        with pytest.raises(InpaintingError, match="mean broke its process .exit code 3.:"):
            process.run(Crash(), hole)
        assert np.array_equal(process.run(photo, hole).picture, first.picture)
        assert process.child.pid != pid
        with pytest.raises(InpaintingError, match="mean gave no answer in 2 s"):
            process.run(Hang(), hole)
        assert not process.child.is_alive(), "what hangs is killed at once"
        assert np.array_equal(process.run(photo, hole).picture, first.picture)
    assert not process.child.is_alive()


def test_leaving_ends_a_process_that_hangs():
    with pytest.raises(KeyboardInterrupt), OwnProcess(MEAN) as process:
        process.pipe.send((print, Hang(), None))
        raise KeyboardInterrupt
    assert not process.child.is_alive()


def test_the_first_picture_is_filled_twice_and_timed_once_warm():
    photo, hole = ramp()
    with OwnProcess(Method("biharmonic", "classical")) as process:
        seconds = [process.run(photo, hole).seconds for _ in range(3)]
    assert seconds[0] < 0.3 + 3 * max(seconds[1:]), "the import of scikit-image was timed"


def test_our_own_networks_are_counted_and_their_refusals_passed_on(tmp_path):
    save(randomised(), tmp_path)
    photo, hole = ramp()
    with OwnProcess(MEAN) as process:
        light = process.run(photo, hole).peak_mib
    with OwnProcess(Method("our eraser", "checkpoint", str(tmp_path))) as process:
        filled = process.run(photo, hole)
        assert np.array_equal(filled.picture[~hole], photo[~hole])
        assert filled.picture[hole].any() and filled.seconds > 0
        assert process.parameters == sum(p.numel() for p in randomised().parameters())
        assert process.macs(photo, hole) > 1e6
        assert 20 < light < filled.peak_mib - 50, "torch was imported where it is not needed"
        with pytest.raises(InpaintingError, match="our eraser: the mask covers all of the 64x48"):
            process.run(photo, np.ones_like(hole))


@pytest.mark.filterwarnings("ignore:.*torch.jit:DeprecationWarning")
def test_a_model_of_reversed_polarity_is_told(tmp_path):
    torch.jit.script(Reversed()).save(str(tmp_path / "reversed.pt"))
    method = Method("theirs", "file", str(tmp_path / "reversed.pt"))
    with OwnProcess(method) as process, pytest.raises(InpaintingError) as told:
        process.run(*ramp())
    assert str(told.value).startswith("theirs differs from the photograph outside its hole by ")
    assert "polarity reversed" in str(told.value)


def test_a_method_that_cannot_be_loaded_says_so_and_leaves_no_process(tmp_path):
    process = OwnProcess(Method("sinet", "sinet", str(tmp_path / "nowhere")))
    with pytest.raises(InpaintingError, match="sinet: there is no folder .*nowhere"), process:
        pytest.fail("entered")
    assert not process.child.is_alive()


def test_eight_levels_of_the_known_part_are_the_limit():
    photo, hole = ramp()
    for levels, refused in ((8, False), (-8, False), (9, True), (-9, True)):
        picture = np.where(hole[..., None], 255, photo.astype(int) + levels).astype(np.uint8)
        try:
            check_known("it", picture, photo, hole)
            assert not refused
        except InpaintingError as error:
            assert refused and "by 9 levels" in str(error)
    check_known("it", 255 - photo, photo, np.ones_like(hole))


def test_an_answer_of_another_shape_or_type_is_told_with_both():
    photo, _ = ramp()
    check_picture("it", photo.copy(), photo)
    with pytest.raises(InpaintingError, match=r"uint8 \(47, 64, 3\) where uint8 \(48, 64, 3\)"):
        check_picture("it", photo[1:], photo)
    with pytest.raises(InpaintingError, match="it answers with float32"):
        check_picture("it", photo.astype(np.float32), photo)


def test_an_identity_follows_the_weights_not_the_place(tmp_path):
    for name, change in (("one", 0.0), ("same", 0.0), ("other", 1.0)):
        generator = randomised()
        generator.sinet.picture.bias.data += change
        save(generator, tmp_path / name)
    one, same, other = (
        Method("ours", "checkpoint", str(tmp_path / name)).identity()
        for name in ("one", "same", "other")
    )
    assert one == same != other
    assert Method("sinet", "sinet", str(tmp_path / "one")).identity() != one
    config = tmp_path / "same/config.json"
    config.write_text(config.read_text() + "\n")
    assert Method("ours", "checkpoint", str(tmp_path / "same")).identity() != one


def test_identities_of_libraries_hub_ids_and_files(tmp_path):
    assert MEAN.identity() == f"numpy {np.__version__}"
    assert Method("ours", "checkpoint", "some/one@v2").identity() == "checkpoint some/one@v2"
    file = tmp_path / "lama.pt"
    with pytest.raises(InpaintingError, match="lama: .*lama.pt cannot be read"):
        Method("lama", "file", str(file)).identity()
    file.write_bytes(b"abc")
    assert Method("lama", "file", str(file)).identity().startswith("file ba7816bf8f01cfea4141")
