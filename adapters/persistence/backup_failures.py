"""What can be wrong with a backup or with the place where it should go."""

from core.errors import Category, IstmoError, Wording


class BackupFolderNotEmptyError(IstmoError):
    """A backup goes into a folder of its own."""

    code = "backup_folder_not_empty"
    category = Category.CONFLICT
    wording = Wording("The folder {folder} is not empty.", "La carpeta {folder} no está vacía.")
    advice = Wording("Give a new folder for each backup.", "Indique una carpeta nueva para cada respaldo.")


class BackupNeedsDatabaseToolsError(IstmoError):
    """The database is a PostgreSQL server, which has better tools of its own."""

    code = "backup_needs_database_tools"
    category = Category.INVALID
    wording = Wording(
        "The database is PostgreSQL: Istmo copies the files and the high-water marks, not the server's data.",
        "La base de datos es PostgreSQL: Istmo copia los archivos y las marcas de numeración, no los datos del"
        " servidor.",
    )
    advice = Wording(
        "Take the database first with pg_dump or pg_basebackup, then run `istmo backup FOLDER --files-only`.",
        "Respalde primero la base de datos con pg_dump o pg_basebackup y luego ejecute"
        " `istmo backup CARPETA --files-only`.",
    )


class BackupDamagedError(IstmoError):
    """``what`` of the backup is missing, changed or cannot be read."""

    code = "backup_damaged"
    category = Category.INVALID
    wording = Wording("The backup is damaged: {what}.", "El respaldo está dañado: {what}.")
    advice = Wording(
        "Use another backup. If only PDF or XML files are damaged, `--without-damaged-files` restores the rest.",
        "Use otro respaldo. Si solo hay archivos PDF o XML dañados, `--without-damaged-files` restaura el resto.",
    )


class DatabaseInTheWayError(IstmoError):
    """There is a database at ``place`` already."""

    code = "database_in_the_way"
    category = Category.CONFLICT
    wording = Wording("There is a database at {place} already.", "Ya existe una base de datos en {place}.")
    advice = Wording(
        "With `--replace` the restored one takes its place; the old one is kept beside it under another name.",
        "Con `--replace` la restaurada toma su lugar; la anterior se conserva al lado con otro nombre.",
    )


class DatabaseInUseError(IstmoError):
    """Another process has the database at ``place`` open."""

    code = "database_in_use"
    category = Category.CONFLICT
    wording = Wording("The database at {place} is in use.", "La base de datos en {place} está en uso.")
    advice = Wording(
        "Stop every `istmo serve` and `istmo worker` on it first.",
        "Detenga primero todo `istmo serve` e `istmo worker` que la use.",
    )


class MarksLostError(IstmoError):
    """The high-water marks that should outlive the database are older than the backup, for the named ``series``."""

    code = "marks_lost"
    category = Category.CONFLICT
    wording = Wording(
        "The high-water marks of this installation are missing or older than the backup: {series}.",
        "Las marcas de numeración de esta instalación faltan o son más antiguas que el respaldo: {series}.",
    )
    advice = Wording(
        "Bring the marks back, or give the last number that may be at the PAC: `--past TENANT/POINT/TYPE=NUMBER`.",
        "Recupere las marcas o indique el último número que puede estar en el PAC: `--past TENANT/PUNTO/TIPO=NÚMERO`.",
    )
