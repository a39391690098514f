"""Commands about the keys of administrators."""

from bootstrap.commands.speaking import complain, say


def create(name: str, /) -> None:
    """Make a key for the administrators' API at /admin/graphql. Prints the key alone on a line; it is shown once.

    What to put into ISTMO_ADMIN_KEYS goes to standard error. Take it out again to revoke the key. See docs/admin.md.

    Parameters
    ----------
    name
        Who it is for: small letters, digits and hyphens. Logs name it.
    """
    from adapters.scheduler.system_clock import SystemChance
    from core.use_cases.admin_keys import CreateAdminKey

    made = CreateAdminKey(SystemChance())(name)
    say(made.secret)
    complain(f"ISTMO_ADMIN_KEYS={made.key.name}:{made.key.secret_digest}")
