"""PostgreSQL: addresses, pools, plugins' corners, migrations, the embedded server."""

from __future__ import annotations

from ._address import ServerAddress, quote_identifier
from ._corner import Corner, making_login, prepare_corner, schema_name
from ._corner_end import (
    corner_exists,
    corner_residue,
    corner_rows,
    corner_size,
    drop_corner,
    end_sessions,
)
from ._dump import bring_in, dump_database, restore_database
from ._dump_errors import (
    DumpFailedError,
    NoDumpProgramError,
    NotEmptyError,
    TimescaleDumpError,
)
from ._embedded import EmbeddedServer
from ._errors import (
    CornerError,
    DatabaseTimeoutError,
    DatabaseTooOldError,
    DatabaseUnavailableError,
    DatabaseUnreachableError,
    DataDirectoryError,
    EmbeddedBinariesError,
    EmbeddedServerError,
    EmbeddedUserError,
    NaiveDatetimeError,
    PoolExhaustedError,
    RowShapeError,
    ServerPasswordError,
    TransactionPoolingError,
    UnstorableValueError,
)
from ._lending import Lending
from ._migrate import (
    MigrationReport,
    Rehearsal,
    migrate,
    rehearse,
    rollback,
    status,
)
from ._migration_errors import (
    MigrationBusyError,
    MigrationChangedError,
    MigrationCheckError,
    MigrationError,
    MigrationFailedError,
    MigrationFileError,
    MigrationMissingError,
    NoWayBackError,
)
from ._migration_files import MigrationFile, read_folder
from ._migration_history import MigrationState
from ._pool import Pool
from ._reader import ReaderError, drop_reader, make_reader, open_reading
from ._server import ServerInfo, check_server, connect_once
from ._shape import ShapeCheck, statements_fit

__all__ = [
    "Corner",
    "CornerError",
    "DataDirectoryError",
    "DatabaseTimeoutError",
    "DatabaseTooOldError",
    "DatabaseUnavailableError",
    "DatabaseUnreachableError",
    "DumpFailedError",
    "EmbeddedBinariesError",
    "EmbeddedServer",
    "EmbeddedServerError",
    "EmbeddedUserError",
    "Lending",
    "MigrationBusyError",
    "MigrationChangedError",
    "MigrationCheckError",
    "MigrationError",
    "MigrationFailedError",
    "MigrationFile",
    "MigrationFileError",
    "MigrationMissingError",
    "MigrationReport",
    "MigrationState",
    "NaiveDatetimeError",
    "NoDumpProgramError",
    "NoWayBackError",
    "NotEmptyError",
    "Pool",
    "PoolExhaustedError",
    "ReaderError",
    "Rehearsal",
    "RowShapeError",
    "ServerAddress",
    "ServerInfo",
    "ServerPasswordError",
    "ShapeCheck",
    "TimescaleDumpError",
    "TransactionPoolingError",
    "UnstorableValueError",
    "bring_in",
    "check_server",
    "connect_once",
    "corner_exists",
    "corner_residue",
    "corner_rows",
    "corner_size",
    "drop_corner",
    "drop_reader",
    "dump_database",
    "end_sessions",
    "make_reader",
    "making_login",
    "migrate",
    "open_reading",
    "prepare_corner",
    "quote_identifier",
    "read_folder",
    "rehearse",
    "restore_database",
    "rollback",
    "schema_name",
    "statements_fit",
    "status",
]
