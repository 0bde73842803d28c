# /// script
# dependencies = ["nox>=2025.5"]
# ///
"""Every check and the demo, one session each: `nox` runs the checks."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from secrets import token_hex

import nox

nox.needs_version = ">=2025.5"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.reuse_venv = "yes"
nox.options.sessions = [
    "lint",
    "types",
    "arch",
    "tests",
    "compat",
    "acceptance",
    "faults_short",
    "browser",
    "docs",
]

ROOT = Path(__file__).parent
FLOOR = "3.11"
#: Also on the project's machines; the two together are what the classifiers promise.
NEWER = "3.13"
PLUGINS = [
    "plugins/nxforge-consumption-monitor",
    "plugins/nxforge-temperature-monitor",
]
#: What users install, then what the documentation shows.
DISTRIBUTIONS = [".", *PLUGINS, "examples/minimal-plugin", "examples/meter-templates"]
SHOWN = ("minimal", "acme")
SOURCES = [
    "nxforge_core",
    "nxforge_pytest.py",
    "plugins",
    "examples",
    "tests",
    "docs",
    "noxfile.py",
    "conftest.py",
]
INTEGRATION = "plugins/*/tests/integration"
#: They start a server of their own, so another one would prove nothing new.
OWN_SERVER = [
    "tests/integration/database/test_embedded_server.py",
    "tests/integration/database/test_silent_server.py",
    "tests/integration/host/test_embedded_login.py",
    "tests/integration/jobs/test_frozen_database.py",
]
UNIT_AND_INTEGRATION = [
    "tests/unit",
    "tests/integration",
    "tests/simulation",
    "plugins",
]
#: Processes that share the tests, each with the files it is given and with a server of
#: its own. More than there are cores: most tests wait, few compute.
SHARES = 3
SHARED = ["-n", str(SHARES), "--dist", "loadfile", "--no-loadscope-reorder"]
#: Fewer where each has a browser or other processes beside it.
PAIRED = ["-n", "2", "--dist", "loadfile"]


def install(session: nox.Session, *groups: str, extras: str = "") -> None:
    """The core and both plugins from this folder, editable, and dependency groups."""
    plugins = [part for folder in PLUGINS for part in ("-e", folder)]
    wanted = nox.project.dependency_groups(
        nox.project.load_toml(ROOT / "pyproject.toml"), *groups
    )
    session.install("-q", "-e", f".{extras}", *plugins, *wanted)


@nox.session(python=FLOOR)
def lint(session: nox.Session) -> None:
    """Style, format and spelling."""
    wanted = nox.project.dependency_groups(
        nox.project.load_toml(ROOT / "pyproject.toml"), "lint"
    )
    session.install("-q", *wanted)
    session.run("ruff", "check", *SOURCES)
    session.run("ruff", "format", "--check", *SOURCES)
    session.run(
        "codespell",
        "--skip=*.css,docs/_build",
        *SOURCES,
        "README.md",
        "CONTRIBUTING.md",
    )


@nox.session(python=FLOOR)
def types(session: nox.Session) -> None:
    """Strict types: the core, the plugins, the examples, the tests of typing."""
    install(session, "types", "embedding")
    session.run(
        "mypy", "nxforge_core", "nxforge_pytest.py", "noxfile.py", "tests/typing"
    )
    applications = [*ROOT.glob("examples/embedding-*"), ROOT / "examples/api-client"]
    for example in sorted(applications):
        with session.chdir(example):
            session.run("mypy", "--config-file", str(ROOT / "pyproject.toml"), ".")
    for folder in (*PLUGINS, "examples/minimal-plugin"):
        session.run("mypy", f"{folder}/src")


@nox.session(python=FLOOR)
def arch(session: nox.Session) -> None:
    """Who imports whom, and the house rules that a test can check."""
    install(session, "arch", "test")
    session.run("lint-imports")
    session.run("pytest", "-q", "tests/architecture")


@nox.session(python=FLOOR)
def tests(session: nox.Session) -> None:
    """Unit and integration tests on the embedded PostgreSQL, with coverage."""
    install(session, "test", extras="[embedded,browser]")
    arguments = session.posargs or UNIT_AND_INTEGRATION
    session.run("coverage", "erase")
    session.run(
        "coverage", "run", "-m", "pytest", "-q", *SHARED, "-m", "not long", *arguments
    )
    session.run("coverage", "combine", "-q")
    if not session.posargs:
        session.run("coverage", "report")


@nox.session(python=NEWER)
def compat(session: nox.Session) -> None:
    """The integration tests on a newer Python and the system's PostgreSQL."""
    install(session, "test", extras="[embedded,browser]")
    folders = sorted(str(path.relative_to(ROOT)) for path in ROOT.glob(INTEGRATION))
    left_out = [f"--ignore={path}" for path in OWN_SERVER]
    arguments = session.posargs or ["tests/integration", *left_out, *folders]
    with ExitStack() as servers:
        urls = [servers.enter_context(system_postgresql()) for _ in range(SHARES)]
        session.run(
            "pytest", "-q", *SHARED, "-m", "not long and not patient", *arguments,
            env={"NXFORGE_TEST_DATABASE_URL": " ".join(urls)},
        )  # fmt: skip


def quick_folder() -> Path | None:
    """Memory, where there is room: a database for each test keeps a disk busy."""
    memory = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it
    roomy = memory.is_dir() and shutil.disk_usage(memory).free >= 4 << 30
    return memory if roomy else None


@contextmanager
def system_postgresql() -> Iterator[str]:
    """The newest PostgreSQL of this machine, run by a user that is not root."""
    programs = max(Path("/usr/lib/postgresql").glob("*/bin"))
    folder = Path(tempfile.mkdtemp(prefix="nxforge-postgresql-", dir=quick_folder()))
    user: list[str] = []
    if os.geteuid() == 0:
        shutil.chown(folder, "nobody")
        user = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]
    data, secret, password = folder / "data", folder / "password", token_hex()
    secret.write_text(password)
    initdb = [str(programs / "initdb"), "-D", str(data), "-U", "nxforge", "-N"]
    initdb += ["-A", "scram-sha-256", "--pwfile", str(secret)]
    subprocess.run([*user, *initdb], check=True, stdout=subprocess.DEVNULL)
    postgres = [str(programs / "postgres"), "-D", str(data), "-k", str(folder)]
    options = ["-c", "listen_addresses=", "-c", "max_connections=300"]
    # Nobody pulls this server's plug: a database for each test is cheaper so.
    options += ["-c", "fsync=off", "-c", "full_page_writes=off"]
    log = (folder / "log").open("w")
    server = subprocess.Popen([*user, *postgres, *options], stderr=log)
    try:
        ready = [str(programs / "pg_isready"), "-q", "-h", str(folder), "-t", "10"]
        while subprocess.run(ready, check=False).returncode and server.poll() is None:
            threading.Event().wait(0.1)
        yield f"postgresql://nxforge:{password}@/postgres?host={folder}"
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(30)
        log.close()
        shutil.rmtree(folder, ignore_errors=True)


def build(session: nox.Session) -> Path:
    """Source distributions and the wheels made of them: their folder."""
    folder = Path(session.create_tmp()) / "dist"
    shutil.rmtree(folder, ignore_errors=True)
    session.install("-q", "build", "hatchling", "twine")
    for distribution in DISTRIBUTIONS:
        session.run(
            "python", "-m", "build", "-q", "--no-isolation", "--outdir", str(folder),
            distribution,
        )  # fmt: skip
    released = [str(file) for file in folder.iterdir() if not is_shown(file)]
    session.run("twine", "check", "--strict", *released)
    return folder


def is_shown(file: Path) -> bool:
    """Whether it is an example of the documentation."""
    return any(word in file.name for word in SHOWN)


@nox.session(python=FLOOR)
def acceptance(session: nox.Session) -> None:
    """Installed wheels, real processes: what a user does, as a user does it."""
    built = build(session)
    wheels = [str(each) for each in built.glob("*.whl") if not is_shown(each)]
    core, *chosen = sorted(wheels, key=lambda path: "nxforge_core-" not in path)
    wanted = nox.project.dependency_groups(
        nox.project.load_toml(ROOT / "pyproject.toml"), "test"
    )
    session.install("-q", "--force-reinstall", "--no-deps", core, *chosen)
    # Users install plugins with pip, so this environment has it whoever made it.
    session.install("-q", f"{core}[embedded,browser]", *chosen, *wanted, "pip")
    session.run(
        "pytest", "-q", *PAIRED, "tests/acceptance", *session.posargs,
        env={"NXFORGE_TEST_DIST": str(built)},
    )  # fmt: skip


@nox.session(python=FLOOR)
def faults_short(session: nox.Session) -> None:
    """Every row of the fault matrix in its short form, two side by side: most wait."""
    install(session, "test", "fuzz", extras="[embedded,browser]")
    session.run(
        "pytest", "-q", "-n", "2", "--dist", "loadgroup", "tests/faults",
        *session.posargs,
    )  # fmt: skip


@nox.session(python=FLOOR)
def faults(session: nox.Session) -> None:
    """The fault matrix in full, then without faults: each guard has to notice."""
    install(session, "test", "fuzz", extras="[embedded,browser]")
    session.run("pytest", "-q", "tests/faults", "--full", *session.posargs)
    session.run("pytest", "-q", "tests/faults", "--no-fault", *session.posargs)


@nox.session(python=FLOOR)
def browser(session: nox.Session) -> None:
    """The pages in a real Chromium: no console error, no axe violation."""
    install(session, "test", "browser", "embedding", extras="[embedded]")
    session.run(
        "pytest", "-q", *PAIRED, "-m", "not long and not pictures", "tests/browser",
        *session.posargs,
    )  # fmt: skip


@nox.session(python=FLOOR)
def screenshots(session: nox.Session) -> None:
    """Every page beside its picture; `-- --renew` makes the pictures anew."""
    install(session, "test", "browser", extras="[embedded,browser]")
    tests = ["tests/browser/test_screenshots.py", "-m", "pictures"]
    session.run("pytest", "-q", *tests, *session.posargs)


@nox.session(python=FLOOR)
def texts(session: nox.Session) -> None:
    """The template of what pages say, for translators."""
    session.install("-q", "babel>=2.17,<3")
    target = ROOT / "nxforge_core" / "locale"
    target.mkdir(exist_ok=True)
    session.run(
        "pybabel", "-q", "extract", "--keyword=say", "--keyword=count:1,2",
        "--no-location", "--sort-output", "--omit-header", "--ignore-dirs=speech",
        f"--output={target / 'nxforge_core.pot'}", "nxforge_core",
    )  # fmt: skip


@nox.session(python=FLOOR)
def docs(session: nox.Session) -> None:
    """The documentation builds without a warning, and its listings run."""
    install(session, "docs")
    session.run("sphinx-build", "-q", "-W", "-n", "-b", "html", "docs", "docs/_build")
    session.run("pytest", "-q", "tests/docs", *session.posargs)


@nox.session(python=FLOOR)
def demo(session: nox.Session) -> None:
    """The product at work: a simulated rack, collected every few seconds."""
    install(session, extras="[embedded,browser]")
    session.run("nxforge", "demo", *session.posargs)


@nox.session(python=FLOOR)
def bench(session: nox.Session) -> None:
    """Ratios, each measured in one run, written as JSON."""
    install(session, "bench", extras="[embedded,browser]")
    session.run("python", "-m", "tests.benchmarks", *session.posargs)


@nox.session(python=FLOOR)
def long(session: nox.Session) -> None:
    """What takes over three minutes: the simulated year, properties 10,000 times."""
    install(session, "test", "fuzz", "browser", extras="[embedded,browser]")
    session.run(
        "pytest", "-q", "-m", "long", "--timeout=3600",
        *UNIT_AND_INTEGRATION, "tests/browser",
    )  # fmt: skip
    session.run(
        "pytest", "-q", "-n", "2", "-m", "hypothesis", "--timeout=3600",
        "tests/unit", *[f"{folder}/tests/unit" for folder in PLUGINS],
        env={"HYPOTHESIS_PROFILE": "long"},
    )  # fmt: skip
    hostile = "tests/faults/test_fault_hostile_input.py"
    # So many well-formed and as many hostile ones, each by five callers: 5,000 requests
    # of each operation, an hour on two cores.
    session.run("pytest", "-q", hostile, "--examples", "500", "--timeout=0")


@nox.session(python=FLOOR)
def tests_lowest(session: nox.Session) -> None:
    """The same tests on the lowest versions that the dependencies allow."""
    session.install("-q", "uv")
    session.run(
        "uv", "pip", "install", "-q", "--resolution", "lowest-direct",
        "-e", ".[embedded,browser]", "-e", PLUGINS[0], "-e", PLUGINS[1],
        "--group", "test",
    )  # fmt: skip
    session.run("pytest", "-q", "-m", "not long", *UNIT_AND_INTEGRATION)


@nox.session(python=FLOOR, venv_backend="virtualenv")
def changelog(session: nox.Session) -> None:
    """A draft of the next changelog."""
    session.install("-q", "towncrier")
    session.run("towncrier", "build", "--draft", "--version", "next")


if __name__ == "__main__":
    nox.main()
