"""Lines in a plot whose axes are both logarithmic, as SVG."""

from html import escape
from math import ceil, floor, log10

WIDTH, HEIGHT = 760, 420
LEFT, RIGHT, TOP, BOTTOM = 60, 200, 20, 50
COLOURS = ("#b3261e", "#e08a00", "#6b4fa0", "#1b6ca8", "#2e7d32", "#5f6368")
LABEL_HEIGHT = 14


def plot(lines, *, dashed, x, y):
    """`lines`: `{(label, variant): [(x, y), …]}`, a colour for each label, one variant dashed."""
    points = [point for line in lines.values() for point in line]
    across = _scale([each for each, _y in points], LEFT, WIDTH - RIGHT)
    upwards = _scale([each for _x, each in points], HEIGHT - BOTTOM, TOP)
    labels = list(dict.fromkeys(label for label, _variant in lines))
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"'
            ' font-family="sans-serif" font-size="12">',
            f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
            *_grid(across, upwards, x, y),
            *_lines(lines, labels, across, upwards, dashed),
            *_legend(labels, dashed),
            "</svg>\n",
        ]
    )


def _scale(values, start, end):
    """From a value to its place, and the powers of ten on the way."""
    least, most = floor(log10(min(values))), ceil(log10(max(values)))
    most += least == most

    def place(value):
        return round(start + (log10(value) - least) / (most - least) * (end - start), 1)

    return place, [10.0**power for power in range(least, most + 1)]


def _grid(across, upwards, x, y):
    (to_x, powers), bottom = across, HEIGHT - BOTTOM
    for power in powers:
        at = to_x(power)
        yield f'<path d="M{at} {TOP}V{bottom}" stroke="#ddd"/>'
        yield f'<text x="{at}" y="{bottom + 18}" text-anchor="middle">{power:,.10g}</text>'
    (to_y, powers), right = upwards, WIDTH - RIGHT
    for power in powers:
        at = to_y(power)
        yield f'<path d="M{LEFT} {at}H{right}" stroke="#ddd"/>'
        yield f'<text x="{LEFT - 6}" y="{at + 4}" text-anchor="end">{power:,.10g}</text>'
    middle = (LEFT + right) / 2
    yield f'<text x="{middle}" y="{HEIGHT - 10}" text-anchor="middle">{escape(x)}</text>'
    yield f'<text x="{LEFT}" y="{TOP - 7}" text-anchor="middle">{escape(y)}</text>'


def _lines(lines, labels, across, upwards, dashed):
    for (label, variant), points in lines.items():
        colour = COLOURS[labels.index(label) % len(COLOURS)]
        style = ' stroke-dasharray="5 4"' if variant == dashed else ""
        path = " ".join(f"{across[0](x)},{upwards[0](y)}" for x, y in points)
        yield f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"{style}/>'
        for x, y in points:
            place = f'cx="{across[0](x)}" cy="{upwards[0](y)}"'
            yield f'<circle {place} r="3" fill="{colour}"/>'


def _legend(labels, dashed):
    left = WIDTH - RIGHT + 15
    for number, label in enumerate(labels):
        top, colour = TOP + 10 + number * (LABEL_HEIGHT + 6), COLOURS[number % len(COLOURS)]
        yield f'<path d="M{left} {top - 4}h18" stroke="{colour}" stroke-width="2"/>'
        yield f'<text x="{left + 24}" y="{top}">{escape(label)}</text>'
    top = TOP + 20 + len(labels) * (LABEL_HEIGHT + 6)
    yield f'<text x="{left}" y="{top}">dashed: {escape(dashed)}</text>'
