"""Views by name: a module of pages is imported at its first request, not by every start."""

from __future__ import annotations

from functools import cached_property
from importlib import import_module
from typing import Any


class LazyView:
    """A view of a module that is imported when the view is called, or asked for what its decorators set."""

    def __init__(self, module: str, name: str) -> None:
        self.__module__ = module
        self.__name__ = self.__qualname__ = name

    @cached_property
    def __wrapped__(self) -> Any:
        module = import_module(self.__module__)
        if self.__name__ not in vars(module):
            raise ImportError(f"{self.__module__} has no view {self.__name__!r}")
        return vars(module)[self.__name__]

    def __call__(self, *given: Any, **named: Any) -> Any:
        return self.__wrapped__(*given, **named)

    def __getattr__(self, name: str) -> Any:
        if name == "view_class":  # for which Django looks at every start: our views are functions
            raise AttributeError(name)
        return getattr(self.__wrapped__, name)


class Views:
    """The views of a module: ``Views("archive.site.views.home").about`` is that view, not imported yet."""

    def __init__(self, module: str) -> None:
        self._module = module

    def __getattr__(self, name: str) -> LazyView:
        return LazyView(self._module, name)
