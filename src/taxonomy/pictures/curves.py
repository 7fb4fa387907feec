"""Points along the curves that Graphviz draws."""

from __future__ import annotations

import re
from itertools import pairwise

Point = tuple[float, float]

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")
_STEPS = 16  # points looked at on each piece of a curve


def nearest(path: str, to: Point) -> Point:
    """The point of a path (one ``M`` and cubic ``C`` pieces) that is nearest to another point.

    >>> nearest("M0,0C10,0 20,0 30,0", (15, 40))
    (15.0, 0.0)
    """
    return min(_points(path), key=lambda point: (point[0] - to[0]) ** 2 + (point[1] - to[1]) ** 2)


def _points(path: str) -> list[Point]:
    numbers = [float(number) for number in _NUMBER.findall(path)]
    corners = list(zip(numbers[::2], numbers[1::2], strict=True))
    found = corners[:1]
    for (start, end), (one, two) in zip(
        pairwise(corners[::3]), zip(corners[1::3], corners[2::3], strict=False), strict=False
    ):
        found += [_at(step / _STEPS, start, one, two, end) for step in range(1, _STEPS + 1)]
    return found


def _at(t: float, *corners: Point) -> Point:
    weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3)
    x, y = (sum(weight * corner[axis] for weight, corner in zip(weights, corners, strict=True)) for axis in (0, 1))
    return x, y
