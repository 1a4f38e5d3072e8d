"""Where everything stands in the memory that Python and the kernels share. Sizes are in 64-bit words.

A *program* says what is computed from a row of elements and scalars; all rows of a batch share it:

    elements, proven, scalars, products, powers   how many; the first *proven* elements must be members
    is_base, count, element, element, …           for each product of elements, which may be a further base
    terms, base, scalar, …, g_scalar, y_scalar    for each product of powers; -1 where it has none

The results of a row are its products of powers, then its products of elements.
"""

WIDTH = 8
HEADER = 5

# Points: combs of 6 * 43 = 258 digits; of 9 * 29 = 261 for generator and key. Scalars are below 2 q < 2^254.
POINT_TEETH, POINT_COLUMNS = 6, 43
POINT_ENTRIES = 1 << POINT_TEETH - 1
KEY_TEETH, KEY_COLUMNS = 9, 29
KEY_ENTRIES = 1 << KEY_TEETH - 1
# A scalar's digits, and six words to cut them from.
POINT_DIGITS = KEY_TEETH + 6
POINT = 20
PREPARED_ROW = 24
AFFINE_ROW = 16
POINT_KEY_TABLE = KEY_ENTRIES * AFFINE_ROW
POINT_KEY_WORK = (KEY_ENTRIES + KEY_TEETH) * POINT
ENCODED = 4

# 2048-bit numbers: limbs of 64 bits one by one, of 52 bits in lanes.
WORD_LIMBS = 32
LANE_BITS, LANE_LIMBS = 52, 40
RESIDUE_TEETH = 6
RESIDUE_ENTRIES = 1 << RESIDUE_TEETH
RESIDUE_WORK = 2 * LANE_LIMBS + 4
BYTE_POWERS = 256


def point_scratch(width: int, bases: int, results: int) -> int:
    work = (POINT_ENTRIES + POINT_TEETH) * POINT
    tables = bases * POINT_ENTRIES * PREPARED_ROW
    digits = (bases + 2) * POINT_DIGITS
    return width * (bases * POINT + digits + work + results * POINT + tables)


def residue_limbs(width: int) -> int:
    return WORD_LIMBS if width == 1 else LANE_LIMBS


def key_scratch(width: int) -> int:
    return width * (RESIDUE_WORK + 3 * residue_limbs(width))


def residue_scratch(width: int, bases: int, scalar_words: int) -> int:
    limbs = residue_limbs(width)
    teeth = RESIDUE_TEETH * limbs
    digits = bases * scalar_words + 1
    return width * (RESIDUE_WORK + teeth + 3 * limbs + digits + bases * (1 + RESIDUE_ENTRIES) * limbs)
