"""Photograph files: what comes in comes back, and what cannot is refused by a sentence."""

import io
import struct
import warnings
from pathlib import Path

import cv2
import numpy as np
import pillow_heif
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import (
    Image,
    ImageCms,
    ImageDraw,
    ImageOps,
    JpegImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
)

from inpainting.errors import InpaintingError
from inpainting.photo import Photo, exif, from_pil, preview, read_photo, to_pil, write_photo

MAKER_NOTE = b"maker's note, found by its place"
THUMBNAIL = b"\xff\xd8 a thumbnail of what was there \xff\xd9"
ARTIST = "Ірина".encode()  # not ASCII
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
LOSSLESS = {"PNG": {}, "TIFF": {}, "WEBP": {"lossless": True, "exact": True}}
ALL = (*LOSSLESS, "JPEG", "HEIF", "AVIF")


def noise(*shape, dtype=np.uint8, seed=0):
    return np.random.default_rng(seed).integers(0, np.iinfo(dtype).max, shape, dtype, endpoint=True)


def smooth(width=96, height=64):
    y, x = np.mgrid[:height, :width]
    return np.stack([x * 2, y * 3, 255 - x - y], axis=-1).clip(0, 255).astype(np.uint8)


def encoded(image, format, **options):
    """A file's bytes by PIL, or by its HEIF library; none of our code."""
    buffer = io.BytesIO()
    if format == "HEIF":
        options = {"quality": 90, "enc_params": {"preset": "ultrafast"}, **options}
        pillow_heif.from_pillow(image).save(buffer, **options)
    else:
        image.save(buffer, format, **options)
    return buffer.getvalue()


def decoded(data):
    heic = data[4:12] == b"ftypheic"
    return (pillow_heif.HeifImageFile if heic else Image.open)(io.BytesIO(data))


def written(photo, format=None):
    buffer = io.BytesIO()
    write_photo(photo, buffer, format)
    return buffer.getvalue()


def block(orientation=1, order=">"):
    """An EXIF block by hand: orientation, artist, a maker's note, and IFD1 with a thumbnail.

    Orientation None: no such entry, and no link to IFD1.
    """

    def entry(tag, kind, count, value):
        body = struct.pack(order + {3: "HH", 4: "I", 2: "I", 7: "I"}[kind], *value)
        return struct.pack(order + "HHI", tag, kind, count) + body

    start = b"MM\0*" if order == ">" else b"II*\0"
    artist, note, thumbnail = 200, 240, 300
    first = [
        entry(0x010F, 2, 4, (int.from_bytes(b"Cam\0", "big" if order == ">" else "little"),)),
        *([entry(0x0112, 3, 1, (orientation, 0))] if orientation else []),
        entry(0x013B, 2, len(ARTIST) + 1, (artist,)),
        entry(0x8769, 4, 1, (150,)),
    ]
    second = [
        entry(0x0201, 4, 1, (thumbnail,)),
        entry(0x0202, 4, 1, (len(THUMBNAIL),)),
    ]
    body = bytearray(400)
    for at, directory, after in ((8, first, 100 if orientation else 0), (100, second, 0)):
        packed = struct.pack(order + "H", len(directory)) + b"".join(directory)
        body[at : at + len(packed) + 4] = packed + struct.pack(order + "I", after)
    sub = struct.pack(order + "H", 1) + entry(0x927C, 7, len(MAKER_NOTE), (note,)) + bytes(4)
    for at, piece in (
        (0, start + struct.pack(order + "I", 8)),
        (150, sub),
        (artist, ARTIST + b"\0"),
        (note, MAKER_NOTE),
        (thumbnail, THUMBNAIL),
    ):
        body[at : at + len(piece)] = piece
    return bytes(body)


# ------------------------------------------------------------------------------------- what returns


@settings(max_examples=40, deadline=None)
@given(
    samples=arrays.arrays(
        np.uint8, st.tuples(st.integers(1, 9), st.integers(1, 9), st.sampled_from([1, 2, 3, 4]))
    ),
    format=st.sampled_from(list(LOSSLESS)),
)
def test_lossless_files_return_every_sample(samples, format):
    image = Image.fromarray(samples[..., 0] if samples.shape[2] == 1 else samples)
    photo = read_photo(encoded(image, format, **LOSSLESS[format]))
    back = decoded(written(photo))
    assert back.format == photo.format == format
    if format == "WEBP":  # it has no grey, and leaves out an alpha that is opaque everywhere
        assert np.array_equal(back.convert("RGBA"), image.convert("RGBA"))
    else:
        assert back.mode == image.mode
        assert np.array_equal(back, image)
    again = read_photo(written(photo))
    assert np.array_equal(again.pixels, photo.pixels)
    assert (again.alpha is None) == (photo.alpha is None)
    assert photo.alpha is None or np.array_equal(again.alpha, photo.alpha)


@pytest.mark.parametrize("size", [(1, 1), (3000, 50), (50, 3000), (33, 17)])
@pytest.mark.parametrize("format", ALL)
def test_every_format_keeps_odd_sizes(format, size):
    photo = read_photo(encoded(Image.new("RGB", size, (200, 90, 40)), format))
    assert photo.size == size
    back = decoded(written(photo))
    assert (back.size, back.format, back.mode) == (size, format, "RGB")
    assert np.abs(np.asarray(back, int) - (200, 90, 40)).max() <= 6


@pytest.mark.parametrize("format", ["PNG", "TIFF"])
@pytest.mark.parametrize("channels", [1, 3, 4])
def test_sixteen_bits_return_as_opencv_sees_them(format, channels):
    theirs = noise(5, 7, channels, dtype=np.uint16)
    theirs = theirs[..., 0] if channels == 1 else theirs
    data = cv2.imencode(f".{format.lower()}", theirs)[1].tobytes()
    photo = read_photo(data)
    assert photo.pixels.dtype == np.uint16
    assert photo.mode == ("L" if channels == 1 else "RGB")
    red = theirs if channels == 1 else theirs[..., 2]
    assert np.array_equal(photo.pixels[..., 0], red)
    assert (photo.alpha is not None) == (channels == 4)
    back = cv2.imdecode(np.frombuffer(written(photo), np.uint8), cv2.IMREAD_UNCHANGED)
    assert np.array_equal(back, theirs)


def test_sixteen_bit_grey_with_alpha_returns_in_png():
    grey, alpha = noise(2, 4, 6, dtype=np.uint16)
    photo = Photo(np.dstack([grey] * 3), alpha, mode="L")
    data = written(photo)
    assert data[24:26] == bytes([16, 4])  # bits, and the kind "grey and alpha"
    back = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    assert np.array_equal(back[..., 0], grey)
    assert np.array_equal(back[..., 3], alpha)
    again = read_photo(data)
    assert again.mode == "L"
    assert np.array_equal(again.pixels, photo.pixels)
    assert np.array_equal(again.alpha, alpha)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize(
    ("format", "deep"), [*((each, False) for each in ALL), ("PNG", True), ("TIFF", True)]
)
def test_exif_profile_and_resolution_return(format, order, deep):
    pixels = noise(8, 8, 3, dtype=np.uint16) if deep else smooth(8, 8)
    photo = Photo(pixels, format=format, exif=block(None, order), profile=SRGB, dpi=(300.0, 150.0))
    back = decoded(written(photo))
    assert back.info["icc_profile"] == SRGB
    tags = back.getexif()
    assert tags[0x010F] == "Cam"
    assert tags[0x013B].encode("latin-1") == ARTIST
    assert tags.get_ifd(0x8769)[0x927C] == MAKER_NOTE
    if format in ("JPEG", "PNG", "TIFF"):
        assert [round(each) for each in back.info["dpi"]] == [300, 150]
    again = read_photo(written(read_photo(written(photo))))
    assert again.profile == SRGB
    assert format not in ("JPEG", "PNG", "TIFF") or np.allclose(again.dpi, (300, 150), atol=0.1)
    assert ARTIST in again.exif
    assert MAKER_NOTE in again.exif


def test_a_tiff_begins_its_parts_at_even_places():
    odd = block(None) + b"."
    data = written(Photo(smooth(5, 5), format="TIFF", exif=odd, profile=SRGB + b"."))
    assert int.from_bytes(data[4:8], "big") % 2 == 0
    assert decoded(data).tag_v2[273][0] % 2 == 0


@pytest.mark.parametrize("order", ["<", ">"])
def test_exif_is_kept_byte_for_byte_but_for_orientation_and_thumbnail(order):
    before = block(6, order)
    photo = read_photo(encoded(Image.fromarray(smooth()), "JPEG", exif=b"Exif\0\0" + before))
    assert photo.exif == block(None, order).replace(THUMBNAIL, bytes(len(THUMBNAIL)))
    assert THUMBNAIL not in written(photo)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("format", ALL)
def test_orientation_is_applied_once(format, orientation):
    image = Image.fromarray(smooth(12, 8))
    tags = Image.Exif()
    tags[exif.ORIENTATION] = orientation
    data = encoded(image, format, exif=tags.tobytes())
    expected = decoded(data)
    expected.load()
    expected = ImageOps.exif_transpose(expected)
    assert expected.size == ((8, 12) if orientation > 4 else (12, 8))
    photo = read_photo(data)
    assert np.array_equal(photo.pixels, expected)
    back = decoded(written(photo))
    back.load()
    assert back.getexif().get(exif.ORIENTATION, 1) == 1
    assert back.size == expected.size
    assert np.abs(np.asarray(back, int) - np.asarray(expected, int)).mean() < 4


@pytest.mark.parametrize("channels", [1, 3, 4])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_of_sixteen_bits(orientation, channels):
    pixels = noise(3, 5, 3, dtype=np.uint16)
    alpha = pixels[..., 1].copy() if channels == 4 else None
    if channels == 1:
        pixels[:] = pixels[..., :1]
    tags = struct.pack("<2sHIHHHIHHI", b"II", 42, 8, 1, 274, 3, 1, orientation, 0, 0)
    photo = Photo(pixels, alpha, "PNG", "L" if channels == 1 else "RGB", exif=tags)
    plain = Image.fromarray((pixels >> 8).astype(np.uint8))
    plain.getexif()[exif.ORIENTATION] = orientation
    expected = ImageOps.exif_transpose(plain)
    turned = read_photo(written(photo))
    assert np.array_equal(turned.pixels >> 8, expected)
    assert alpha is None or np.array_equal(turned.alpha, turned.pixels[..., 1])


@pytest.mark.parametrize("quality", [30, 75, 97])
@pytest.mark.parametrize("sampling", [0, 1, 2])
def test_jpeg_is_written_with_its_own_tables_and_sampling(quality, sampling):
    image = Image.fromarray(smooth())
    first = decoded(encoded(image, "JPEG", quality=quality, subsampling=sampling))
    photo = read_photo(encoded(image, "JPEG", quality=quality, subsampling=sampling))
    second = decoded(written(photo))
    assert second.quantization == first.quantization
    assert JpegImagePlugin.get_sampling(second) == JpegImagePlugin.get_sampling(first) == sampling
    assert np.abs(np.asarray(second, int) - np.asarray(first, int)).mean() < 1


def test_grey_jpeg_is_written_back_grey():
    photo = read_photo(encoded(Image.fromarray(smooth()).convert("L"), "JPEG"))
    assert photo.mode == "L"
    assert photo.pixels.shape == (64, 96, 3)
    coloured = photo.pixels.copy()
    coloured[:8, :8] = (255, 0, 0)
    back = decoded(written(photo.replace_pixels(coloured)))
    assert back.mode == "L"
    assert abs(int(np.asarray(back)[4, 4]) - 76) < 4  # red's luminance


def test_lossy_webp_stays_lossy_and_lossless_stays_lossless():
    image = Image.fromarray(noise(16, 16, 3))
    for options, lossless in ({"lossless": True}, True), ({"quality": 80}, False):
        for extra in {}, {"icc_profile": SRGB}:  # with a profile the file is of the extended kind
            photo = read_photo(encoded(image, "WEBP", **options, **extra))
            assert (b"VP8L" in written(photo)) == lossless


def test_wide_colours_of_heic_are_told_again():
    data = encoded(Image.fromarray(smooth()), "HEIF", color_primaries=12, full_range_flag=1,
                   transfer_characteristics=13, matrix_coefficients=6)  # fmt: skip
    told = decoded(data).info["nclx_profile"]["color_primaries"]
    assert told == 12  # Display P3
    assert decoded(written(read_photo(data))).info["nclx_profile"]["color_primaries"] == told


# ---------------------------------------------------------------------------------- what is changed


@pytest.mark.parametrize("format", ["PNG", "GIF"])
def test_palette_transparency_becomes_alpha(format):
    image = Image.fromarray(noise(6, 6, 3) // 64 * 64).quantize(8)
    data = encoded(image, format, transparency=3)
    expected = np.asarray(decoded(data).convert("RGBA"))
    assert expected[..., 3].min() == 0
    photo = read_photo(data)
    assert photo.format == "PNG"
    assert np.array_equal(np.dstack([photo.pixels, photo.alpha]), expected)
    assert np.array_equal(decoded(written(photo)), expected)


@pytest.mark.parametrize(("mode", "clear"), [("L", 7), ("RGB", (1, 2, 3))])
def test_one_transparent_colour_becomes_alpha(mode, clear):
    image = Image.new(mode, (4, 3), clear)
    image.putpixel((2, 1), 200 if mode == "L" else (9, 9, 9))
    photo = read_photo(encoded(image, "PNG", transparency=clear))
    assert photo.mode == mode
    assert np.array_equal(photo.alpha == 255, np.arange(12).reshape(3, 4) == 6)


@pytest.mark.parametrize("channels", [1, 3])
def test_one_transparent_colour_at_sixteen_bits_becomes_alpha(channels):
    colour = (300, 7, 65000)[:channels]
    samples = np.full((3, 4, channels), colour, np.uint16)
    samples[1, 2] = 1
    theirs = samples[..., 0] if channels == 1 else samples[..., ::-1]
    png = cv2.imencode(".png", theirs)[1].tobytes()
    buffer = io.BytesIO()
    buffer.write(png[:33])
    PngImagePlugin.putchunk(buffer, b"tRNS", struct.pack(f">{channels}H", *colour))
    buffer.write(png[33:])
    photo = read_photo(buffer.getvalue())
    assert np.array_equal(photo.pixels[..., :channels], samples)
    assert np.array_equal(photo.alpha == 65535, np.arange(12).reshape(3, 4) == 6)
    assert photo.alpha.min() == 0


def test_one_bit_becomes_grey():
    image = Image.fromarray(noise(5, 9) > 127)
    photo = read_photo(encoded(image, "PNG"))
    assert photo.mode == "L"
    assert np.array_equal(photo.pixels[..., 1] > 0, np.asarray(image))
    assert set(np.unique(photo.pixels)) == {0, 255}


def grey_for_all_inks():
    """An ICC profile by hand: whatever the CMYK, its colour is Lab (50, 0, 0)."""
    curve = bytes(range(256))
    table = b"mft1" + bytes(4) + struct.pack(">BBBB", 4, 3, 2, 0)
    table += struct.pack(">9i", *(65536 * (each % 4 == 0) for each in range(9)))
    table += curve * 4 + bytes([128, 128, 128]) * 16 + curve * 3
    text = b"desc" + bytes(4) + struct.pack(">I", 2) + b"x\0" + bytes(90)
    white = b"XYZ " + bytes(4) + struct.pack(">3i", 63190, 65536, 54061)
    tags, body, at = b"", b"", 128 + 4 + 12 * 3
    for name, data in ((b"A2B0", table), (b"desc", text), (b"wtpt", white)):
        data += bytes(-len(data) % 4)
        tags += name + struct.pack(">II", at + len(body), len(data))
        body += data
    header = struct.pack(">I4sI4s4s4s", at + len(body), b"lcms", 0x02400000, b"prtr", b"CMYK",
                         b"Lab ")  # fmt: skip
    header += struct.pack(">6H4s", 2020, 1, 1, 0, 0, 0, b"acsp") + bytes(28)
    header += struct.pack(">3i", 63190, 65536, 54061)
    return header.ljust(128, b"\0") + struct.pack(">I", 3) + tags + body


@pytest.mark.parametrize("format", ["JPEG", "TIFF"])
def test_cmyk_becomes_srgb_by_its_profile_or_plainly(format):
    image = Image.fromarray(smooth(16, 16)).convert("CMYK")
    plain = read_photo(encoded(image, format))
    assert np.abs(plain.pixels.astype(int) - smooth(16, 16)).mean() < 6
    photo = read_photo(encoded(image, format, icc_profile=grey_for_all_inks()))
    assert np.abs(photo.pixels.astype(int) - 119).max() <= 2  # Lab (50, 0, 0) in sRGB
    assert photo.profile is None
    assert decoded(written(photo)).mode == "RGB"
    broken = read_photo(encoded(image, format, icc_profile=b"no profile"))
    assert np.array_equal(broken.pixels, plain.pixels)


def test_a_negative_sixteen_bit_tiff_is_turned_positive():
    grey = noise(4, 5, dtype=np.uint16)
    photo = Photo(np.dstack([grey] * 3), format="TIFF", mode="L")
    field = struct.pack("<HHIHH", 262, 3, 1, 1, 0)  # photometric: black is zero
    data = written(photo)
    assert data.count(field) == 1
    white_is_zero = data.replace(field, struct.pack("<HHIHH", 262, 3, 1, 0, 0))
    assert np.array_equal(read_photo(white_is_zero).pixels, 65535 - photo.pixels)


def test_the_first_picture_of_a_phones_jpeg_is_taken():
    first, second = Image.fromarray(smooth()), Image.new("RGB", (10, 10))
    photo = read_photo(encoded(first, "MPO", save_all=True, append_images=[second]))
    assert (photo.format, photo.size) == ("JPEG", first.size)
    assert decoded(written(photo)).format == "JPEG"


def test_bmp_is_written_as_png():
    image = Image.fromarray(noise(4, 4, 3))
    photo = read_photo(encoded(image, "BMP"))
    assert photo.format == "PNG"
    assert np.array_equal(decoded(written(photo)), image)


def test_sixteen_bits_are_rounded_for_a_format_of_eight():
    values = np.arange(0, 65536, 7, dtype=np.uint16)[None, :, None].repeat(3, axis=2)
    back = decoded(written(Photo(values, format="PNG"), "WEBP")).size
    assert back == (values.shape[1], 1)
    assert np.array_equal(to_pil(Photo(values)), np.rint(values / 257).astype(np.uint8))


# ---------------------------------------------------------------------------------- what is refused


def animation(format):
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    return encoded(frames[0], format, save_all=True, append_images=frames[1:])


def png_header(width, height):
    buffer = io.BytesIO()
    buffer.write(b"\x89PNG\r\n\x1a\n")
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    PngImagePlugin.putchunk(buffer, b"IHDR", header)
    PngImagePlugin.putchunk(buffer, b"IDAT", b"x" * 1000)
    return buffer.getvalue()


JPEG = encoded(Image.fromarray(smooth()), "JPEG")
FLOAT = encoded(Image.fromarray(np.ones((4, 4), np.float32)), "TIFF")


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("none.jpg", None, "none.jpg does not exist"),
        ("empty.jpg", b"", r"empty.jpg is empty \(0 bytes\)"),
        ("notes.jpg", b"Dear diary, " * 50, "notes.jpg is not a picture that can be read"),
        ("half.jpg", JPEG[: len(JPEG) // 2], "half.jpg is damaged or cut short"),
        ("vast.png", png_header(20000, 15000), "vast.png is too large: at most 120 megapixels"),
        ("large.png", png_header(15000, 10000), "large.png is 15000x10000 but at most 120"),
        ("float.tif", FLOAT, "float.tif holds samples of PIL's mode F"),
        *(
            (f"moving.{each.lower()}", animation(each), "holds several pictures")
            for each in ("GIF", "WEBP", "PNG", "TIFF", "AVIF")
        ),
    ],
)
@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_refusals(tmp_path, name, data, sentence):
    path = tmp_path / name
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(InpaintingError, match=sentence) as refusal:
        read_photo(path)
    assert str(tmp_path) not in str(refusal.value)


def test_a_folder_is_refused(tmp_path):
    with pytest.raises(InpaintingError, match="holidays is a folder"):
        read_photo(_made(tmp_path / "holidays"))


def _made(folder: Path):
    folder.mkdir()
    return folder


def test_the_size_is_refused_even_where_warnings_are_errors():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(InpaintingError, match="too large"):
            read_photo(png_header(15000, 10000))


@pytest.mark.parametrize("format", ALL)
def test_a_file_cut_anywhere_is_refused_or_whole(format):
    image = Image.fromarray(noise(24, 24, 3))
    data = encoded(image, format)
    whole = np.asarray(decoded(data))
    for length in np.linspace(1, len(data) - 1, 30).astype(int):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # PIL's, about broken tags
            try:
                photo = read_photo(data[:length])
            except InpaintingError:
                continue
        assert np.array_equal(photo.pixels, whole)


@pytest.mark.parametrize("format", [*ALL, "GIF", "BMP"])
@pytest.mark.filterwarnings("ignore")
def test_damage_raises_nothing_but_refusals(format):
    rng = np.random.default_rng(3)
    keep = {} if format in ("GIF", "BMP") else {"exif": b"Exif\0\0" + block(6)}
    data = np.frombuffer(encoded(Image.fromarray(noise(16, 16, 3)), format, **keep), np.uint8)
    for _ in range(60):
        damaged = data.copy()
        spots = rng.integers(0, len(data) if rng.random() < 0.5 else min(len(data), 400), 3)
        damaged[spots] = rng.integers(0, 256, 3)
        try:
            written(read_photo(damaged.tobytes()))
        except InpaintingError:
            continue


@pytest.mark.parametrize(("planes", "alpha"), [(2, 2), (1, 1)])
def test_sixteen_bit_layouts_that_would_come_out_wrong_are_refused(planes, alpha):
    fields = TiffImagePlugin.ImageFileDirectory_v2()
    fields[256], fields[257], fields[258], fields[259] = 4, 4, (16,) * 4, 1
    fields[262], fields[277], fields[278], fields[284], fields[338] = 2, 4, 4, planes, alpha
    strips = 4 if planes == 2 else 1
    size = 4 * 4 * 8 // strips
    fields[273], fields[279] = tuple(range(0, 128, size)), (size,) * strips
    buffer = io.BytesIO()
    fields.save(buffer)
    buffer.write(noise(128).tobytes())
    with pytest.raises(InpaintingError, match="separate planes or premultiplied"):
        read_photo(buffer.getvalue())


@pytest.mark.parametrize("pixels", [np.zeros((4, 4), np.uint8), np.zeros((4, 4, 3), np.float32)])
def test_a_photo_of_other_arrays_is_refused(pixels):
    with pytest.raises(InpaintingError, match="a photo is HxWx3 uint8 or uint16"):
        Photo(pixels)
    with pytest.raises(InpaintingError, match="they must be alike"):
        Photo(np.zeros((4, 4, 3), np.uint8)).replace_pixels(pixels)


# ------------------------------------------------------------------------------------ where it goes


def test_a_path_and_an_open_file_and_bytes_are_alike(tmp_path):
    path = tmp_path / "IMG 1.jpg"
    path.write_bytes(JPEG)
    with path.open("rb") as file:
        photos = [read_photo(path), read_photo(str(path)), read_photo(file), read_photo(JPEG)]
    assert [each.name for each in photos] == ["IMG 1", "IMG 1", "IMG 1", ""]
    assert photos[0].suffix == ".jpg"
    for each in photos[1:]:
        assert np.array_equal(each.pixels, photos[0].pixels)


@pytest.mark.parametrize(
    ("name", "format"), [("a.JPG", "JPEG"), ("a.tiff", "TIFF"), ("a.heic", "HEIF"), ("a", "PNG")]
)
def test_the_suffix_says_the_format(tmp_path, name, format):
    write_photo(Photo(smooth()), tmp_path / name)
    assert decoded((tmp_path / name).read_bytes()).format == format
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("name", ["a.gif", "a.txt"])
def test_another_suffix_is_refused(tmp_path, name):
    with pytest.raises(InpaintingError, match="choose one of JPEG, PNG"):
        write_photo(Photo(smooth()), tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_transparency_is_not_lost_in_a_jpeg(tmp_path):
    alpha = np.full((64, 96), 255, np.uint8)
    write_photo(Photo(smooth(), alpha), tmp_path / "opaque.jpg")
    alpha[0, 0] = 254
    with pytest.raises(InpaintingError, match="it would lose its transparency"):
        write_photo(Photo(smooth(), alpha), tmp_path / "clear.jpg")


def test_a_files_own_settings_are_for_its_own_format():
    lossless = encoded(Image.fromarray(smooth()), "WEBP", lossless=True)
    made = decoded(written(read_photo(lossless), "JPEG"))
    assert made.quantization == decoded(written(Photo(smooth()), "JPEG")).quantization


def test_a_write_that_is_cut_off_leaves_the_old_file(tmp_path, monkeypatch):
    def refuse(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", refuse)
    (tmp_path / "photo.png").write_bytes(b"old")
    with pytest.raises(InpaintingError, match="cannot be written .No space left on device"):
        write_photo(Photo(smooth()), tmp_path / "photo.png")
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"old"]


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(tmp_path):
    target = tmp_path / "photo.webp"
    target.write_bytes(b"old")
    too_wide = Photo(np.zeros((1, 20000, 3), np.uint8))  # WebP ends at 16383
    with pytest.raises(InpaintingError, match="photo.webp cannot be written as WEBP"):
        write_photo(too_wide, target)
    assert target.read_bytes() == b"old"
    with pytest.raises(InpaintingError, match="cannot be written"):
        write_photo(Photo(smooth()), tmp_path / "missing" / "photo.png")
    folder = _made(tmp_path / "folder.png")
    with pytest.raises(InpaintingError, match="folder.png cannot be written"):
        write_photo(Photo(smooth()), folder)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder.png", "photo.webp"]


def test_nothing_is_changed_for_others():
    Image.init()
    before = (dict(Image.OPEN), Image.MAX_IMAGE_PIXELS)
    read_photo(encoded(Image.fromarray(smooth()), "HEIF"))
    assert (dict(Image.OPEN), Image.MAX_IMAGE_PIXELS) == before


# --------------------------------------------------------------------------------- PIL and previews


@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA", "I;16"])
def test_pil_images_return_in_their_mode(mode):
    samples = noise(5, 6, dtype=np.uint16) if mode == "I;16" else noise(5, 6, max(1, len(mode)))
    image = Image.fromarray(samples.squeeze())
    assert image.mode == mode
    image.info["exif"] = b"Exif\0\0" + block(6)
    back = to_pil(from_pil(image))
    assert back.mode == mode
    assert np.array_equal(back, image)
    assert back.getexif()[exif.ORIENTATION] == 6  # as it stands: neither turned nor told otherwise


def test_a_pil_image_that_cannot_be_taken_is_refused():
    with pytest.raises(InpaintingError, match="mode F"):
        from_pil(Image.new("F", (2, 2)))
    with pytest.raises(InpaintingError, match="damaged or cut short"):
        from_pil(Image.open(io.BytesIO(JPEG[:-300])))


@pytest.mark.parametrize("size", [(1, 1), (3000, 50), (120, 90)])
def test_a_preview_is_no_larger_than_asked(size):
    shown = preview(Photo(np.zeros((*size[::-1], 3), np.uint8)), 100)
    assert shown.mode == "RGB"
    assert max(shown.size) == min(100, max(size))
    assert abs(shown.width * size[1] - shown.height * size[0]) <= max(size)


def test_a_preview_is_like_pils_own_reduction():
    picture = Image.fromarray(smooth(640, 480))
    ImageDraw.Draw(picture).ellipse((100, 100, 300, 300), fill="white")
    expected = picture.resize((160, 120), Image.Resampling.BOX)
    for pixels in np.asarray(picture), np.asarray(picture).astype(np.uint16) * 257:
        shown = preview(Photo(pixels), 160)
        assert np.abs(np.asarray(shown, int) - np.asarray(expected, int)).mean() < 1


def test_a_preview_of_a_fine_pattern_is_its_mean():
    pattern = np.indices((300, 300)).sum(axis=0) % 2 * np.uint8(255)
    shown = np.asarray(preview(Photo(np.dstack([pattern] * 3).astype(np.uint8)), 90), int)
    assert np.abs(shown - 127).max() < 20


def test_a_preview_shows_clear_pixels_white_without_their_colour_bleeding():
    pixels = np.zeros((40, 40, 3), np.uint8)
    pixels[:, 20:] = (0, 255, 0)  # hidden under alpha 0
    alpha = np.full((40, 40), 255, np.uint8)
    alpha[:, 20:] = 0
    shown = np.asarray(preview(Photo(pixels, alpha), 10), int)
    assert shown[:, -2:].min() == 255
    assert shown[:, :2].max() == 0
    assert np.ptp(shown, axis=2).max() <= 1  # black to white, no green


def test_a_preview_is_of_the_profiles_colours():
    swapped = SRGB.replace(b"rXYZ", b"----").replace(b"gXYZ", b"rXYZ").replace(b"----", b"gXYZ")
    red = np.full((4, 4, 3), (200, 10, 10), np.uint8)
    shown = np.asarray(preview(Photo(red, profile=swapped), 4), int)
    assert np.abs(shown - (10, 200, 10)).max() <= 4
    assert np.array_equal(preview(Photo(red, profile=b"broken"), 4), red)


def test_a_preview_of_grey_is_by_a_colour_profile_too():
    gamma, other = (struct.pack(">i", round(each * 65536)) for each in (2.4, 1.2))
    assert gamma in SRGB
    grey = np.full((4, 4, 3), 90, np.uint8)
    shown = preview(Photo(grey, mode="L", profile=SRGB.replace(gamma, other)), 4)
    assert np.asarray(shown).min() > 120  # a lower gamma is lighter
    assert np.array_equal(shown, preview(Photo(grey, profile=SRGB.replace(gamma, other)), 4))
