"""Row 17: small catalogues with real entries. The DGI's own lists are longer."""

from adapters.alanube.fake.wire import JsonObject

PROVINCES = {
    "1": "Bocas del Toro",
    "2": "Coclé",
    "3": "Colón",
    "4": "Chiriquí",
    "5": "Darién",
    "6": "Herrera",
    "7": "Los Santos",
    "8": "Panamá",
    "9": "Veraguas",
    "10": "Guna Yala",
    "11": "Emberá",
    "12": "Ngäbe-Buglé",
    "13": "Panamá Oeste",
}
DISTRICTS = {
    "1-2": "Changuinola",
    "2-1": "Aguadulce",
    "2-6": "Penonomé",
    "3-1": "Colón",
    "4-6": "David",
    "5-1": "Chepigana",
    "6-1": "Chitré",
    "7-2": "Las Tablas",
    "8-8": "Panamá",
    "8-10": "San Miguelito",
    "9-10": "Santiago",
    "13-1": "Arraiján",
    "13-3": "La Chorrera",
}
CORREGIMIENTOS = {
    "8-8-1": "San Felipe",
    "8-8-2": "El Chorrillo",
    "8-8-3": "Santa Ana",
    "8-8-4": "La Exposición o Calidonia",
    "8-8-5": "Curundú",
    "8-8-6": "Betania",
    "8-8-7": "Bella Vista",
    "8-8-8": "Pueblo Nuevo",
    "8-8-9": "San Francisco",
    "8-8-10": "Parque Lefevre",
    "8-8-11": "Río Abajo",
    "8-8-12": "Juan Díaz",
}
COUNTRIES = {
    "PA": "Panamá",
    "AR": "Argentina",
    "BR": "Brasil",
    "CA": "Canadá",
    "CL": "Chile",
    "CN": "China",
    "CO": "Colombia",
    "CR": "Costa Rica",
    "DO": "República Dominicana",
    "EC": "Ecuador",
    "ES": "España",
    "FR": "Francia",
    "GT": "Guatemala",
    "MX": "México",
    "PE": "Perú",
    "US": "Estados Unidos de América",
    "VE": "Venezuela",
    "ZZ": "Otro",
}
UNITS = {
    "und": "Unidad",
    "kg": "Kilogramo",
    "g": "Gramo",
    "m": "Metro",
    "m2": "Metro cuadrado",
    "m3": "Metro cúbico",
    "cm": "Centímetro",
    "l": "Litro",
    "ml": "Mililitro",
    "oz": "Onza",
    "lb": "Libra",
    "gal": "Galón",
    "Caja": "Caja",
    "Hora": "Hora",
}
GOODS_AND_SERVICES = {
    "10": "Material vivo vegetal y animal",
    "27": "Herramientas y maquinaria general",
    "2711": "Herramientas de mano",
    "30": "Componentes y suministros para estructuras y edificación",
    "43": "Difusión de tecnologías de información y telecomunicaciones",
    "4321": "Equipo informático y accesorios",
    "44": "Equipos de oficina, accesorios y suministros",
    "50": "Alimentos, bebidas y tabaco",
    "5020": "Bebidas",
    "55": "Publicaciones impresas, electrónicas y accesorios",
    "72": "Servicios de edificación y mantenimiento",
    "7210": "Servicios de mantenimiento y reparaciones de construcciones",
    "80": "Servicios de gestión y profesionales de empresa",
    "81": "Servicios basados en ingeniería, investigación y tecnología",
    "8111": "Servicios informáticos",
}
_LOCATIONS = {
    code: f"{PROVINCES[code.split('-')[0]]} / {DISTRICTS['-'.join(code.split('-')[:2])]} / {name}"
    for code, name in CORREGIMIENTOS.items()
}
_CATALOGUES = {
    "countries": COUNTRIES,
    "provinces": PROVINCES,
    "districts": DISTRICTS,
    "corrections": CORREGIMIENTOS,  # the vendor's word for corregimientos
    "locations": _LOCATIONS,
    "measurement-units": UNITS,
    "goods-and-services": GOODS_AND_SERVICES,
}


def catalogue(name: str) -> list[JsonObject] | None:
    """``[{code, value}]``, or None when there is no such catalogue (ASSUME-019)."""
    entries = _CATALOGUES.get(name)
    return None if entries is None else [{"code": code, "value": value} for code, value in entries.items()]
