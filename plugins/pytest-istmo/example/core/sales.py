"""What a sale is to this shop."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Sale:
    """Coffees sold at the counter; a price in cents before the tax of 7 %."""

    number: int
    coffees: int
    price: int

    @property
    def total(self) -> float:
        """What the customer pays, in balboas."""
        net = self.coffees * self.price
        return (net + round(net * 7 / 100)) / 100
