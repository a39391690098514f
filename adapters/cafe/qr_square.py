"""The QR code of the CAFE as one drawing, row by row: the library's own widget makes an object of every square."""

from itertools import groupby

from reportlab.graphics.barcode.qrencoder import QRCode, QRErrorCorrectLevel
from reportlab.lib.colors import black
from reportlab.platypus import Flowable

QUIET_MODULES = 4


class QrSquare(Flowable):
    """A QR code of ``side`` points, quiet zone included."""

    def __init__(self, address: str, side: float) -> None:
        """``address`` is encoded as bytes with medium error correction."""
        super().__init__()
        self.width = self.height = side
        code = QRCode(None, QRErrorCorrectLevel.M)
        code.addData(address)
        code.make()
        self._rows: list[list[bool]] = code.modules

    @property
    def modules(self) -> int:
        """How many of its squares fit side by side, quiet zone included."""
        return len(self._rows) + 2 * QUIET_MODULES

    def draw(self) -> None:
        """Draw at the place that the page gave."""
        module = self.width / self.modules
        path = self.canv.beginPath()
        for place, row in enumerate(self._rows):
            y = self.height - (place + 1 + QUIET_MODULES) * module
            column = 0
            for is_dark, run in groupby(row, key=bool):
                length = len(list(run))
                if is_dark:
                    path.rect((column + QUIET_MODULES) * module, y, length * module, module)
                column += length
        self.canv.setFillColor(black)
        self.canv.drawPath(path, stroke=0, fill=1)
