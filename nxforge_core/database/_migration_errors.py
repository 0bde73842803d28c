"""Why a plugin's tables are not in the shape its code needs.

::

    NxForgeError
      MigrationError               the plugin is to be quarantined
        MigrationFileError         refused before anything ran
        MigrationFailedError
        MigrationChangedError
        MigrationMissingError
        MigrationBusyError
        MigrationCheckError
        NoWayBackError
"""

from __future__ import annotations

from pathlib import Path

from nxforge_core.api.errors import ConflictError, NxForgeError

__all__ = [
    "MigrationBusyError",
    "MigrationChangedError",
    "MigrationCheckError",
    "MigrationError",
    "MigrationFailedError",
    "MigrationFileError",
    "MigrationMissingError",
    "NoWayBackError",
]


class MigrationError(NxForgeError):
    """A plugin's tables are not in the shape its code needs."""

    code = "migration"

    def __init__(self, plugin: str, message: str, *, remedy: str) -> None:
        super().__init__(f"plugin {plugin!r}: {message}", remedy=remedy)
        self.plugin = plugin


class MigrationFileError(MigrationError):
    """A migration file is refused before anything ran."""

    def __init__(self, plugin: str, file: Path, line: int, what: str) -> None:
        place = f"{file.name}:{line}" if line else str(file)
        super().__init__(
            plugin,
            f"migration {place} is refused: {what}",
            remedy="correct the file; nothing was applied",
        )
        self.file = file
        self.line = line


class MigrationCheckError(MigrationError):
    """The plugin's own statements do not fit what its migrations made; nothing stays.

    Attributes:
        statement: Its name.
    """

    def __init__(self, plugin: str, statement: str, words: str) -> None:
        super().__init__(
            plugin,
            f"the statement {statement!r} does not fit the tables after the migration: "
            f"{words}",
            remedy="the tables are as they were; report this to the plugin's author, "
            "or install the version before",
        )
        self.statement = statement


class MigrationFailedError(MigrationError):
    """A migration failed. What belongs to the same transaction is rolled back.

    Attributes:
        line: In the file, 1-based; 0 where PostgreSQL names no place.
        kept: Files of the same run that stay applied, because a non-transactional
            file after them closed their transaction.
    """

    def __init__(
        self, plugin: str, file: Path, line: int, error: str, kept: tuple[str, ...]
    ) -> None:
        stays = f"; these stay applied: {', '.join(kept)}" if kept else ""
        super().__init__(
            plugin,
            f"migration {file.name}{f':{line}' if line else ''} failed: {error}{stays}",
            remedy="correct the migration or the data it meets, and start again",
        )
        self.file = file
        self.line = line
        self.error = error
        self.kept = kept


class MigrationChangedError(MigrationError):
    """The text of an applied migration is not what was applied."""

    def __init__(self, plugin: str, file: Path, applied: str, found: str) -> None:
        super().__init__(
            plugin,
            f"migration {file.name} was changed after it was applied "
            f"(applied sha256 {applied}, found {found})",
            remedy="restore the file as it was and put the change into a new one",
        )
        self.file = file
        self.applied = applied
        self.found = found


class MigrationMissingError(MigrationError):
    """The database has a migration that the plugin no longer ships."""

    def __init__(self, plugin: str, folder: Path, ids: tuple[str, ...]) -> None:
        super().__init__(
            plugin,
            f"applied migrations are missing from {folder}: {', '.join(ids)}",
            remedy="install the version of the plugin that applied them, "
            "or a newer one",
        )
        self.ids = ids


class MigrationBusyError(MigrationError):
    """Another process is migrating the same schema and does not end."""

    def __init__(self, plugin: str, schema: str, seconds: float) -> None:
        super().__init__(
            plugin,
            f"schema {schema!r} is being migrated by another process "
            f"for over {seconds:g} s",
            remedy="wait for it to end, or stop it, and start again",
        )


class NoWayBackError(MigrationError, ConflictError):
    """There is nothing to roll back, or no rollback SQL for it."""

    status = ConflictError.status
    exit_code = ConflictError.exit_code

    def __init__(self, plugin: str, what: str, *, remedy: str) -> None:
        MigrationError.__init__(self, plugin, f"no way back: {what}", remedy=remedy)
