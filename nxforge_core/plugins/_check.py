"""What all checks of specs have in common."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

import msgspec

from ._candidate import Candidate
from ._nearest import suggest
from ._origin import Place, innermost, place_of_code
from ._problem import Fault

__all__ = ["Scope", "is_async", "label", "needs_values"]

_NAME: Final = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*\Z")


class Scope(msgspec.Struct, frozen=True):
    """Whose specs are checked, and where the hook that returned them stands."""

    owner: Candidate
    hook: Place

    def fault(
        self, message: str, remedy: str, *, near: Callable[..., object] | None = None
    ) -> Fault:
        """A fault at a function of the plugin, else at the hook."""
        place = place_of_code(near, self.owner.folder) if near else self.hook
        return Fault.at(place if place.file else self.hook, message, remedy)

    def misfits(self, what: str, spec: msgspec.Struct) -> Iterator[Fault]:
        """Fields of a wrong type: msgspec checks them when it decodes, not before."""
        try:
            msgspec.convert(msgspec.structs.asdict(spec), type(spec))
        except msgspec.ValidationError as error:
            yield self.fault(
                f"{what}: {error}", f"correct the {type(spec).__name__} of {what}"
            )

    def structs(self, what: str, model: type) -> Iterator[Fault]:
        """A class that should be a struct and is another one."""
        if not issubclass(model, msgspec.Struct):
            yield self.fault(
                f"{what}: {model.__name__} is no msgspec.Struct",
                "derive it from msgspec.Struct, frozen=True",
            )

    def names(self, kind: str, names: Sequence[str]) -> Iterator[Fault]:
        """Names that are not kebab-case, and names given twice."""
        for name in names:
            if not _NAME.match(name):
                yield self.fault(
                    f"{kind} name {name!r} is not kebab-case",
                    "use lower-case letters, digits and single hyphens",
                )
        for name in _repeated(names):
            yield self.fault(
                f"{kind} name {name!r} is given {names.count(name)} times",
                f"give each {kind} a name of its own",
            )

    def access(
        self,
        what: str,
        permission: str | None,
        *,
        public: bool,
        near: Callable[..., object] | None = None,
        others: Sequence[str] = (),
    ) -> Iterator[Fault]:
        """Exactly one of a permission of the manifest and `public=True`.

        Args:
            what: Of the plugin.
            permission: It names.
            public: It says.
            near: Where it is in the source.
            others: Permissions that it may name as well.
        """
        own = [each.name for each in self.owner.manifest.permissions]
        declared = [*own, *others]
        if permission is None and not public:
            message = f"{what} has neither a permission nor public=True"
            remedy = "name a permission of the manifest, or say public=True"
        elif permission is not None and public:
            message = f"{what} has the permission {permission!r} and public=True"
            remedy = "decide for one of them"
        elif permission is not None and permission not in declared:
            message = (
                f"{what} needs {permission!r}, which manifest.json does not declare"
            )
            remedy = suggest(
                permission, declared, otherwise="add it to 'permissions' there"
            )
        else:
            return
        yield self.fault(message, remedy, near=near)

    def awaitable(self, what: str, function: Callable[..., object]) -> Iterator[Fault]:
        """A function that is not `async def`."""
        if not is_async(function):
            yield self.fault(
                f"{what}: {label(function)} is not an async function",
                "write 'async def'",
                near=function,
            )


def is_async(function: Callable[..., object]) -> bool:
    """Whether calling the function gives a coroutine."""
    return inspect.iscoroutinefunction(function)


def label(function: Callable[..., object]) -> str:
    """The function's name as its author knows it."""
    inner = innermost(function)
    name = getattr(inner, "__qualname__", None)
    return f"{inner.__module__}.{name}" if name else repr(inner)


def needs_values(model: type[msgspec.Struct]) -> list[str]:
    """Fields without a default."""
    return [each.name for each in msgspec.structs.fields(model) if each.required]


def _repeated(names: Iterable[str]) -> list[str]:
    listed = list(names)
    return sorted({name for name in listed if listed.count(name) > 1})
