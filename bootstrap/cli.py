"""``istmo``: one entry point. Command modules import what is heavy only when they run: ``--help`` answers at once."""

import sys

from cyclopts import App

_PLACE = "bootstrap.commands"


def build_cli() -> App:
    """The command tree."""
    app = App(
        name="istmo",
        help="E-invoicing gateway for Panama. Settings come from ISTMO_... variables: see `istmo config show`.",
        version_flags=["--version"],
    )
    app.command(f"{_PLACE}.processes:serve", name="serve")
    app.command(f"{_PLACE}.processes:worker", name="worker")
    app.command(f"{_PLACE}.processes:fake_pac", name="fake-pac")
    app.command(f"{_PLACE}.processes:migrate", name="migrate")
    app.command(f"{_PLACE}.doctor:doctor", name="doctor")
    app.command(f"{_PLACE}.backup:backup", name="backup")
    app.command(f"{_PLACE}.backup:restore", name="restore")
    app.command(f"{_PLACE}.backup:recover", name="recover")

    app.command(f"{_PLACE}.fiscal_tools:ruc", name="ruc")
    app.command(f"{_PLACE}.fiscal_tools:cufe", name="cufe")
    app.command(f"{_PLACE}.fiscal_tools:totals", name="totals")
    app.command(f"{_PLACE}.preview:preview", name="preview")

    config = App(name="config", help="Look at the settings of this installation.")
    config.command(f"{_PLACE}.config:check", name="check")
    config.command(f"{_PLACE}.config:show", name="show")
    config.command(f"{_PLACE}.config:new_key", name="new-key")
    app.command(config)

    tenant = App(name="tenant", help="Taxpayers who issue through this installation.")
    tenant.command(f"{_PLACE}.tenants:create", name="create")
    tenant.command(f"{_PLACE}.tenants:list_tenants", name="list")
    tenant.command(f"{_PLACE}.tenants:webhook_secret", name="webhook-secret")
    tenant.command(f"{_PLACE}.tenants:pac_key", name="pac-key")
    app.command(tenant)

    office = App(name="office", help="Branches of a taxpayer.")
    office.command(f"{_PLACE}.offices:create", name="create")
    office.command(f"{_PLACE}.offices:list_offices", name="list")
    app.command(office)

    apikey = App(name="apikey", help="Keys of the programs that call the API.")
    apikey.command(f"{_PLACE}.api_keys:create", name="create")
    apikey.command(f"{_PLACE}.api_keys:revoke", name="revoke")
    apikey.command(f"{_PLACE}.api_keys:list_keys", name="list")
    app.command(apikey)

    series = App(name="series", help="Number series, one per billing point and document type.")
    series.command(f"{_PLACE}.series:set_series", name="set")
    series.command(f"{_PLACE}.series:show", name="show")
    app.command(series)
    return app


def main() -> None:
    """Run one command. Exit codes: 0 done, 1 refused or failed, 2 misused."""
    app = build_cli()
    app.help_on_error = False
    from bootstrap.commands.speaking import telling_failures

    with telling_failures():
        app(sys.argv[1:])
