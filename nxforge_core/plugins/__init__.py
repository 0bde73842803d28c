"""Finding plugins, judging them, and calling their hooks one by one."""

from __future__ import annotations

from ._candidate import BUILT_IN, Candidate, built_in
from ._commands import load_command_plugin
from ._discover import discover
from ._errors import (
    CoreRangeError,
    DuplicatePluginError,
    EntryPointError,
    HookError,
    HookRaisedError,
    HookResultError,
    ManifestError,
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
from ._load import load
from ._manifest import read_manifest
from ._origin import innermost, lies_in
from ._plugin import (
    Commands,
    HookCall,
    Lifespan,
    Plugin,
    PluginSpecs,
    PluginState,
)
from ._problem import Fault, Owner, Phase, Problem

__all__ = [
    "BUILT_IN",
    "Candidate",
    "Commands",
    "CoreRangeError",
    "DuplicatePluginError",
    "EntryPointError",
    "Fault",
    "HookCall",
    "HookCaller",
    "HookError",
    "HookRaisedError",
    "HookResultError",
    "Inventory",
    "Lifespan",
    "ManifestError",
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
    "UnknownPluginError",
    "built_in",
    "discover",
    "innermost",
    "lies_in",
    "load",
    "load_command_plugin",
    "read_manifest",
]
