"""Addresses: read from URLs, written for two drivers, shown without password."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg.conninfo import conninfo_to_dict
from yoyo.connections import parse_uri

from nxforge_core.api.errors import InvalidInputError
from nxforge_core.database import ServerAddress

_WORD = st.text(
    st.characters(codec="ascii", exclude_categories=["Cc"]), min_size=1, max_size=12
)


def test_address_is_read_from_a_full_url() -> None:
    """Percent-encoding is undone, and what else the URL says is kept."""
    address = ServerAddress.parse(
        "postgres://us%40er:p%2Fw@db.example:5433/na%20me?sslmode=require"
    )
    assert address == ServerAddress(
        host="db.example",
        port=5433,
        user="us@er",
        password="p/w",  # noqa: S106 - an example
        database="na me",
        options={"sslmode": "require"},
    )


def test_address_is_read_with_a_socket_folder() -> None:
    """`?host=/folder` names the folder of a Unix socket."""
    address = ServerAddress.parse("postgresql:///nxforge?host=/run/pg&user=me")
    assert (address.host, address.user) == ("/run/pg", "me")
    assert address.display() == "postgresql://me@/nxforge?host=/run/pg"


@pytest.mark.parametrize(
    "url",
    [
        "mysql://u:canary@h/d",
        "u:canary@h/d",
        "postgresql://u:canary@h:port/d",
        "postgresql://u:canary@h1,h2/d?host=a,b",
        "postgresql://u:canary@h/d?colour=red",
        "postgresql://u@h/d?password=canary&colour=red",
        "postgresql://u:can@ary@h/d?colour=red",
    ],
)
def test_bad_url_is_named_without_its_password(url: str) -> None:
    """The error shows what was given, masks the password and says what to write."""
    with pytest.raises(InvalidInputError) as refused:
        ServerAddress.parse(url)
    assert "canary" not in refused.value.message
    assert "ary@" not in refused.value.message
    assert "database URL" in refused.value.message
    assert refused.value.remedy


def test_password_is_never_shown() -> None:
    """Neither repr nor display holds it."""
    address = ServerAddress.parse("postgresql://u:canary@h/d")
    assert "canary" not in repr(address) + str(address) + address.display()


@given(user=_WORD, password=_WORD, database=_WORD)
def test_every_driver_gets_the_same_values(
    user: str, password: str, database: str
) -> None:
    """Quotes, spaces, percent and at signs survive the way to psycopg and yoyo."""
    address = ServerAddress(
        host="/run/it's", user=user, password=password, database=database
    )
    expected = {
        "host": "/run/it's",
        "user": user,
        "password": password,
        "dbname": database,
    }
    parsed = conninfo_to_dict(address.conninfo("app"))
    assert parsed.items() >= expected.items()
    yoyo = parse_uri(address.yoyo_uri("nxp_a")).args
    assert yoyo.items() >= (expected | {"schema": "nxp_a"}).items()
    arguments = address.asyncpg_arguments()
    assert (arguments["user"], arguments["password"]) == (user, password)
    assert arguments["database"] == database


def test_conninfo_has_deadlines_and_what_the_url_says() -> None:
    """Nothing waits for ever as it would by default; what the URL says wins."""
    address = ServerAddress.parse("postgresql://h/d?connect_timeout=9&options=-c%20a=b")
    parsed = conninfo_to_dict(address.conninfo("nxforge queue"))
    assert parsed["connect_timeout"] == "9"
    assert parsed["keepalives_idle"] == "10"
    assert parsed["tcp_user_timeout"] == "10000"
    assert parsed["application_name"] == "nxforge queue"
    assert parsed["options"] == "-c a=b"


def test_asyncpg_is_not_given_libpqs_options() -> None:
    """They would go to the server as settings, which it refuses."""
    address = ServerAddress.parse("postgresql://h/d?connect_timeout=9&sslmode=prefer")
    assert address.asyncpg_arguments()["dsn"] == "postgresql:///?sslmode=prefer"


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://ada:p%40ss%2F%3A@db.example.net:5433/nx%20forge",
        "postgresql://ada:x@[fd00::7]:5432/nxforge?sslmode=verify-full",
        "postgresql://ada:x@/nxforge?host=%2Frun%2Fpostgresql&port=5432",
    ],
)
def test_address_is_written_as_it_was_read(url: str) -> None:
    """The URL of a reader leads where the host's own does."""
    address = ServerAddress.parse(url)

    assert ServerAddress.parse(address.url()) == address
