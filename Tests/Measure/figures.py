"""Tables of figures, for the screen and as JSON, and the bars that figures are held to."""


class Bar:
    """What a figure may be at most, or must be at least."""

    def __init__(self, most=None, least=None):
        self.most, self.least = most, least

    def __str__(self):
        return f"≤ {self.most:,}" if self.most is not None else f"≥ {self.least:,}"

    def is_met(self, value):
        return value <= self.most if self.most is not None else value >= self.least


class Table:
    """Rows of values under heads; the last two columns are a bar and whether it is met."""

    def __init__(self, title, heads, judged):
        """`heads` gives each key its head, with the unit; `judged` is the key that bars are for."""
        self.title, self.heads, self.judged = title, heads, judged
        self.rows = []

    def add(self, bar=None, **values):
        self.rows.append((values, bar))

    def __str__(self):
        lines = [[*self.heads.values(), "bar", ""]] + [
            [*(text(values.get(key)) for key in self.heads), *verdict(bar, values[self.judged])]
            for values, bar in self.rows]
        widths = [max(map(len, column)) for column in zip(*lines)]
        # Words stand on the left, numbers on the right.
        numeric = [all(isinstance(values.get(key), (int, float, type(None)))
                       for values, _ in self.rows) for key in self.heads] + [True, False]
        body = "\n".join("  ".join(
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(line, widths, numeric)).rstrip() for line in lines)
        return f"{self.title}\n{body}\n"

    def json(self):
        return [values | ({"bar": str(bar), "met": bar.is_met(values[self.judged])} if bar else {})
                for values, bar in self.rows]


def text(value):
    if value is None:
        return ""
    return f"{value:,}" if isinstance(value, (int, float)) else value


def verdict(bar, value):
    if bar is None:
        return "", ""
    return str(bar), "met" if bar.is_met(value) else "NOT MET"


def significant(value):
    """Three significant digits, for people; whole numbers from 100 on."""
    if value >= 100:
        return round(value)
    return round(value, 1) if value >= 10 else round(value, 2)
