"""Finding plugins, judging them, and calling their hooks one by one."""

from __future__ import annotations

from nxforge_core.plugins._candidate import BUILT_IN, Candidate, built_in
from nxforge_core.plugins._commands import load_command_plugin
from nxforge_core.plugins._discover import discover
from nxforge_core.plugins._errors import (
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
from nxforge_core.plugins._hooks import HookCaller
from nxforge_core.plugins._inventory import Inventory
from nxforge_core.plugins._load import load
from nxforge_core.plugins._manifest import read_manifest
from nxforge_core.plugins._plugin import (
    Commands,
    HookCall,
    Lifespan,
    Plugin,
    PluginSpecs,
    PluginState,
)
from nxforge_core.plugins._problem import Fault, Owner, Phase, Problem

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
    "load",
    "load_command_plugin",
    "read_manifest",
]
