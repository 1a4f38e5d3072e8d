"""Find the kernels that were compiled for this machine and load them, with LLVM alone: Numba is not needed.

What is loaded is machine code from a folder of the user's own, as Python's own caches are. A file that is not
whole, or that somebody else may write, is not loaded.
"""

import ctypes
import hashlib
import mmap
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from openballot.fast.layout import WIDTH

KINDS = ("lanes", "words")
# Of what the lanes' kernels are made: vectors of 512 bits and their multiplication.
_LANES_NEED = ("avx512f", "avx512dq", "avx512vl", "avx512ifma")
_DIGEST = 32


class NotCompiled(Exception):
    """No kernels stand ready for this machine; `openballot compile` makes them."""


class KernelFailed(Exception):
    """A kernel gave up, which no input should bring about."""


@cache
def _llvm() -> Any:
    try:
        import llvmlite.binding as llvm
    except ImportError as error:
        raise NotCompiled from error
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    return llvm


def _may_run_what_it_wrote() -> bool:
    """Some servers are started so that memory they have written never runs; LLVM would end such a process."""
    page = mmap.mmap(-1, mmap.PAGESIZE)
    with page:
        place = ctypes.c_char.from_buffer(page)
        address = ctypes.c_void_p(ctypes.addressof(place))
        refused = ctypes.CDLL(None).mprotect(
            address, ctypes.c_size_t(mmap.PAGESIZE), mmap.PROT_READ | mmap.PROT_EXEC
        )
        del place
    return not refused


def kinds_that_run_here() -> tuple[str, ...]:
    """Return the kinds of kernel this processor can run, the fastest first; raises NotCompiled."""
    features = _llvm().get_host_cpu_features()
    return KINDS if all(features.get(need) for need in _LANES_NEED) else KINDS[1:]


def target_machine() -> Any:
    """Describe this very processor to LLVM."""
    llvm = _llvm()
    return llvm.Target.from_default_triple().create_target_machine(
        cpu=llvm.get_host_cpu_name(), features=llvm.get_host_cpu_features().flatten(), opt=3, jit=True
    )


def folder() -> Path:
    """Return where the kernels of this version and this processor stand, whether or not they do."""
    llvm = _llvm()
    package = Path(__file__).parent
    processor = f"{llvm.get_host_cpu_name()} {llvm.get_host_cpu_features().flatten()}"
    digest = hashlib.sha256(f"{llvm.llvm_version_info} {processor}".encode())
    for source in sorted([package / "layout.py", package / "compiling.py", *package.glob("kernels/*.py")]):
        digest.update(source.read_bytes())
    return _cache() / digest.hexdigest()[:16]


def _cache() -> Path:
    named = os.environ.get("OPENBALLOT_CACHE")
    if named:
        return Path(named)
    try:
        return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "openballot"
    except RuntimeError as error:
        # Nobody's home: a user without one may name a folder.
        raise NotCompiled from error


def keep(kind: str, machine_code: bytes) -> None:
    """Keep what was compiled, all at once, in a folder that only its owner may write."""
    place = _file(kind)
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    new = place.with_suffix(f".{os.getpid()}")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(hashlib.sha256(machine_code).digest() + machine_code)
    new.replace(place)


def is_kept(kind: str) -> bool:
    try:
        return bool(_kept(kind))
    except NotCompiled:
        return False


def _file(kind: str) -> Path:
    return folder() / f"{kind}.o"


def _kept(kind: str) -> bytes:
    try:
        with _file(kind).open("rb") as file:
            status = os.fstat(file.fileno())
            content = file.read()
    except OSError as error:
        raise NotCompiled from error
    machine_code = content[_DIGEST:]
    if status.st_uid not in (0, os.getuid()) or status.st_mode & 0o022:
        raise NotCompiled
    if hashlib.sha256(machine_code).digest() != content[:_DIGEST]:
        raise NotCompiled
    return machine_code


class Library:
    """The kernels of one kind, ready to be called. *width* is how many rows they take at once."""

    def __init__(self, kind: str) -> None:
        if not _may_run_what_it_wrote():
            raise NotCompiled
        llvm = _llvm()
        self.kind = kind
        self.width = WIDTH if kind == "lanes" else 1
        self._engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), target_machine())
        self._engine.add_object_file(llvm.ObjectFileRef.from_data(_kept(kind)))
        self._engine.finalize_object()
        self._functions: dict[str, Callable[..., int]] = {}

    def call(self, name: str, *arguments: ctypes.Array[Any] | int) -> None:
        """Call a kernel with buffers and numbers. Other threads go on meanwhile."""
        if name not in self._functions:
            address = self._engine.get_function_address(name)
            types = [ctypes.c_int64 if isinstance(a, int) else ctypes.c_void_p for a in arguments]
            self._functions[name] = ctypes.CFUNCTYPE(ctypes.c_int32, *types)(address)
        if self._functions[name](*arguments):
            raise KernelFailed(name)


@cache
def library(kind: str) -> Library:
    """Load the kernels of one kind, once in a process; raises NotCompiled."""
    return Library(kind)
