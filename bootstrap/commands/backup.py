"""Backup, restore, and what must happen after a restore or a failover before anything is sent again."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

Past = Annotated[list[str] | None, Parameter(name="--past", negative=())]
Flag = Annotated[bool, Parameter(negative=())]


def backup(folder: Path, *, files_only: Flag = False) -> None:
    """Copy database, files and high-water marks into a new folder, while the service runs. Exit code 1 when a file
    that the database names is missing.

    Files in a bucket stay there: only their presence is checked. The secrets key is not in a backup: keep it apart.

    Parameters
    ----------
    folder
        A folder that is empty or not there yet, on another disk if it can be.
    files_only
        Files and high-water marks alone, beside pg_dump or pg_basebackup of a PostgreSQL database.
    """
    from bootstrap.backups import back_up

    back_up(folder, files_only=files_only)


def restore(
    folder: Path,
    *,
    past: Past = None,
    replace: Flag = False,
    without_damaged_files: Flag = False,
) -> None:
    """Bring a backup back, then do what `istmo recover` does. Stop every other `istmo` process first.

    The database takes its place only when all of that is done. A backup without a database (of PostgreSQL) brings
    files and marks back; restore the database with its own tools and run `istmo recover`.

    Parameters
    ----------
    folder
        What `istmo backup` made.
    past
        TENANT/POINT/TYPE=NUMBER: the last number that may be at the PAC, where the marks here were lost too.
    replace
        Take the place of a database that exists; it is kept beside the restored one.
    without_damaged_files
        Restore although PDF or XML files of the backup are missing or changed; they are named.
    """
    from bootstrap.backups import restore_backup

    restore_backup(folder, past=past, replace=replace, without_damaged_files=without_damaged_files)


def recover(*, past: Past = None) -> None:
    """After a failover of PostgreSQL or a restore with its own tools: doubt what may have been sent, skip numbers
    that may be at the PAC. Stop every other `istmo` process first. Harmless to run again.

    Parameters
    ----------
    past
        TENANT/POINT/TYPE=NUMBER: the last number that may be at the PAC, where it is above the high-water mark.
    """
    from bootstrap.backups import recover_installation

    recover_installation(past)
