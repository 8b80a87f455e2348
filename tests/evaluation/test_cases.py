"""Cases: what each kind shows, that its own files alone decide it, and that no change goes by."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from inpainting import InpaintingError
from inpainting.evaluation.cases import KINDS, Case, CaseSettings, central_square, prepare
from inpainting.mask import parts

DRAWN = [("objects", 64), ("twins", 64), ("shadows", 64)]  # kind and size
STROKED = [("thin", 256), ("medium", 256), ("thick", 256)]
OWN = [("given", 0), ("removal", 0)]
HOLES = {"a": np.s_[10:30, 20:40], "b": np.s_[20:50, 30:60]}


@pytest.fixture
def place(tmp_path) -> Path:
    """Photographs a.png and b.png of 80x64, a mask for each, and two cut-outs."""
    folder = tmp_path / "place"
    for name in ("photos", "masks", "cutouts"):
        (folder / name).mkdir(parents=True)
    for seed, (stem, where) in enumerate(HOLES.items()):
        Image.fromarray(noise(seed)).save(folder / f"photos/{stem}.png")
        Image.fromarray(square(where)).save(folder / f"masks/{stem}.png")
    for name, height, width in (("post", 40, 10), ("box", 20, 30)):
        Image.new("RGBA", (width, height), "red").crop((-5, -5, width + 5, height + 5)).save(
            folder / f"cutouts/{name}.png"
        )
    return folder


def noise(seed: int, height: int = 64, width: int = 80) -> np.ndarray:
    """HxWx3 uint8, nowhere black, even when it is enlarged."""
    return np.random.default_rng(seed).integers(100, 200, (height, width, 3), dtype=np.uint8)


def square(where: tuple[slice, slice]) -> np.ndarray:
    """64x80 uint8, white there."""
    mask = np.zeros((64, 80), np.uint8)
    mask[where] = 255
    return mask


def asked(place: Path, *kinds: str, **more) -> CaseSettings:
    """Settings for the fixture's folders, at 64 px if nothing else is said."""
    folders = {"masks": place / "masks", "cutouts": place / "cutouts"}
    return CaseSettings(place / "photos", kinds, **{"sizes": (64,), **folders, **more})


def files(cases: list[Case]) -> dict[str, bytes]:
    """CASE/FILE -> its bytes."""
    found = [path for case in cases for path in sorted(case.folder.iterdir())]
    return {f"{path.parent.name}/{path.name}": path.read_bytes() for path in found}


def holes(cases: list[Case]) -> list[bytes]:
    return [case.hole().tobytes() for case in cases]


def inverted(path: Path) -> None:
    Image.fromarray(~np.array(Image.open(path))).save(path)


@pytest.mark.parametrize("kind, size", DRAWN + STROKED + OWN)
def test_a_case_of_each_kind_has_its_name_shapes_and_types(place, tmp_path, kind, size):
    cases = prepare(asked(place, kind, sizes=(size,)), tmp_path / "run")
    assert [case.stem for case in cases] == ["a", "b"]
    for case in cases:
        assert case.name == case.folder.name == f"{case.stem}-{kind}-{size}"
        assert case.group == (kind, size)
        shape = (size, size) if size else (64, 80)
        photo, hole, truth = case.photo(), case.hole(), case.truth()
        assert (photo.shape, photo.dtype) == ((*shape, 3), np.uint8)
        assert (hole.shape, hole.dtype) == (shape, bool)
        assert truth is None or (truth.shape, truth.dtype) == ((*shape, 3), np.uint8)
        assert 0 < case.area < 1 and case.area == hole.mean()


@pytest.mark.parametrize("kind, size", [("objects", 64), *STROKED, ("given", 0)])
def test_the_hole_is_black_and_all_else_is_the_truth(place, tmp_path, kind, size):
    for case in prepare(asked(place, kind, sizes=(size,)), tmp_path / "run"):
        photo, hole, truth = case.photo(), case.hole(), case.truth()
        assert truth.min() > 0
        assert np.array_equal(photo, truth * ~hole[..., None])


@pytest.mark.parametrize("kind, size", [*DRAWN, ("given", 0)])
def test_the_truth_is_the_photograph_or_its_middle(place, tmp_path, kind, size):
    case = prepare(asked(place, kind), tmp_path / "run")[0]
    assert np.array_equal(case.truth(), noise(0)[:, 8:72] if size else noise(0))


@pytest.mark.parametrize("kind, _", OWN)
def test_the_hole_is_where_the_photographs_own_mask_is_white(place, tmp_path, kind, _):
    for case in prepare(asked(place, kind), tmp_path / "run"):
        assert np.array_equal(case.hole(), square(HOLES[case.stem]) > 0)


def test_the_hole_has_the_shape_of_an_object_of_the_pool(place, tmp_path):
    (place / "masks/b.png").unlink()  # what remains: 20 of 80 pixels, 16 of 64, a row for rounding
    cases = prepare(asked(place, "objects"), tmp_path / "run")
    assert len({case.hole().tobytes() for case in cases}) == 2
    for case in cases:
        (box,) = parts(case.hole())
        assert 16 * 16 / 2 <= case.hole().sum() == box.width * box.height <= 16 * 17


def test_a_removal_is_the_photograph_as_it_is_and_nobody_knows_the_truth(place, tmp_path):
    case = prepare(asked(place, "removal"), tmp_path / "run")[0]
    assert np.array_equal(case.photo(), noise(0))
    assert case.truth() is None
    assert sorted(path.name for path in case.folder.iterdir()) == ["hole.png", "photo.png"]


def test_twins_and_shadows_differ_in_the_hole_alone(place, tmp_path):
    made = {case.name: case for case in prepare(asked(place, "twins", "shadows"), tmp_path)}
    for stem in "ab":
        twins, shadows = made[f"{stem}-twins-64"], made[f"{stem}-shadows-64"]
        photo, truth, outside = twins.photo(), twins.truth(), ~shadows.hole()
        assert np.array_equal(photo, shadows.photo()) and np.array_equal(truth, shadows.truth())
        assert np.array_equal(photo[outside], truth[outside])
        assert (photo[twins.hole()] == (255, 0, 0)).all(axis=1).mean() > 0.2, "no object in it"
        assert not (twins.hole() & outside).any()
        beside = shadows.hole() & ~twins.hole()
        assert (photo[beside] < truth[beside]).any(), "no shadow in it"


def test_every_cutout_has_its_turn(place, tmp_path):
    upright = set()
    for seed in range(5):
        for case in prepare(asked(place, "twins", seed=seed), tmp_path / f"{seed}"):
            (box,) = parts((case.photo() == (255, 0, 0)).all(axis=2))
            upright.add(box.height > box.width)
    assert upright == {True, False}


def test_the_stored_hole_is_white(place, tmp_path):
    case = prepare(asked(place, "given"), tmp_path / "run")[0]
    stored = np.array(Image.open(case.folder / "hole.png").convert("L"))
    assert np.array_equal(stored, square(HOLES["a"]))


@pytest.mark.parametrize("kind", KINDS)
def test_only_some_kinds_show_the_object_and_all_but_one_know_the_truth(kind):
    case = Case(Path(), f"a-{kind}-64", "a", kind, 64, 0.1)
    assert case.shows_object == (kind in ("twins", "shadows", "removal"))
    assert case.has_truth == (kind != "removal")


def test_the_middle_is_scaled_by_the_mean_of_its_pixels():
    pixels = noise(0, 4, 8)
    blocks = pixels[:, 2:6].reshape(2, 2, 2, 2, 3).mean(axis=(1, 3))
    assert np.abs(central_square(pixels, 2) - blocks).max() <= 0.5
    assert np.array_equal(central_square(pixels, 4), pixels[:, 2:6])
    turned = pixels.transpose(1, 0, 2)
    assert np.array_equal(central_square(turned, 4), pixels[:, 2:6].transpose(1, 0, 2))
    assert central_square(pixels, 16).shape == (16, 16, 3)


@pytest.mark.parametrize("kind, size", DRAWN + STROKED)
def test_the_seed_decides(place, tmp_path, kind, size):
    first, again, other = (
        prepare(asked(place, kind, sizes=(size,), seed=seed), tmp_path / run)
        for run, seed in (("first", 3), ("again", 3), ("other", 4))
    )
    assert files(first) == files(again)
    assert not {*holes(first)} & {*holes(other)}


def test_photographs_of_one_content_get_holes_of_their_own(place, tmp_path):
    shutil.copy(place / "photos/a.png", place / "photos/b.png")
    kinds = ("medium", "objects", "shadows")
    cases = prepare(asked(place, *kinds, sizes=(256,)), tmp_path / "run")
    assert len({*holes(cases)}) == 6


def test_a_case_depends_on_no_other_photograph_kind_size_or_folder(place, tmp_path):
    kinds = ("medium", "objects", "twins", "shadows", "given", "removal")
    many = files(prepare(asked(place, *kinds, sizes=(256, 512)), tmp_path / "many"))
    elsewhere = place.rename(tmp_path / "elsewhere")
    (elsewhere / "photos/a.png").unlink()
    for kind in kinds:
        few = files(prepare(asked(elsewhere, kind, sizes=(256,)), tmp_path / kind))
        assert few and few.items() <= many.items()


def test_the_order_and_repetition_of_kinds_and_sizes_do_not_matter(place, tmp_path):
    settings = asked(place, "objects", "twins", "given", sizes=(64, 96))
    turned = asked(place, "given", "twins", "objects", "twins", sizes=(96, 64, 96))
    first, other = prepare(settings, tmp_path / "run"), prepare(turned, tmp_path / "other")
    assert files(first) == files(other)
    assert prepare(turned, tmp_path / "run") == first
    assert len(first) == len({case.name for case in first}) == 2 * (2 + 2 + 1)


@pytest.fixture
def many(place) -> Path:
    """Ten photographs more."""
    for turn in range(10):
        Image.fromarray(noise(turn)).save(place / f"photos/{turn}.png")
    return place


def test_a_limit_takes_a_seeded_sample(many, tmp_path):
    samples = []
    for seed in range(5):
        cases, fewer, whole = (
            prepare(asked(many, "objects", seed=seed, limit=limit), tmp_path / f"{seed}-{limit}")
            for limit in (4, 2, 0)
        )
        assert (len(cases), len(fewer), len(whole)) == (4, 2, 12)
        assert files(fewer).items() < files(cases).items() < files(whole).items()
        samples.append(tuple(case.stem for case in cases))
        assert list(samples[-1]) == sorted(samples[-1])
    assert len({*samples}) == 5


def test_a_sample_does_not_depend_on_what_was_not_taken(many, tmp_path):
    settings = asked(many, "objects", limit=4)
    cases = prepare(settings, tmp_path / "run")
    for path in (many / "photos").iterdir():
        if path.stem not in {case.stem for case in cases}:
            path.unlink()
    assert prepare(settings, tmp_path / "run") == cases
    assert files(prepare(settings, tmp_path / "other")) == files(cases)


def test_a_limit_above_their_number_takes_all(place, tmp_path):
    assert len(prepare(asked(place, "objects", limit=9), tmp_path / "run")) == 2


def test_what_was_made_is_read_back_and_not_written_again(place, tmp_path):
    out = tmp_path / "run"
    settings = asked(place, "objects", "twins", "shadows", "given", "removal")
    cases = prepare(settings, out)
    times = {path: path.stat().st_mtime_ns for path in out.rglob("*")}
    before = files(cases)
    assert prepare(settings, out) == cases
    assert {path: path.stat().st_mtime_ns for path in out.rglob("*")} == times
    assert files(cases) == before


def test_folders_and_the_run_may_move_after_the_making(place, tmp_path):
    before = files(prepare(asked(place, "objects", "twins"), tmp_path / "run"))
    place, out = place.rename(tmp_path / "place2"), (tmp_path / "run").rename(tmp_path / "run2")
    cases = prepare(asked(place, "objects", "twins"), out)
    assert files(cases) == before
    assert {case.folder.parent.parent for case in cases} == {out}


def test_masks_black_in_the_hole_give_the_same_cases(place, tmp_path):
    kinds = ("objects", "given", "removal")
    white = files(prepare(asked(place, *kinds), tmp_path / "white"))
    for path in (place / "masks").iterdir():
        inverted(path)
    black = files(prepare(asked(place, *kinds, black_holes=True), tmp_path / "black"))
    assert white == black


@pytest.mark.parametrize("kinds", [("objects",), ("given", "removal")])
def test_sixteen_bits_are_rounded_to_eight(place, tmp_path, kinds):
    eight = files(prepare(asked(place, *kinds), tmp_path / "eight"))
    between = np.random.default_rng(0).integers(-128, 129, (64, 80, 3))
    fine = (noise(0).astype(int) * 257 + between).astype(np.uint16)
    cv2.imwrite(str(place / "photos/a.png"), fine[..., ::-1])
    assert files(prepare(asked(place, *kinds), tmp_path / "sixteen")) == eight


def test_a_grey_photograph_has_three_channels(place, tmp_path):
    Image.fromarray(noise(0)[..., 0]).save(place / "photos/a.png")
    photo = prepare(asked(place, "removal"), tmp_path / "run")[0].photo()
    assert np.array_equal(photo, noise(0)[..., :1].repeat(3, axis=2))


def recolour(level: int):
    return lambda path: Image.new("L", (80, 64), level).save(path)


def shrink(path: Path) -> None:
    Image.open(path).crop((0, 0, 79, 64)).save(path)


def make_opaque(path: Path) -> None:
    Image.open(path).convert("RGB").save(path)


@pytest.mark.parametrize(
    "kind, file, change, words",
    [
        ("given", "masks/b.png", Path.unlink, "no mask in .*masks for b.png: add one"),
        ("removal", "masks/b.png", Path.unlink, "no mask in .*masks for b.png: add one"),
        ("given", "masks/b.png", shrink, "mask b.png is 79x64 but its photo is 80x64"),
        ("removal", "masks/b.png", shrink, "mask b.png is 79x64 but its photo is 80x64"),
        ("given", "masks/b.png", recolour(0), "mask b.png covers nothing"),
        ("removal", "masks/b.png", recolour(255), "mask b.png covers everything"),
        ("objects", "masks/b.png", recolour(0), "mask b.png covers nothing"),
        ("twins", "cutouts/box.png", make_opaque, "cut-out box.png has no clear ground"),
        ("twins", "photos/b.png", lambda path: path.write_text("no"), "b.png is not a picture"),
    ],
)
def test_a_file_that_does_not_serve_is_named(place, tmp_path, kind, file, change, words):
    (place / "cutouts/post.png").unlink()
    change(place / file)
    with pytest.raises(InpaintingError, match=words):
        prepare(asked(place, kind), tmp_path / "run")
    assert not (tmp_path / "run/cases.json").exists()


def test_a_pool_that_looks_flipped_is_named_with_the_cure(place, tmp_path):
    for path in (place / "masks").iterdir():
        inverted(path)
    words = "more than 50% .*: a.png, b.png; white = hole, so add --black-holes"
    with pytest.raises(InpaintingError, match=words):
        prepare(asked(place, "objects"), tmp_path / "run")


@pytest.mark.parametrize("kind", ["given", "twins"])
def test_two_photographs_of_one_stem_are_named(place, tmp_path, kind):
    Image.fromarray(noise(5)).save(place / "photos/a.bmp")
    with pytest.raises(InpaintingError, match="photographs a.bmp and a.png have one stem"):
        prepare(asked(place, kind), tmp_path / "run")


@pytest.mark.parametrize("kind", ["given", "removal"])
def test_two_masks_of_one_stem_are_named(place, tmp_path, kind):
    Image.fromarray(square(HOLES["b"])).save(place / "masks/a.bmp")
    with pytest.raises(InpaintingError, match="masks a.bmp and a.png .* have one stem"):
        prepare(asked(place, kind), tmp_path / "run")


def test_a_sentence_names_five_photographs_without_a_mask_at_most(many, tmp_path):
    with pytest.raises(InpaintingError, match="for 0.png, 1.png, 2.png, 3.png, 4.png and 5 more:"):
        prepare(asked(many, "given"), tmp_path / "run")


@pytest.mark.parametrize(
    "more, words",
    [
        ({"kinds": ("twins", "square")}, "^square came as --holes: choose from thin, medium, thi"),
        ({"kinds": ()}, "^nothing came as --holes: choose from"),
        ({"kinds": ("given", "thin")}, "thin holes of 64 px came but LaMa has published"),
        ({"kinds": ("thick",), "sizes": (256, 300)}, "thick holes of 300 px came but LaMa"),
        ({"sizes": (64, 63)}, "--size 63, 64 came but 64 px or more is expected"),
        ({"sizes": ()}, "--size nothing came"),
        ({"kinds": ("given", "objects"), "sizes": (8,)}, "--size 8 came"),
        ({"seed": -1}, "--seed -1 --limit 0 came but neither can be below 0"),
        ({"limit": -1}, "--seed 0 --limit -1 came but neither can be below 0"),
        ({"kinds": ("twins", "objects"), "masks": None}, "--holes objects came .* by --masks"),
        ({"kinds": ("given",), "masks": None}, "--holes given came .* folder by --masks"),
        ({"kinds": ("removal",), "masks": None}, "--holes removal came .* folder by --masks"),
        ({"kinds": ("shadows", "twins"), "cutouts": None}, "twins, shadows came .* by --cutouts"),
        ({"kinds": ("objects",), "masks": Path("nowhere")}, "no pictures in nowhere: name a fol"),
        ({"kinds": ("given",), "masks": Path("nowhere")}, "no pictures in nowhere: name a folder"),
        ({"cutouts": Path("nowhere")}, "no pictures in nowhere: name a folder"),
        ({"photos": Path("nowhere")}, "no pictures in nowhere: name a folder"),
    ],
)
def test_settings_that_cannot_be_are_refused_and_nothing_is_made(place, tmp_path, more, words):
    settings = replace(asked(place, "twins"), **more)
    with pytest.raises(InpaintingError, match=words):
        prepare(settings, tmp_path / "run")
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("name", ["photos", "masks", "cutouts"])
def test_a_folder_without_pictures_is_refused_by_name(place, tmp_path, name):
    for path in (place / name).iterdir():
        path.rename(path.with_suffix(".txt"))
    with pytest.raises(InpaintingError, match=f"no pictures in .*place/{name}: name a folder"):
        prepare(asked(place, "objects", "twins"), tmp_path / "run")


def test_sizes_are_of_no_account_to_what_keeps_its_own(place, tmp_path):
    one, other = (
        prepare(asked(place, "given", "removal", sizes=sizes), tmp_path / f"{len(sizes)}")
        for sizes in ((1,), (64, 300))
    )
    assert files(one) == files(other)


def test_what_a_kind_does_not_need_may_be_missing(place, tmp_path):
    own = asked(place, "given", "removal", sizes=(), cutouts=None)
    assert len(prepare(own, tmp_path / "own")) == 4
    put = asked(place, "twins", masks=None)
    assert len(prepare(put, tmp_path / "put")) == 2
    drawn = asked(place, "thin", sizes=(256,), masks=Path("nowhere"), cutouts=Path("nowhere"))
    assert len(prepare(drawn, tmp_path / "drawn")) == 2


def test_an_unfinished_making_starts_anew(place, tmp_path):
    settings, out = asked(place, "objects", "twins"), tmp_path / "run"
    whole = files(prepare(settings, tmp_path / "other"))
    good = (place / "photos/b.png").read_bytes()
    (place / "photos/b.png").write_bytes(good[:99])
    with pytest.raises(InpaintingError, match="b.png"):
        prepare(settings, out)
    left = out / "cases/a-twins-64"
    (left / "photo.png").write_bytes((left / "truth.png").read_bytes())
    (place / "photos/b.png").write_bytes(good)
    assert files(prepare(settings, out)) == whole


@pytest.fixture
def made(place, tmp_path) -> tuple[CaseSettings, Path]:
    """Settings of cases, and the run's folder in which they were made."""
    settings, out = asked(place, "objects", "twins", "given"), tmp_path / "run"
    prepare(settings, out)
    return settings, out


@pytest.mark.parametrize(
    "more, words",
    [
        ({"seed": 1}, "seed 0, now it is 1"),
        ({"limit": 1}, "limit 0, now it is 1"),
        ({"sizes": (64, 96)}, r"sizes \[64\], now it is \[64, 96\]"),
        ({"kinds": ("given",)}, r"kinds \['objects', 'twins', 'given'\], now it is \['given'\]"),
        ({"black_holes": True}, "black_holes False, now it is True"),
    ],
)
def test_other_settings_than_those_of_the_making_are_refused(made, more, words):
    settings, out = made
    with pytest.raises(InpaintingError, match=f"cases in {out} were made with {words}: name a new"):
        prepare(replace(settings, **more), out)


def add(path: Path) -> None:
    Image.fromarray(square(HOLES["a"])).save(path)


def touch(path: Path) -> None:
    """One pixel other than it was, the same size of picture."""
    image = Image.open(path)
    pixel = np.array(image.convert(image.mode))
    pixel[0, 0] = ~pixel[0, 0]
    Image.fromarray(pixel).save(path)


@pytest.mark.parametrize(
    "change, file, what",
    [
        (touch, "photos/a.png", "changed"),
        (Path.unlink, "photos/a.png", "missing"),
        (inverted, "masks/a.png", "changed"),
        (add, "masks/z.png", "added"),
        (touch, "cutouts/box.png", "changed"),
        (Path.unlink, "cutouts/box.png", "missing"),
        (lambda path: shutil.copy(path.with_name("box.png"), path), "cutouts/z.png", "added"),
    ],
)
def test_a_file_that_the_cases_came_from_is_named_when_it_is_not_the_same(made, change, file, what):
    settings, out = made
    change(settings.photos.parent / file)
    with pytest.raises(InpaintingError, match=f"^{file} {what} since the cases in {out} were made"):
        prepare(settings, out)


def test_a_photograph_and_its_mask_added_later_are_named(made):
    settings, out = made
    add(settings.photos / "z.png")
    add(settings.masks / "z.png")
    with pytest.raises(InpaintingError, match="^masks/z.png, photos/z.png added since the cases"):
        prepare(settings, out)


def test_the_masks_of_other_photographs_are_of_no_account_to_given_ones(place, tmp_path):
    settings, out = asked(place, "given", "removal"), tmp_path / "run"
    cases = prepare(settings, out)
    add(place / "masks/z.png")
    assert prepare(settings, out) == cases


@pytest.mark.parametrize("change, what", [(touch, "changed"), (Path.unlink, "missing")])
@pytest.mark.parametrize("file", ["a-given-0/hole.png", "b-twins-64/photo.png"])
def test_a_stored_file_that_is_not_what_was_made_is_named(made, change, what, file):
    settings, out = made
    change(out / "cases" / file)
    with pytest.raises(InpaintingError, match=f"^cases/{file} {what} since the cases in {out}"):
        prepare(settings, out)


def test_a_case_whose_folder_is_gone_is_named(made):
    settings, out = made
    shutil.rmtree(out / "cases/a-given-0")
    gone = ", ".join(f"cases/a-given-0/{name}.png" for name in ("hole", "photo", "truth"))
    with pytest.raises(InpaintingError, match=f"^{gone} missing since"):
        prepare(settings, out)


def without_a_setting(text: str) -> str:
    """As a version that had one setting less wrote it."""
    record = json.loads(text)
    del record["settings"]["limit"]
    return json.dumps(record)


@pytest.mark.parametrize(
    "damaged",
    [lambda text: text[:-10], lambda _: "", lambda _: "[]", without_a_setting],
    ids=["cut short", "empty", "a list", "a setting less"],
)
def test_a_damaged_cases_json_is_told(made, damaged):
    settings, out = made
    (out / "cases.json").write_text(damaged((out / "cases.json").read_text()))
    with pytest.raises(InpaintingError, match=f"cases.json in {out} is damaged: name a new --out"):
        prepare(settings, out)
