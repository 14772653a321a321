"""What stands behind the subject of a demonstration photo: sky, houses, trees, a street, a yard."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, sin

from opencity_issues.demo.canvas import HEIGHT, WIDTH, Canvas, blend

HORIZON = 500


def sky(canvas: Canvas, clouds: bool = True) -> None:
    """A sky in bands down to the horizon, an orb and a few clouds."""
    top, low = canvas.light.sky
    for band in range(26):
        canvas.box(0, band * 20, WIDTH, band * 20 + 21, blend(top, low, band / 25))
    x, y = canvas.random.uniform(150, 1050), canvas.random.uniform(80, 170)
    canvas.disc(x, y, 44, canvas.light.orb)
    for _ in range(3 if clouds else 0):
        cloud_x, cloud_y = canvas.random.uniform(50, 1150), canvas.random.uniform(60, 220)
        for dx, dy, size in ((-70, 8, 34), (-25, -12, 48), (35, -4, 42), (80, 10, 28)):
            canvas.disc(cloud_x + dx, cloud_y + dy, size, blend(top, "#FFFFFF", 0.45), size * 0.55)
        canvas.box(cloud_x - 100, cloud_y + 8, cloud_x + 105, cloud_y + 26, blend(top, "#FFFFFF", 0.45), 9)


def skyline(canvas: Canvas) -> None:
    """Far roofs in one colour."""
    x = -40.0
    while x < WIDTH:
        width, height = canvas.random.uniform(70, 150), canvas.random.uniform(60, 170)
        canvas.box(x, HORIZON - height, x + width, HORIZON, canvas.light.far)
        x += width + canvas.random.choice((0, 0, 30))


def apartment_house(canvas: Canvas, left: float, width: float, floors: int, base: float = HORIZON) -> None:
    """A panel house of `floors` with windows and balconies; its foot stands at `base`."""
    light, wall = canvas.light, canvas.random.choice(canvas.light.walls)
    storey = 46
    top = base - floors * storey - 14
    canvas.box(left, top, left + width, base, wall)
    canvas.box(left - 5, top - 8, left + width + 5, top + 6, blend(wall, light.ink, 0.35))
    columns = int(width // 52)
    gap = width / columns
    for floor in range(floors):
        y = top + 22 + floor * storey
        canvas.box(left, y + 33, left + width, y + 35, blend(wall, light.ink, 0.12))
        for column in range(columns):
            x = left + gap * column + gap / 2
            lit = canvas.random.random() < light.lit_share
            canvas.box(x - 13, y, x + 13, y + 26, light.lit if lit else light.window)
            canvas.box(x - 1, y, x + 1, y + 26, blend(wall, "#FFFFFF", 0.3))
            if column % 3 == 1:
                canvas.box(x - 20, y + 14, x + 20, y + 32, blend(wall, light.ink, 0.22))


def houses(canvas: Canvas, floors: Sequence[int] = (5, 9, 5)) -> None:
    """A row of apartment houses on the horizon."""
    x = canvas.random.uniform(-60, 0)
    for count in floors:
        width = canvas.random.uniform(300, 430)
        apartment_house(canvas, x, width, count)
        x += width + canvas.random.uniform(30, 90)


def tree(canvas: Canvas, x: float, base: float, size: float = 1.0) -> None:
    """A tree in leaf; in winter a bare crown."""
    light = canvas.light
    canvas.polygon(
        [
            (x - 9 * size, base),
            (x + 9 * size, base),
            (x + 5 * size, base - 120 * size),
            (x - 5 * size, base - 120 * size),
        ],
        light.trunk,
    )
    for dx, dy, radius, shade in (
        (-34, -120, 44, 2),
        (32, -124, 46, 0),
        (0, -165, 56, 0),
        (-14, -150, 40, 1),
        (22, -172, 30, 1),
    ):
        canvas.disc(x + dx * size, base + dy * size, radius * size, light.leaves[shade])


def street(canvas: Canvas, lines: bool = True) -> None:
    """Grass, a pavement and a road that runs away from the viewer."""
    light = canvas.light
    canvas.box(0, HORIZON, WIDTH, HEIGHT, light.grass)
    canvas.polygon([(0, 640), (0, 780), (560, HORIZON), (525, HORIZON)], light.pavement)
    canvas.polygon([(-260, HEIGHT), (575, HORIZON), (690, HORIZON), (1330, HEIGHT)], light.road)
    canvas.polygon([(-330, HEIGHT), (568, HORIZON), (577, HORIZON), (-230, HEIGHT)], light.kerb)
    canvas.polygon([(1300, HEIGHT), (686, HORIZON), (694, HORIZON), (1390, HEIGHT)], light.kerb)
    if lines:
        for near, far in ((0.02, 0.06), (0.12, 0.19), (0.29, 0.41), (0.56, 0.76)):
            top, low = HORIZON + 400 * near, HORIZON + 400 * far
            canvas.polygon(
                [
                    (632 - 2 - 6 * near - 95 * near, top),
                    (634 + 2 + 6 * near - 95 * near, top),
                    (634 + 4 + 10 * far - 95 * far, low),
                    (632 - 4 - 10 * far - 95 * far, low),
                ],
                blend(light.road, "#FFFFFF", 0.65),
            )


def lawn(canvas: Canvas, path: bool = True) -> None:
    """A yard or park: grass, tufts and a broad path in front."""
    light = canvas.light
    canvas.box(0, HORIZON, WIDTH, HEIGHT, light.grass)
    canvas.polygon([(0, HORIZON), (WIDTH, HORIZON), (WIDTH, HORIZON + 40), (0, HORIZON + 70)], light.grass_shade)
    for _ in range(40):
        x, y = canvas.random.uniform(0, WIDTH), canvas.random.uniform(HORIZON + 60, HEIGHT)
        canvas.polygon([(x, y), (x + 5, y - 14), (x + 9, y), (x + 14, y - 11), (x + 17, y)], light.grass_shade)
    if path:
        canvas.polygon([(0, 720), (WIDTH, 690), (WIDTH, 830), (0, 880)], light.pavement)
        canvas.polygon([(0, 720), (WIDTH, 690), (WIDTH, 698), (0, 729)], light.kerb)


def branches(canvas: Canvas, x: float, y: float, length: float, angle: float, width: float, depth: int) -> None:
    """A bare crown, branch by branch."""
    end = (x + length * cos(angle), y + length * sin(angle))
    canvas.line([(x, y), end], canvas.light.trunk, width)
    for turn in (-0.48, 0.05, 0.5) if depth else ():
        canvas_turn = turn + canvas.random.uniform(-0.14, 0.14)
        branches(
            canvas,
            *end,
            length * canvas.random.uniform(0.62, 0.76),
            angle + canvas_turn,
            max(2.5, width * 0.62),
            depth - 1,
        )


def road(canvas: Canvas, lines: bool = True) -> None:
    """The background of what happens on a road."""
    sky(canvas)
    skyline(canvas)
    houses(canvas)
    street(canvas, lines)
    for x, size in ((80, 1.25), (250, 0.95), (385, 0.7), (900, 0.75), (1090, 1.2)):
        tree(canvas, x, HORIZON + 20 + 60 * (size - 0.6), size)


def yard(canvas: Canvas, path: bool = True) -> None:
    """The background of what happens between houses."""
    sky(canvas)
    houses(canvas, (9, 5, 9))
    lawn(canvas, path)
    for x, size in ((60, 1.2), (420, 0.8), (1120, 1.1)):
        tree(canvas, x, HORIZON + 50, size)


def entrance_wall(canvas: Canvas) -> None:
    """The foot of an apartment house with its entrance."""
    light = canvas.light
    sky(canvas)
    apartment_house(canvas, -40, 1300, 9, 700)
    wall = canvas.random.choice(light.walls)
    canvas.box(380, 330, 840, 700, blend(wall, "#FFFFFF", 0.15))
    canvas.polygon([(340, 330), (880, 330), (850, 292), (370, 292)], blend(wall, light.ink, 0.4))
    canvas.box(0, 700, WIDTH, HEIGHT, light.pavement)
    for x in range(-200, WIDTH + 300, 150):
        canvas.line([(x, HEIGHT), (600 + (x - 600) * 0.62, 700)], blend(light.pavement, light.ink, 0.10), 3)
