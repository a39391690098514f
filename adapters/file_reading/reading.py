"""Read one file inside a process that has nothing to lose: standard input to standard output, then the end.

It is started by ``process_reader`` alone. It gives up what it could harm before it looks at a byte: memory, processor
time, files, new processes are all limited, and whoever waits for it ends it in time.
"""

import json
import resource
import sys
from io import BytesIO

import pypdfium2
import zxingcpp
from PIL import Image, ImageOps, UnidentifiedImageError

PAGES_MAX = 5
PIXELS_MAX = 24_000_000  # of one page or picture
TEXT_MAX = 200_000
QR_MAX = 20
QR_TEXT_MAX = 2_000
MEMORY_MAX = 1_500 * 1024 * 1024
SECONDS_MAX = 20
_POINTS_PER_INCH = 72
_TOO_BIG = ("it needs more memory than a document may", "necesita más memoria de la que puede usar un documento")
_RESOLUTIONS = (200, 350)  # dots per inch: the second only where the first finds nothing


class UnreadableError(Exception):
    """The file cannot be read; its arguments are why, for people, in English and in Spanish."""


def read(content: bytes) -> dict[str, object]:
    """``{"qr_texts": [...], "text": ...}``. Raises UnreadableError."""
    return _read_pdf(content) if content.startswith(b"%PDF-") else _read_picture(content)


def _read_pdf(content: bytes) -> dict[str, object]:
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        raise UnreadableError(
            "it is no PDF that can be opened, or it needs a password",
            "no es un PDF que se pueda abrir, o pide una contraseña",
        ) from error
    found: list[str] = []
    texts: list[str] = []
    with document:
        for place in range(min(len(document), PAGES_MAX)):
            page = document[place]
            texts.append(page.get_textpage().get_text_bounded()[:TEXT_MAX])
            for resolution in _RESOLUTIONS:
                codes = _codes_in(_rendered(page, resolution))
                found.extend(codes)
                if codes:
                    break
    if not texts:
        raise UnreadableError("it has no page", "no tiene ninguna página")
    return {"qr_texts": list(dict.fromkeys(found))[:QR_MAX], "text": "\n".join(texts)[:TEXT_MAX]}


def _rendered(page: pypdfium2.PdfPage, resolution: int) -> Image.Image:
    width, height = page.get_size()
    if not (0 < width < 20_000 and 0 < height < 20_000):
        raise UnreadableError("a page has an impossible size", "una página tiene un tamaño imposible")
    scale = resolution / _POINTS_PER_INCH
    largest = (PIXELS_MAX / (width * height)) ** 0.5
    picture: Image.Image = page.render(scale=min(scale, largest), grayscale=True).to_pil()
    return picture


def _read_picture(content: bytes) -> dict[str, object]:
    Image.MAX_IMAGE_PIXELS = None  # judged here, before anything is decoded
    try:
        with Image.open(BytesIO(content), formats=("PNG", "JPEG")) as opened:
            width, height = opened.size
            if width * height > 4 * PIXELS_MAX:
                raise UnreadableError(
                    f"it has {width} x {height} pixels, which is too many",
                    f"tiene {width} x {height} píxeles, que son demasiados",
                )
            opened.draft("L", (width, height))
            picture = ImageOps.exif_transpose(opened).convert("L")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise UnreadableError("it is no picture that can be opened", "no es una imagen que se pueda abrir") from error
    if picture.width * picture.height > PIXELS_MAX:
        picture.thumbnail((5_000, 4_800))
    return {"qr_texts": _codes_in(picture), "text": ""}


def _codes_in(picture: Image.Image) -> list[str]:
    codes = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode))
    return [code.text[:QR_TEXT_MAX] for code in codes[:QR_MAX] if code.valid and code.text]


def _give_up_powers() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS_MAX, SECONDS_MAX))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MAX, MEMORY_MAX))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """Answer on standard output: what was read, or why nothing could be."""
    _give_up_powers()
    try:
        answer = read(sys.stdin.buffer.read())
    except UnreadableError as error:
        answer = {"unreadable": error.args}
    except MemoryError:
        answer = {"unreadable": _TOO_BIG}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
