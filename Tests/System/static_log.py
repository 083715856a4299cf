"""A log as static files (C2SP tlog-tiles), read by what knows nothing of the program."""


def records(bundle):
    """The events of an entry bundle."""
    found, rest = [], bundle
    while rest:
        length = int.from_bytes(rest[:2], "big")
        found.append(rest[2:2 + length])
        rest = rest[2 + length:]
    return found


def tile_path(level, index, width):
    text = f"{index % 1000:03}"
    while index >= 1000:
        index //= 1000
        text = f"x{index % 1000:03}/{text}"
    return f"tile/{level}/{text}" + ("" if width == 256 else f".p/{width}")


def read_log(place, size):
    """The events of a log of a size, and their hashes as the tiles at level 0 hold them."""
    events, hashes = [], []
    for start in range(0, size, 256):
        width = min(256, size - start)
        events += records((place / tile_path("entries", start // 256, width)).read_bytes())
        hashes.append((place / tile_path(0, start // 256, width)).read_bytes())
    return events, b"".join(hashes)
