"""Who and what the scenarios are about: the example issuer, receivers and lines of the contract's section 5."""

from decimal import Decimal

from core.codes import Environment, ItbmsRate, ReceiverType, RucType
from core.documents import Issuer
from core.drafts import DraftLine, DraftReceiver, ForeignIdentity
from core.identifiers import TenantId

TENANT = TenantId("01TENANT000000000000000000")
OFFICE = "01J9ZK4T7Q8R2M5N6P7S8T9V0W"
ORIGINAL_CUFE = "FE0120000155777777-2-2021-0500012026030400000004510010124839201753"
ISSUER = Issuer(
    ruc="155777777-2-2021",
    ruc_type=RucType.LEGAL,
    dv="05",
    name="Emisor de Ejemplo, S.A.",
    environment=Environment.TEST,
    branch="0001",
    pac_office_id=OFFICE,
)
FERRETERIA = DraftReceiver(
    receiver_type=ReceiverType.TAXPAYER,
    ruc="155000001-2-2020",
    ruc_type=RucType.LEGAL,
    name="Ferreteria Ejemplo Uno, S.A.",
    address="Calle Ficticia 10, local 3",
    location_code="8-8-7",
    phones=("200-0101",),
    emails=("compras@example.com",),
)
STATE_BODY = DraftReceiver(
    receiver_type=ReceiverType.GOVERNMENT,
    ruc="8-NT-1-99901",
    ruc_type=RucType.LEGAL,
    name="Entidad Publica de Ejemplo",
    address="Avenida Inventada, edificio 2",
    location_code="8-8-7",
    phones=("500-0202",),
    emails=("proveedores@example.org",),
)
CONSUMER = DraftReceiver(receiver_type=ReceiverType.FINAL_CONSUMER, name="CONSUMIDOR FINAL")
FOREIGNER = DraftReceiver(
    receiver_type=ReceiverType.FOREIGNER,
    name="Compradora Lejana, Ltda.",
    address="Carrera Inventada 5",
    country="CO",
    foreign_identity=ForeignIdentity(kind="02", number="900123456", country="Colombia"),
)
DRILL = DraftLine(
    description="Taladro de prueba 500W",
    code="SKU-1001",
    unit="und",
    quantity=Decimal(3),
    unit_price=Decimal("40.00"),
    unit_discount=Decimal("2.50"),
)
BOOK = DraftLine(
    description="Libro tecnico",
    code="SKU-2002",
    unit="und",
    quantity=Decimal(2),
    unit_price=Decimal("15.00"),
    itbms=ItbmsRate.EXEMPT,
)
MAINTENANCE = DraftLine(
    description="Servicio de mantenimiento mensual",
    code="SRV-30",
    unit="und",
    quantity=Decimal(1),
    unit_price=Decimal("1000.00"),
    cpbs_code="7210",
    cpbs_unit="und",
)
COFFEE = DraftLine(
    description="Cafe molido 400 g",
    code="SKU-0400",
    unit="und",
    quantity=Decimal(2),
    unit_price=Decimal("6.50"),
)
