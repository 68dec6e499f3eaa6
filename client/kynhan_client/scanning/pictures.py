"""QR codes of ours in a picture: PNG or JPEG, a photo or a scan."""

from __future__ import annotations

import io
import itertools
import warnings
from collections.abc import Iterator
from typing import Final

import zxingcpp
from PIL import Image, ImageFilter, ImageOps, UnidentifiedImageError

from kynhan_protocol.package import qr_text

from . import limits

QR: Final = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
FORMATS: Final = ("PNG", "JPEG")
SMALL: Final = 2400  # pixels of the longer side up to which a second look is taken at double size


class PictureError(Exception):
    """Not a picture that can be read; `str()` is the key of the clause that says why."""


def codes_of_file(data: bytes) -> list[str]:
    """The texts of our codes in a PNG or JPEG file. Raises PictureError."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
                if picture.width * picture.height > limits.PIXELS:
                    raise PictureError("image.size")
                upright = ImageOps.exif_transpose(picture)
                return codes(_on_white(upright))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError) as error:
        raise PictureError("image.size") from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Warning) as error:
        raise PictureError("image.broken") from error


def codes(picture: Image.Image, *, patient: bool = True) -> list[str]:
    """The texts of our codes in a picture, each once; if `patient`, looks again where there are none at first."""
    for attempt in itertools.islice(_attempts(picture), None if patient else 1):
        found = [one.text for one in zxingcpp.read_barcodes(attempt, formats=QR) if qr_text.is_ours(one.text)]
        if found:
            return list(dict.fromkeys(found))[: limits.CODES]
    return []


def _attempts(picture: Image.Image) -> Iterator[Image.Image]:
    grey = picture.convert("L")
    yield grey
    yield ImageOps.autocontrast(grey, cutoff=2)
    if max(grey.size) <= SMALL:
        doubled = grey.resize((grey.width * 2, grey.height * 2), Image.Resampling.LANCZOS)
        yield doubled
        yield doubled.filter(ImageFilter.MedianFilter(3))


def _on_white(picture: Image.Image) -> Image.Image:
    """Transparent parts are paper."""
    if "A" not in picture.getbands() and "transparency" not in picture.info:
        return picture
    layered = picture.convert("RGBA")
    paper = Image.new("RGBA", layered.size, "white")
    paper.alpha_composite(layered)
    return paper
