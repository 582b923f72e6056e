"""In which order names that are formulas over each other can be computed, and the circle if there is one."""

from collections.abc import Mapping


def computed_order(reads: Mapping[str, frozenset[str]]) -> tuple[str, ...]:
    """The names so that each comes after all that it reads; those in or behind a circle are left out.

    `reads` says of each name which names it reads; names that it does not have are of no account.
    """
    waiting = {name: {one for one in read if one in reads} for name, read in reads.items()}
    read_by: dict[str, list[str]] = {name: [] for name in reads}
    for name, read in waiting.items():
        for one in read:
            read_by[one].append(name)
    ready = [name for name, read in waiting.items() if not read]
    for name in ready:  # grows while it is read
        for reader in read_by[name]:
            waiting[reader].discard(name)
            if not waiting[reader]:
                ready.append(reader)
    return tuple(ready)


def find_circle(reads: Mapping[str, frozenset[str]]) -> tuple[str, ...]:
    """Names that read each other in a circle, the first again at the end; empty when there is none."""
    ordered = set(computed_order(reads))
    stuck = {name: sorted(read - ordered) for name, read in reads.items() if name not in ordered}
    if not stuck:
        return ()
    # Every stuck name reads a stuck one: following them must come back somewhere.
    path: list[str] = [min(stuck)]
    while True:
        following = next(name for name in stuck[path[-1]] if name in stuck)
        if following in path:
            return (*path[path.index(following) :], following)
        path.append(following)
