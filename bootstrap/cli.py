"""``istmo``: one entry point. A command imports what is heavy when it runs, so that ``--help`` answers at once."""

import sys

from cyclopts import App

from bootstrap.commands import (
    admin_events,
    admin_keys,
    api_keys,
    archives,
    backup,
    books,
    bulk,
    config,
    doctor,
    fiscal_tools,
    imports,
    lost,
    offices,
    onboarding,
    preview,
    processes,
    retention,
    schema,
    secrets,
    series,
    simulate,
    statements,
    tenants,
)
from bootstrap.commands.speaking import telling_failures


def build_cli() -> App:
    """The command tree."""
    app = App(
        name="istmo",
        help="E-invoicing gateway for Panama. Settings come from ISTMO_... variables: see `istmo config show`.",
        version_flags=["--version"],
    )
    app.command(processes.serve, name="serve")
    app.command(processes.worker, name="worker")
    app.command(processes.fake_pac, name="fake-pac")
    app.command(processes.migrate, name="migrate")
    app.command(doctor.doctor, name="doctor")
    app.command(backup.backup, name="backup")
    app.command(backup.restore, name="restore")
    app.command(backup.recover, name="recover")
    app.command(simulate.simulate, name="simulate")

    app.command(fiscal_tools.ruc, name="ruc")
    app.command(fiscal_tools.cufe, name="cufe")
    app.command(fiscal_tools.totals, name="totals")
    app.command(preview.preview, name="preview")
    app.command(schema.schema, name="schema")

    app.command(bulk.issue, name="issue")
    app.command(imports.import_file, name="import")
    _add_accounting(app)

    settings = App(name="config", help="Look at the settings of this installation.")
    settings.command(config.check, name="check")
    settings.command(config.show, name="show")
    settings.command(config.new_key, name="new-key")
    app.command(settings)

    app.command(_tenants())
    app.command(_onboarding())
    app.command(_secrets())
    app.command(_admin_keys())
    app.command(_admin())

    office = App(name="office", help="Branches of a taxpayer.")
    office.command(offices.create, name="create")
    office.command(offices.list_offices, name="list")
    app.command(office)

    apikey = App(name="apikey", help="Keys of the programs that call the API.")
    apikey.command(api_keys.create, name="create")
    apikey.command(api_keys.revoke, name="revoke")
    apikey.command(api_keys.list_keys, name="list")
    app.command(apikey)

    left = App(name="lost", help="Documents that left before a restore, and that the database does not know.")
    left.command(lost.show, name="show")
    left.command(lost.issued, name="issued")
    left.command(lost.never_issued, name="never-issued")
    app.command(left)

    numbers = App(name="series", help="Number series, one per billing point and document type.")
    numbers.command(series.set_series, name="set")
    numbers.command(series.show, name="show")
    app.command(numbers)
    return app


def _tenants() -> App:
    group = App(name="tenant", help="Taxpayers who issue through this installation.")
    group.command(tenants.create, name="create")
    group.command(tenants.list_tenants, name="list")
    group.command(tenants.webhook_secret, name="webhook-secret")
    group.command(tenants.webhook_url, name="webhook-url")
    group.command(tenants.pac_key, name="pac-key")
    return group


def _secrets() -> App:
    group = App(name="secrets", help="The key that seals the secrets of taxpayers.")
    group.command(secrets.rotate, name="rotate")
    return group


def _admin_keys() -> App:
    group = App(name="admin-key", help="Keys of the people who administer this installation.")
    group.command(admin_keys.create, name="create")
    return group


def _admin() -> App:
    group = App(name="admin", help="What was changed in this installation.")
    group.command(admin_events.events, name="events")
    return group


def _onboarding() -> App:
    group = App(name="onboard", help="Bring a taxpayer to its first document, step by step.")
    group.default(onboarding.onboard)
    group.command(onboarding.resume, name="continue")
    group.command(onboarding.status, name="status")
    group.command(onboarding.certificate, name="certificate")
    return group


def _add_accounting(app: App) -> None:
    """What an accountant asks for."""
    app.command(books.book, name="book")
    app.command(statements.statement, name="statement")
    app.command(archives.archive, name="archive")
    app.command(retention.retention, name="retention")
    proof = App(name="evidence", help="Everything that is known of one document, to show and to check.")
    proof.default(archives.evidence)
    proof.command(archives.verify_evidence, name="verify")
    app.command(proof)


def main() -> None:
    """Run one command. Exit codes: 0 done, 1 refused or failed, 2 misused."""
    app = build_cli()
    app.help_on_error = False
    with telling_failures():
        app(sys.argv[1:])
