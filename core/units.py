"""Units of measure that a line may name, as far as they are known here.

The DGI's early table has 164 codes; this one holds those that a source spells out, so it is not the whole table and
an unknown unit warns, never refuses. Capitals count: ``Caja`` and ``Hora`` are written so in the DGI's schema.
"""

from core.codes import TextCode


class Unit(TextCode):
    """cUnidad. Not exhaustive on purpose."""

    UNIT = "und", "Unit", "Unidad"
    KILOGRAM = "kg", "Kilogram", "Kilogramo"
    METRE = "m", "Metre", "Metro"
    SQUARE_METRE = "m2", "Square metre", "Metro cuadrado"
    CENTIMETRE = "cm", "Centimetre", "Centímetro"
    LITRE = "l", "Litre", "Litro"
    OUNCE = "oz", "Ounce", "Onza"
    BOX = "Caja", "Box", "Caja"
    HOUR = "Hora", "Hour", "Hora"


KNOWN_UNITS = frozenset(unit.value for unit in Unit)
_BY_LETTERS = {unit.value.lower(): unit for unit in Unit}


def similar_unit(text: str) -> Unit | None:
    """The unit that ``text`` is but for capitals and spaces, or None."""
    return _BY_LETTERS.get(text.strip().lower())
