"""What each rule says that ``core.dgi_totals_check`` can find broken (section 8.4 of the technical sheet; M)."""

from collections.abc import Mapping
from types import MappingProxyType

from core.errors import Wording

TOTALS_RULES: Mapping[str, Wording] = MappingProxyType(
    {
        "2000": Wording("There is at least one item.", "Hay al menos un ítem."),
        "2001": Wording("No item's sequence repeats.", "Ninguna secuencia de ítem se repite."),
        "2051": Wording("dPrUnitDesc is not above dPrUnit.", "dPrUnitDesc no supera dPrUnit."),
        "2052": Wording("A price of zero has no discount.", "Un precio de cero no lleva descuento."),
        "2053": Wording(
            "dPrItem = dCantCodInt x (dPrUnit - dPrUnitDesc).", "dPrItem = dCantCodInt x (dPrUnit - dPrUnitDesc)."
        ),
        "2054": Wording("Freight stands on items or on totals.", "El acarreo va en los ítems o en los totales."),
        "2055": Wording("Insurance stands on items or on totals.", "El seguro va en los ítems o en los totales."),
        "2056": Wording(
            "dValTotItem = dPrItem + freight + insurance + ITBMS + ISC + OTI.",
            "dValTotItem = dPrItem + acarreo + seguro + ITBMS + ISC + OTI.",
        ),
        "2150": Wording("dTasaITBMS is 00, 01, 02 or 03.", "dTasaITBMS es 00, 01, 02 o 03."),
        "2152": Wording("dValITBMS = rate x dPrItem.", "dValITBMS = tasa x dPrItem."),
        "2300": Wording("No OTI repeats within an item.", "Ningún OTI se repite en un ítem."),
        "2500": Wording("dTotNeto is the sum of dPrItem.", "dTotNeto es la suma de dPrItem."),
        "2501": Wording("dTotITBMS is the sum of dValITBMS.", "dTotITBMS es la suma de dValITBMS."),
        "2503": Wording(
            "dTotGravado = ITBMS + ISC + OTI, the sum of taxes.",
            "dTotGravado = ITBMS + ISC + OTI, la suma de impuestos.",
        ),
        "2505": Wording("dTotAcar is zero when items carry freight.", "dTotAcar es cero si los ítems llevan acarreo."),
        "2506": Wording("dTotSeg is zero when items carry insurance.", "dTotSeg es cero si los ítems llevan seguro."),
        "2507": Wording(
            "dVTot = dVTotItems + freight + insurance + other charges - discounts.",
            "dVTot = dVTotItems + acarreo + seguro + otros gastos - descuentos.",
        ),
        "2510": Wording("dTotRec is the sum of payments.", "dTotRec es la suma de los pagos."),
        "2513": Wording("dNroItems is the number of items.", "dNroItems es la cantidad de ítems."),
        "2514": Wording("dVTotItems is the sum of dValTotItem.", "dVTotItems es la suma de dValTotItem."),
        "dVuelto": Wording("dVuelto = dTotRec - dVTot.", "dVuelto = dTotRec - dVTot."),
        "cValRetenc": Wording(
            "cValRetenc is the code's share of dTotITBMS.", "cValRetenc es la parte de dTotITBMS que fija el código."
        ),
    }
)
