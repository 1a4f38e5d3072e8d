"""The curve -x^2 + y^2 = 1 + d x^2 y^2 modulo p, in extended coordinates: x = X/Z, y = Y/Z, xy = T/Z.

Hisil, Wong, Carter, Dawson, "Twisted Edwards Curves Revisited" (2008), sections 3.1 and 3.3; encodings as in
RFC 8032, section 5.1. The formulas are complete: they hold for the identity and for points of every order.
"""

from typing import Any

import numpy as np
from numba import njit

from openballot.fast.kernels.field25519 import (
    P,
    add,
    canonical,
    constant_element,
    from_words,
    limbs_of,
    multiply,
    negative,
    one,
    parity,
    pick,
    same,
    square,
    square_root_of_ratio,
    subtract,
    to_words,
    zero,
)
from openballot.fast.kernels.machine import where_zero

_D = -121665 * pow(121666, -1, P) % P
D, TWICE_D = limbs_of(_D), limbs_of(2 * _D)
_1, _63 = np.uint64(1), np.uint64(63)
_ALL = np.uint64(2**64 - 1)


@njit(forceinline=True)
def unfinished_identity(like: Any) -> Any:
    return zero(like), one(like), one(like), one(like)


@njit(forceinline=True)
def extended(unfinished: Any) -> Any:
    """Return X, Y, Z, T of a sum: its last multiplications, apart because a doubling does without T."""
    E, F, G, H = unfinished
    return multiply(E, F), multiply(G, H), multiply(F, G), multiply(E, H)


@njit(forceinline=True)
def projective(unfinished: Any) -> Any:
    E, F, G, H = unfinished
    return multiply(E, F), multiply(G, H), multiply(F, G)


@njit
def is_identity(X: Any, Y: Any, Z: Any) -> Any:
    """Return a mask: where x = 0 and y = 1. The point (0, -1), of order 2, has x = 0 too."""
    return same(X, zero(X[0])) & same(Y, Z)


@njit(forceinline=True)
def double(X: Any, Y: Any, Z: Any) -> Any:
    """Section 3.3 with a = -1 and the signs of E, F, G, H turned, which turns those of all coordinates."""
    A, B, ZZ = square(X), square(Y), square(Z)
    H = add(A, B)
    E, G = subtract(H, square(add(X, Y))), subtract(A, B)
    F = add(add(ZZ, ZZ), G)
    return E, F, G, H


@njit(forceinline=True)
def prepared(point: Any) -> Any:
    """Return what the second summand of `add_prepared` is: Y + X, Y - X, 2 Z, 2 d T."""
    X, Y, Z, T = point
    return add(Y, X), subtract(Y, X), add(Z, Z), multiply(T, constant_element(X[0], TWICE_D))


@njit(forceinline=True)
def add_prepared(point: Any, summand: Any, is_minus: Any) -> Any:
    """Section 3.1 for a = -1, with k = 2 d. Where the mask is set, the summand is taken away.

    -P has the other signs of x and T: Y + X and Y - X change places, and with T so do F and G.
    """
    X, Y, Z, T = point
    plus, minus, z2, t2d = summand
    A = multiply(subtract(Y, X), pick(is_minus, plus, minus))
    B = multiply(add(Y, X), pick(is_minus, minus, plus))
    C, D = multiply(T, t2d), multiply(Z, z2)
    less, more = subtract(D, C), add(D, C)
    return subtract(B, A), pick(is_minus, more, less), pick(is_minus, less, more), add(B, A)


@njit(forceinline=True)
def add_affine(point: Any, summand: Any, is_minus: Any) -> Any:
    """The same for a summand with Z = 1."""
    X, Y, Z, T = point
    plus, minus, t2d = summand
    A = multiply(subtract(Y, X), pick(is_minus, plus, minus))
    B = multiply(add(Y, X), pick(is_minus, minus, plus))
    C, D = multiply(T, t2d), add(Z, Z)
    less, more = subtract(D, C), add(D, C)
    return subtract(B, A), pick(is_minus, more, less), pick(is_minus, less, more), add(B, A)


@njit
def decompress(w0: Any, w1: Any, w2: Any, w3: Any) -> Any:
    """Return the point encoded in four words, and a mask: where they are the one encoding of a point.

    RFC 8032, section 5.1.3: y below p, a root x^2 = (y^2 - 1) / (d y^2 + 1), and no "negative" zero.
    """
    sign = w3 >> _63
    y = from_words(w0, w1, w2, w3)
    c0, c1, c2, c3, c4 = canonical(y)
    is_small = where_zero(c0 ^ y[0] | c1 ^ y[1] | c2 ^ y[2] | c3 ^ y[3] | c4 ^ y[4])
    yy = square(y)
    u = subtract(yy, one(w0))
    v = add(multiply(yy, constant_element(w0, D)), one(w0))
    x, has_root = square_root_of_ratio(u, v)
    x = canonical(x)
    is_minus_zero = same(x, zero(w0)) & where_zero(sign ^ _1)
    x = pick(where_zero(x[0] & _1 ^ sign), x, negative(x))
    return (x, y, one(w0), multiply(x, y)), is_small & has_root & (is_minus_zero ^ _ALL)


@njit
def compress(x: Any, y: Any) -> Any:
    """Return the encoding of an affine point in four words."""
    w0, w1, w2, w3 = to_words(canonical(y))
    return w0, w1, w2, w3 | parity(x) << _63
