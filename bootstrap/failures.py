"""What can be wrong with an installation before it serves anybody."""

from dataclasses import dataclass

from core.errors import Category, IstmoError, Wording


class SchemaOutOfDateError(IstmoError):
    """The database is not at the schema of this version."""

    code = "schema_out_of_date"
    category = Category.CONFLICT
    wording = Wording(
        "The database is at schema {found}, this version needs {needed}.",
        "La base de datos está en el esquema {found}; esta versión necesita {needed}.",
    )
    advice = Wording("Run `istmo migrate`.", "Ejecute `istmo migrate`.")


class RowSecurityMissingError(IstmoError):
    """Row-level security is required, and does not bind the role of this process. ``reason`` says why, in words."""

    code = "row_security_missing"
    category = Category.DENIED
    wording = Wording(
        "Row-level security does not bind the database role of this process: it {reason}.",
        "La seguridad por filas no limita el rol de base de datos de este proceso: {reason}.",
    )
    advice = Wording(
        "Let ISTMO_DATABASE_URL connect as the application role, and ISTMO_OWNER_DATABASE_URL as the owner.",
        "Haga que ISTMO_DATABASE_URL use el rol de la aplicación e ISTMO_OWNER_DATABASE_URL el dueño.",
    )


class DemoRefusedError(IstmoError):
    """The demo does not start here. ``why`` and ``why_es`` say the reason, in words."""

    code = "demo_refused"
    category = Category.CONFLICT
    wording = Wording("The demo does not start: {why}.", "La demostración no arranca: {why_es}.")
    advice = Wording(
        "Run it where nothing is issued for real, without --folder or with an empty one.",
        "Ejecútela donde no se emita de verdad, sin --folder o con una carpeta vacía.",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One variable that is wrong, in words."""

    variable: str
    reason: str


class SettingsError(Exception):
    """The environment does not make a working installation."""

    def __init__(self, problems: list[Problem]) -> None:
        """``problems``: at least one."""
        self.problems = problems
        super().__init__("; ".join(f"{problem.variable} {problem.reason}" for problem in problems))


class CannotListenError(Exception):
    """The port is taken, or the address is not this machine's."""

    def __init__(self, *, host: str, port: int, reason: str) -> None:
        """``reason`` is the operating system's own."""
        super().__init__(f"cannot listen on {host}:{port}: {reason}")
