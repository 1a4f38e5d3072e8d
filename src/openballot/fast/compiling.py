"""Compile the kernels to machine code, once for each processor and version, and keep it on the disk.

Numba translates them, which takes a minute; it is imported here and in the kernels, and nowhere else.
"""

from collections.abc import Callable
from typing import Any

import llvmlite.binding as llvm
from llvmlite import ir
from numba import types

from openballot.fast import loading
from openballot.fast.kernels.exported import exported
from openballot.fast.kernels.machine import VECTOR, index, lanes, word
from openballot.fast.layout import WIDTH

Progress = Callable[[int, int], None]


class CannotBeLoaded(Exception):
    """A kernel asks for something that whoever loads it does not have."""


def compile_missing(progress: Progress) -> tuple[str, ...]:
    """Compile what this machine can run and has not kept yet; return the kinds that it had not.

    *progress* is called with the number of functions compiled so far and the number there are to do.
    """
    kinds = tuple(kind for kind in loading.kinds_that_run_here() if not loading.is_kept(kind))
    functions = [(kind, name) for kind in kinds for name in exported(kind)]
    done = 0
    for kind in kinds:
        module = llvm.parse_assembly("")
        for name, (function, arguments) in exported(kind).items():
            progress(done, len(functions))
            module.link_in(_module(name, function, arguments))
            done += 1
        loading.keep(kind, loading.target_machine().emit_object(module))
    progress(done, len(functions))
    return kinds


def _module(name: str, function: Any, arguments: tuple[Any, ...]) -> Any:
    """Return a module in which the function has a name that C can call, and nothing else can be seen."""
    function.compile(types.void(*arguments))
    compiled = function.overloads[arguments]
    module = llvm.parse_assembly(compiled.library.get_llvm_str())
    module.link_in(llvm.parse_assembly(str(_caller(name, compiled.fndesc.mangled_name, arguments))))
    for item in [*module.functions, *module.global_variables]:
        if not item.is_declaration and item.name != name:
            item.linkage = "internal"
    _drop_unused(module)
    return module


def _caller(name: str, numba_name: str, arguments: tuple[Any, ...]) -> Any:
    """Write what calls Numba's function, with room for what that returns and raises; it returns a status."""
    pointer, number, status = ir.IntType(8).as_pointer(), ir.IntType(64), ir.IntType(32)
    likes = {word: ir.Constant(number, 0), lanes: ir.Constant(VECTOR, [0] * WIDTH)}
    hidden = [likes[each] for each in arguments[:1] if each in likes]
    seen = [number if each == index else pointer for each in arguments[len(hidden) :]]
    module = ir.Module()
    places = [pointer.as_pointer()] * 2
    inner_type = ir.FunctionType(status, [*places, *(each.type for each in hidden), *seen])
    inner = ir.Function(module, inner_type, numba_name)
    outer = ir.Function(module, ir.FunctionType(status, seen), name)
    builder = ir.IRBuilder(outer.append_basic_block())
    given = [builder.alloca(pointer), builder.alloca(pointer), *hidden, *outer.args]
    builder.ret(builder.call(inner, given))
    return module


def _drop_unused(module: Any) -> None:
    """Leave out Numba's own ways in, which need Python; raises CannotBeLoaded when something still does."""
    builder = llvm.create_pass_builder(loading.target_machine(), llvm.create_pipeline_tuning_options())
    passes = llvm.create_new_module_pass_manager()
    passes.add_global_dead_code_eliminate_pass()
    passes.add_strip_dead_prototype_pass()
    passes.run(module, builder)
    foreign = [
        item.name
        for item in [*module.functions, *module.global_variables]
        if item.is_declaration and not item.name.startswith("llvm.")
    ]
    if foreign:
        raise CannotBeLoaded(", ".join(foreign))
