"""Templates compiled to quicker Python than Jinja2 writes, with the same result.

A page prints a thousand values and calls four hundred functions. Jinja2 goes through three or four
Python calls for each, for cases that do not occur here: callables that ask for the context of
their loop, globals that change, pieces that are async.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from jinja2 import Environment, nodes
from jinja2.compiler import CodeGenerator, Frame, optimizeconst
from jinja2.runtime import Context, Macro, missing
from jinja2.utils import _PassArg
from markupsafe import Markup, escape

try:
    from markupsafe._speedups import _escape_inner
except ImportError:  # no wheel for this machine
    from markupsafe._native import _escape_inner

_HEAD = f"from {__name__} import call as _call, join as _join, shown as _shown"
join = "".join


def shown(value: Any) -> str:
    """Return a value as it is written into HTML: what `escape` returns, not always as Markup."""
    kind = type(value)
    if kind is Markup:
        return value
    if kind is str:
        return _escape_inner(value)
    if kind is int:
        return str(value)
    return escape(value)


def call(context: Context, what: Any, /, *args: Any, **kwargs: Any) -> Any:
    """Call what a template calls, as `Context.call` does. A function that takes the context (none
    of ours) does not see the variables of the loop or block that it stands in.
    """
    if type(what) is Macro:
        return _call_macro(context, what, args, kwargs)
    asks = getattr(what, "jinja_pass_arg", None)
    if asks is None:
        return what(*args, **kwargs)
    if asks is _PassArg.eval_context:
        return what(context.eval_ctx, *args, **kwargs)
    return context.call(what, *args, **kwargs)


def _call_macro(
    context: Context, macro: Macro, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> str:
    wanting = macro._argument_count - len(args)
    if wanting < 0 or macro.caller or macro.catch_kwargs or macro.catch_varargs:
        return macro(context.eval_ctx, *args, **kwargs)
    if kwargs:
        if wanting:
            named = macro.arguments[len(args) :]
            args = (*args, *[kwargs.pop(name, missing) for name in named])
        if kwargs:  # one that it does not know: it refuses
            return macro(context.eval_ctx, *args, **kwargs)
    elif wanting:
        args = (*args, *(missing,) * wanting)
    text = macro._func(*args)
    # `Markup(text)` looks for `__html__` first, and these are no more than text.
    return str.__new__(Markup, text) if context.eval_ctx.autoescape else text


class QuickGenerator(CodeGenerator):
    """Jinja2's compiler but for outputs, attributes and calls."""

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:
        """Import what the code below uses."""
        self.writeline(_HEAD)
        super().visit_Template(node, frame)

    def visit_Output(self, node: nodes.Output, frame: Frame) -> None:
        """Yield once for what stands together: each piece goes up through every layout."""
        if frame.buffer is not None or frame.require_output_check or len(node.nodes) == 1:
            super().visit_Output(node, frame)
            return
        self.writeline("o_ = []")
        frame.buffer = "o_"
        super().visit_Output(node, frame)
        frame.buffer = None
        self.writeline("yield _join(o_)")

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile and finalize.src is None:
            self.write("_shown(")
        else:
            super()._output_child_pre(node, frame, finalize)

    @optimizeconst
    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:
        """Ask Python itself first; keys of dictionaries and the undefined go the usual way."""
        self.write("(v_ if (v_ := getattr((a_ := ")
        self.visit(node.node, frame)
        self.write(f"), {node.attr!r}, missing)) is not missing")
        self.write(f" else environment.getattr(a_, {node.attr!r}))")

    @optimizeconst
    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:
        """Call by `call`, without the variables of loop and block."""
        self.write("_call(context, ")
        self.visit(node.node, frame)
        self.signature(node, frame, {"caller": "caller"} if forward_caller else None)
        self.write(")")


class QuickEnvironment(Environment):
    """Jinja2's environment with that compiler. Its globals stand before a template is loaded."""

    code_generator_class = QuickGenerator

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return a dictionary: a chain of them is walked in Python at every include."""
        return {**self.globals, **(d or {})}
