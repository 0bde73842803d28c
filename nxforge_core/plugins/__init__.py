"""Finding plugins, judging them, and calling their hooks one by one."""

from __future__ import annotations

from ._candidate import BUILT_IN, Candidate, built_in
from ._commands import load_command_plugin
from ._discover import discover
from ._errors import (
    CoreRangeError,
    DuplicatePluginError,
    EntryPointError,
    GrownError,
    HeldError,
    HookError,
    HookRaisedError,
    HookResultError,
    ManifestError,
    MissingPackageError,
    NotInstalledError,
    PackageError,
    PluginProblemError,
    PluginStateError,
    RefusedError,
    RequirementError,
    ReservedIdError,
    UnknownPluginError,
)
from ._hooks import HookCaller
from ._inventory import Inventory
from ._ledger import Account, Ledger
from ._load import During, judge, lacking, load, settle, unnoted
from ._manifest import read_manifest
from ._modules import forget_modules
from ._origin import innermost, lies_in
from ._plugin import (
    ACTIVE,
    Commands,
    HookCall,
    Lifespan,
    Plugin,
    PluginSpecs,
    PluginState,
)
from ._problem import Fault, Owner, Phase, Problem
from ._requirements import requires
from ._survey import Absent, Held, Survey, check_installed, survey

__all__ = [
    "ACTIVE",
    "BUILT_IN",
    "Absent",
    "Account",
    "Candidate",
    "Commands",
    "CoreRangeError",
    "DuplicatePluginError",
    "During",
    "EntryPointError",
    "Fault",
    "GrownError",
    "Held",
    "HeldError",
    "HookCall",
    "HookCaller",
    "HookError",
    "HookRaisedError",
    "HookResultError",
    "Inventory",
    "Ledger",
    "Lifespan",
    "ManifestError",
    "MissingPackageError",
    "NotInstalledError",
    "Owner",
    "PackageError",
    "Phase",
    "Plugin",
    "PluginProblemError",
    "PluginSpecs",
    "PluginState",
    "PluginStateError",
    "Problem",
    "RefusedError",
    "RequirementError",
    "ReservedIdError",
    "Survey",
    "UnknownPluginError",
    "built_in",
    "check_installed",
    "discover",
    "forget_modules",
    "innermost",
    "judge",
    "lacking",
    "lies_in",
    "load",
    "load_command_plugin",
    "read_manifest",
    "requires",
    "settle",
    "survey",
    "unnoted",
]
