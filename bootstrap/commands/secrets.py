"""Commands about the key that seals the secrets of tenants."""

import sys

from bootstrap.commands.session import Installation, operator, run_with_container
from bootstrap.commands.speaking import complain, say
from core.use_cases.administer import Administer
from core.use_cases.reseal_secrets import Resealed


def rotate() -> None:
    """Seal every secret of every taxpayer with ISTMO_SECRETS_KEY, opening it with ISTMO_OLDER_SECRETS_KEYS.

    Safe beside running processes that have both keys. Run it again when it was cut off: what is done stays done.
    Exit code 1 when a secret can be opened with none of the keys. See docs/operations.md.
    """

    async def act(container: Installation) -> Resealed:
        told = (lambda tenant: complain(f"... {tenant}")) if sys.stderr.isatty() else (lambda _: None)
        return await (await container.get(Administer)).reseal_secrets(operator(), told=told)

    done = run_with_container(act)
    say(f"{done.secrets} sealed anew, of {done.tenants} taxpayers")
    for tenant_id, kind in done.unreadable:
        complain(f"error secret_unreadable: {tenant_id} {kind.value}: none of the keys opens it; set it again")
    if done.unreadable:
        raise SystemExit(1)
