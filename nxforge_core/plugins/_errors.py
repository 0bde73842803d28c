"""What goes wrong around plugins.

::

    UnknownItemError
      UnknownPluginError         nobody installed a plugin of this id
    UsageError
      NotInstalledError          plugins.enable names what is not there
    ConflictError
      PluginStateError           the plugin cannot become that now
    NxForgeError
      PluginProblemError         a single plugin that was asked for does not load
      RefusedError               it is refused before its code is imported
        DuplicatePluginError
        ReservedIdError
        EntryPointError
        PackageError
        MissingPackageError
        HeldError
        GrownError
        ManifestError
        CoreRangeError
        RequirementError
      HookError                  its hook did not do what the specification says
        HookRaisedError
        HookResultError
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import ClassVar, Final

from nxforge_core.api import ConflictError, NxForgeError, UnknownItemError, UsageError

from ._nearest import nearest
from ._origin import NOWHERE, Place
from ._problem import Owner, Phase, Problem, describe

__all__ = [
    "CoreRangeError",
    "DuplicatePluginError",
    "EntryPointError",
    "GrownError",
    "HeldError",
    "HookError",
    "HookRaisedError",
    "HookResultError",
    "ManifestError",
    "MissingPackageError",
    "NotInstalledError",
    "PackageError",
    "PluginProblemError",
    "PluginStateError",
    "RefusedError",
    "RequirementError",
    "ReservedIdError",
    "UnknownPluginError",
]

_SHOWN: Final = 80  # characters of a wrong value: enough to recognise it by


class UnknownPluginError(UnknownItemError):
    """Nobody installed a plugin of this id."""

    def __init__(self, plugin: str, installed: Collection[str]) -> None:
        super().__init__(
            kind="plugin", value=plugin, remedy=_instead([plugin], installed)
        )


class NotInstalledError(UsageError):
    """The setting `plugins.enable` names plugins that are not there."""

    code = "plugin_not_installed"

    def __init__(self, plugins: Sequence[str], installed: Collection[str]) -> None:
        names = ", ".join(map(repr, plugins))
        verb = "is" if len(plugins) == 1 else "are"
        super().__init__(
            f"'plugins.enable' names {names}, which {verb} not installed",
            remedy=f"{_instead(plugins, installed)}; or install the plugin with pip, "
            "or take the name out",
        )
        self.plugins = tuple(plugins)


class PluginStateError(ConflictError):
    """The plugin is in a state that does not lead where the caller wants it."""

    code = "plugin_state"

    def __init__(self, plugin: str, state: str, wanted: str) -> None:
        super().__init__(
            f"plugin {plugin!r} is {state} and cannot become {wanted}",
            remedy=f"'nxforge plugins show {plugin}' says why",
        )
        self.plugin = plugin
        self.state = state


class PluginProblemError(NxForgeError):
    """A plugin that somebody asked for by name does not load."""

    code = "plugin_problem"

    def __init__(self, problem: Problem) -> None:
        where = f" ({problem.file}:{problem.line})" if problem.file else ""
        super().__init__(
            f"plugin {problem.plugin!r} of {problem.distribution} failed in phase "
            f"{problem.phase}: {problem.message}{where}",
            remedy=problem.remedy,
        )
        self.problem = problem


class RefusedError(NxForgeError):
    """A plugin is refused before any of its code is imported."""

    code = "plugin_refused"
    phase: ClassVar[Phase] = "discover"

    def __init__(self, message: str, *, remedy: str, place: Place = NOWHERE) -> None:
        super().__init__(message, remedy=remedy)
        self.file, self.line = place


class DuplicatePluginError(RefusedError):
    """Several distributions claim one id, and none of them is to be preferred."""

    def __init__(self, plugin: str, distributions: Sequence[str]) -> None:
        names = " and ".join(distributions)
        super().__init__(
            f"the plugin id {plugin!r} is declared by {names}",
            remedy="uninstall all of them but one",
        )


class ReservedIdError(RefusedError):
    """The id is the host's own."""

    def __init__(self, plugin: str) -> None:
        super().__init__(
            f"the plugin id {plugin!r} is reserved for NxForge itself",
            remedy="rename the entry point, and the id in manifest.json with it",
        )


class EntryPointError(RefusedError):
    """The entry point cannot be read as a plugin."""

    def __init__(self, what: str, *, remedy: str) -> None:
        super().__init__(f"its entry point {what}", remedy=remedy)


class PackageError(RefusedError):
    """The package that the entry point names has no folder."""

    def __init__(self, package: str, why: str) -> None:
        super().__init__(
            f"its package {package!r} {why}",
            remedy="install the distribution again; the entry point must name a "
            "package (a folder), or a module inside one",
        )


class MissingPackageError(RefusedError):
    """The package is gone, and what the plugin stored is still here."""

    code = "plugin_missing"

    def __init__(self, plugin: str, distribution: str) -> None:
        name = distribution or "its distribution"
        super().__init__(
            "its package is not installed any more; its data is still here",
            remedy=f"install {name} again, or let it go with "
            f"'nxforge plugins disable {plugin}'",
        )


class HeldError(RefusedError):
    """A process died of it, and the next one shall not."""

    code = "plugin_held"

    def __init__(self, plugin: str, why: str) -> None:
        super().__init__(
            f"it {why}",
            remedy="install a version that does not; or, where it was not its fault, "
            f"have it tried again with 'nxforge plugins enable {plugin}'",
        )


class GrownError(RefusedError):
    """This version asks for more than an admin agreed to."""

    code = "consent_needed"
    phase = "manifest"

    def __init__(self, plugin: str, version: str, more: Sequence[str]) -> None:
        super().__init__(
            f"version {version} asks for more than was agreed to: {', '.join(more)}",
            remedy=f"agree on its page or with 'nxforge plugins upgrade {plugin}'; or "
            "install the version before",
        )
        self.more = tuple(more)


class ManifestError(RefusedError):
    """`manifest.json` is missing, not JSON, or says something wrong."""

    phase = "manifest"

    def __init__(self, what: str, *, remedy: str, place: Place) -> None:
        super().__init__(f"its manifest.json {what}", remedy=remedy, place=place)


class CoreRangeError(RefusedError):
    """The plugin was made for other versions of nxforge-core."""

    phase = "manifest"

    def __init__(self, wanted: str, version: str, place: Place) -> None:
        super().__init__(
            f"it needs nxforge-core {wanted}, and this is {version}",
            remedy="install a version of the plugin that was made for this one",
            place=place,
        )


class RequirementError(RefusedError):
    """A plugin that it requires cannot serve it."""

    phase = "manifest"

    def __init__(self, required: str, why: str, *, remedy: str, place: Place) -> None:
        super().__init__(
            f"it requires plugin {required!r}, {why}", remedy=remedy, place=place
        )
        self.required = required


class HookError(NxForgeError):
    """A hook implementation did not do what the specification says."""

    code = "plugin_hook"

    def __init__(
        self, message: str, *, owner: Owner, hook: str, remedy: str, place: Place
    ) -> None:
        super().__init__(message, remedy=remedy)
        self.distribution = owner.distribution
        self.hook = hook
        self.file, self.line = place


class HookRaisedError(HookError):
    """A hook implementation raised. The original is the `__cause__`."""

    def __init__(
        self, error: BaseException, *, owner: Owner, hook: str, place: Place
    ) -> None:
        super().__init__(
            f"{hook} of {owner.distribution} raised {describe(error)}",
            owner=owner,
            hook=hook,
            remedy=getattr(error, "remedy", "")
            or "report this to the plugin's author, or take it out of 'plugins.enable'",
            place=place,
        )


class HookResultError(HookError):
    """A hook implementation returned something else than its specification says."""

    def __init__(
        self, value: object, *, wanted: str, owner: Owner, hook: str, place: Place
    ) -> None:
        super().__init__(
            f"{hook} of {owner.distribution} returned {_short(value)}, not {wanted}",
            owner=owner,
            hook=hook,
            remedy=f"return {wanted} from {hook}",
            place=place,
        )


def _instead(plugins: Sequence[str], installed: Collection[str]) -> str:
    near = {nearest(plugin, installed) for plugin in plugins} - {None}
    names = ", ".join(repr(name) for name in sorted(near or installed, key=str))
    if near:
        return f"did you mean {names}?"
    return f"installed are {names}" if installed else "no plugin is installed"


def _short(value: object) -> str:
    text = repr(value)
    shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
    return f"{shown} ({type(value).__name__})"
