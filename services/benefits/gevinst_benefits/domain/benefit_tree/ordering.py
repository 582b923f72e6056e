"""The order of a graph: its strongly connected parts, causes before effects, and a cycle by its members.

A graph is given by its neighbours: `steps[i]` are the nodes that node `i` leads to, nodes counted from 0.
Everything here is linear in nodes and edges.
"""

from collections import deque
from collections.abc import Iterable, Sequence

Steps = Sequence[Sequence[int]]


def connected_parts(steps: Steps) -> list[list[int]]:
    """The strongly connected parts, each before those that it leads to; nodes of a part in order.

    Source: Kosaraju and Sharir, 1981. Without recursion, so that a long chain exhausts no stack.
    """
    back: list[list[int]] = [[] for _ in steps]
    for node, onward in enumerate(steps):
        for other in onward:
            back[other].append(node)
    is_seen = [False] * len(steps)
    order = reversed(finished(steps, range(len(steps))))
    return [sorted(_collected(node, back, is_seen)) for node in order if not is_seen[node]]


def is_cyclic(part: Sequence[int], steps: Steps) -> bool:
    """Whether a strongly connected part goes round: more than one node, or one that leads to itself."""
    return len(part) > 1 or part[0] in steps[part[0]]


def shortest_cycle(part: Sequence[int], steps: Steps) -> list[int]:
    """The nodes of a shortest cycle through the first node of a cyclic part, in the order of its edges."""
    start, inside = part[0], set(part)
    came_from: dict[int, int] = {}
    waiting = deque([start])
    while start not in came_from:
        node = waiting.popleft()
        for other in steps[node]:
            if other in inside and other not in came_from:
                came_from[other] = node
                waiting.append(other)
    cycle = [start]
    while came_from[cycle[-1]] != start:
        cycle.append(came_from[cycle[-1]])
    return [start, *reversed(cycle[1:])]


def reached(starts: Iterable[int], steps: Steps) -> set[int]:
    """The nodes that can be reached from `starts`, those included."""
    seen = set(starts)
    waiting = list(seen)
    while waiting:
        for other in steps[waiting.pop()]:
            if other not in seen:
                seen.add(other)
                waiting.append(other)
    return seen


def finished(steps: Steps, starts: Iterable[int]) -> list[int]:
    """Every node after all that it leads to (but for cycles): the post-order of a depth-first search."""
    is_seen = [False] * len(steps)
    order: list[int] = []
    for start in starts:
        way = [] if is_seen[start] else [(start, iter(steps[start]))]
        is_seen[start] = True
        while way:
            node, onward = way[-1]
            fresh = next((other for other in onward if not is_seen[other]), None)
            if fresh is None:
                way.pop()
                order.append(node)
            else:
                is_seen[fresh] = True
                way.append((fresh, iter(steps[fresh])))
    return order


def _collected(start: int, steps: Steps, is_seen: list[bool]) -> list[int]:
    """What can be reached from `start` and was not seen before."""
    is_seen[start] = True
    found = [start]
    for node in found:
        for other in steps[node]:
            if not is_seen[other]:
                is_seen[other] = True
                found.append(other)
    return found
