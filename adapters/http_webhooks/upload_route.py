"""POST /uploads: a received PDF or photo on its way to createInvoiceFromFile. The body is the file and nothing else."""

from typing import Any

from litestar import Request, Response, post
from litestar.handlers import HTTPRouteHandler

from adapters.http_webhooks.answers import failure_answer, incident_answer, json_answer
from adapters.http_webhooks.raw_body import read_raw_body, refuse_announced, refuse_encoded
from core.errors import IstmoError, Wording
from core.failures import UploadRefusedError, WebhookTooLargeError
from core.ports.file_reader import FILE_BYTES_MAX
from core.tenants import Role
from core.use_cases.api_keys import AuthenticateCaller, require_role
from core.use_cases.upload_file import UploadFile

BODY_SECONDS_MAX = 60.0  # for 10 MiB over a slow line
_TOO_LARGE = Wording("it is larger than 10 MiB", "supera 10 MiB")


def build_upload_handlers(
    authenticate: AuthenticateCaller, upload_file: UploadFile, *, body_seconds_max: float = BODY_SECONDS_MAX
) -> list[HTTPRouteHandler]:
    """The route handler of uploads. The caller is authenticated before a byte of the body is read."""

    @post("/uploads", status_code=201, request_max_body_size=None, include_in_schema=False)
    async def upload(request: Request[Any, Any, Any]) -> Response[bytes]:
        try:
            caller = await authenticate(request.headers.get("authorization"))
            require_role(caller, Role.ISSUER)
            content = await _body(request, body_seconds_max)
            receipt = await upload_file(caller.tenant_id, content)
        except IstmoError as error:
            return failure_answer(error)
        except Exception as error:  # noqa: BLE001 - logged under an incident; the caller learns only its number
            return incident_answer(error, route="uploads")
        return json_answer(
            {
                "uploadToken": receipt.token,
                "expiresAt": receipt.expires_at.isoformat().replace("+00:00", "Z"),
                "sha256": receipt.upload.digest,
                "size": receipt.upload.size,
                "kind": receipt.upload.kind.value,
            },
            status=201,
        )

    return [upload]


async def _body(request: Request[Any, Any, Any], seconds_max: float) -> bytes:
    try:
        refuse_encoded(request.headers)
        refuse_announced(request.headers, FILE_BYTES_MAX)
        return await read_raw_body(request.receive, bytes_max=FILE_BYTES_MAX, seconds_max=seconds_max)
    except WebhookTooLargeError:
        raise UploadRefusedError(reason=_TOO_LARGE) from None
