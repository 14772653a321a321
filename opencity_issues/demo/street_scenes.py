"""Photos of streets: each scene is drawn as reported (`mended` false) and as answered (true)."""

from __future__ import annotations

from math import cos, sin

from opencity_issues.demo.backdrops import (
    HORIZON,
    branches,
    houses,
    road,
    sky,
    skyline,
    street,
    tree,
    yard,
)
from opencity_issues.demo.canvas import HEIGHT, WIDTH, Canvas, blend


def pothole(canvas: Canvas, mended: bool) -> None:
    """A hole in the carriageway, with water in it; afterwards a clean patch."""
    road(canvas)
    light, ink = canvas.light, canvas.light.ink
    if mended:
        canvas.polygon([(395, 690), (800, 676), (880, 800), (345, 822)], blend(light.road, ink, 0.5))
        canvas.polygon([(405, 696), (792, 684), (864, 794), (362, 814)], blend(light.road, ink, 0.38))
        return
    canvas.blot(600, 750, 292, 92, light.road_shade, 0.12)
    canvas.blot(604, 748, 246, 72, blend(light.road_shade, ink, 0.55), 0.16)
    canvas.blot(612, 760, 190, 46, blend(light.sky[1], light.road_shade, 0.35), 0.10)
    canvas.blot(570, 752, 96, 14, blend(light.sky[1], "#FFFFFF", 0.3), 0.2)
    for start, end in (
        ((330, 740), (215, 700)),
        ((860, 730), (985, 700)),
        ((760, 810), (850, 866)),
        ((420, 800), (340, 850)),
    ):
        middle = ((start[0] + end[0]) / 2 + 14, (start[1] + end[1]) / 2 - 12)
        canvas.line([start, middle, end], light.road_shade, 7)
    for _ in range(16):
        x, y = canvas.random.uniform(320, 900), canvas.random.uniform(672, 850)
        canvas.blot(x, y, 9, 6, blend(light.road, "#FFFFFF", 0.18))


def lamp(canvas: Canvas, mended: bool) -> None:
    """A street lamp that is out while the far ones burn; afterwards in its light."""
    sky(canvas, clouds=False)
    skyline(canvas)
    houses(canvas, (5, 9, 9))
    street(canvas)
    for x, size in ((250, 0.9), (385, 0.65), (1010, 1.1)):
        tree(canvas, x, HORIZON + 50 * size, size)
    for x, top, base in ((742, 420, 532), (712, 452, 515)):
        canvas.line([(x, base), (x, top), (x - 18, top - 6)], canvas.light.ink, 4)
        canvas.disc(x - 20, top - 4, 7, "#FFE9A8", 4)
    metal = blend(canvas.light.kerb, canvas.light.ink, 0.35)
    if mended:
        canvas.glow([(700, 215), (740, 215), (1060, 900), (250, 900)], "#FFE39A", 120, 60)
        canvas.glow([(640, 150), (800, 150), (800, 290), (640, 290)], "#FFF0C0", 210, 60)
    canvas.polygon([(893, 840), (917, 840), (911, 190), (899, 190)], metal)
    canvas.box(876, 822, 934, 850, blend(metal, canvas.light.ink, 0.3), 6)
    canvas.line([(905, 195), (860, 165), (745, 178)], metal, 10)
    canvas.polygon([(672, 176), (760, 160), (772, 190), (668, 206)], blend(metal, canvas.light.ink, 0.2))
    canvas.polygon(
        [(680, 204), (764, 190), (758, 214), (690, 220)], "#FFF6D8" if mended else blend(metal, canvas.light.ink, 0.6)
    )
    if not mended:
        canvas.line([(700, 206), (722, 214), (716, 199)], canvas.light.ink, 3)


def dead_tree(canvas: Canvas, mended: bool) -> None:
    """A dead tree with a broken bough over the yard; afterwards a supported sapling beside a stump."""
    yard(canvas, path=False)
    light = canvas.light
    if mended:
        canvas.disc(330, 760, 62, blend(light.trunk, "#000000", 0.25), 24)
        canvas.box(268, 732, 392, 760, light.trunk)
        canvas.disc(330, 732, 62, "#D9B98C", 20)
        canvas.disc(330, 732, 40, "#C7A273", 12)
        canvas.disc(330, 732, 18, "#B48D5E", 6)
        canvas.blot(610, 800, 120, 30, "#6B4F38", 0.1)
        for x in (560, 662):
            canvas.line([(x, 802), (x, 560)], "#B98D5A", 9)
        canvas.line([(560, 590), (662, 590)], "#EDE6DA", 7)
        canvas.line([(611, 800), (609, 470)], light.trunk, 12)
        for dx, dy, radius in ((-38, -350, 46), (36, -360, 48), (0, -412, 54), (-6, -340, 44)):
            canvas.disc(610 + dx, 800 + dy, radius, light.leaves[(dx > 0) + (dy < -400)])
        return
    canvas.polygon([(282, 800), (396, 800), (362, 440), (316, 440)], light.trunk)
    for angle in (-2.25, -1.75, -1.25):
        branches(canvas, 340, 455, 130, angle, 24, 3)
    canvas.polygon([(352, 500), (366, 474), (420, 520), (402, 530)], "#D9B98C")
    canvas.line([(400, 522), (560, 640), (730, 800)], light.trunk, 22)
    for x, y, angle in ((560, 640, 0.2), (640, 715, 1.5), (680, 750, 0.0), (730, 800, 0.4)):
        branches(canvas, x, y, 74, angle, 11, 2)


def snow(canvas: Canvas, mended: bool) -> None:
    """A pavement under snow with a trodden path; afterwards cleared and sanded."""
    sky(canvas)
    houses(canvas, (5, 5, 9))
    canvas.box(0, HORIZON, WIDTH, HEIGHT, canvas.light.grass)
    for x, size in ((130, 1.3), (1050, 1.2)):
        branches(canvas, x, HORIZON + 60, 92 * size, -1.57, 17, 4)
    ground = canvas.light.pavement if not mended else "#7E858B"
    canvas.polygon([(500, HORIZON), (660, HORIZON), (1120, HEIGHT), (90, HEIGHT)], ground)
    for side in (-1, 1):
        for step in range(9):
            y = HORIZON + 14 + step * step * 5.0
            x = 580 + side * (92 + (y - HORIZON) * 1.12)
            canvas.blot(x, y, 30 + step * 11, 16 + step * 5.5, "#FFFFFF" if step % 2 else "#EDF2F6", 0.12)
    if mended:
        for _ in range(320):
            y = canvas.random.uniform(HORIZON + 20, HEIGHT)
            reach = 70 + (y - HORIZON) * 0.98
            canvas.disc(590 + canvas.random.uniform(-reach, reach), y, 3.2, "#B79B6D", 2)
        return
    for step in range(13):
        y = HORIZON + 30 + step * step * 2.3
        x = 585 + (18 + step * 2.6) * (1 if step % 2 else -1)
        canvas.disc(x, y, 6 + step * 1.6, "#AFBBC6", 4 + step * 0.95)
    canvas.blot(690, 760, 170, 40, "#CBDCE8", 0.15)
    canvas.blot(660, 752, 70, 10, "#F5FAFD", 0.2)


def manhole(canvas: Canvas, mended: bool) -> None:
    """An open shaft with the lid beside it and a tyre put up by neighbours; afterwards shut."""
    road(canvas, lines=False)
    light, ink = canvas.light, canvas.light.ink
    canvas.disc(590, 745, 214, blend(light.road, ink, 0.25), 92)
    canvas.disc(590, 742, 192, "#7B7F82", 80)
    if mended:
        lid(canvas, 590, 740, 176)
        return
    canvas.disc(590, 744, 172, "#15181B", 70)
    canvas.disc(590, 770, 132, "#2A3034", 40)
    for step in range(3):
        canvas.line([(540, 712 + step * 22), (640, 712 + step * 22)], "#5C6468", 6)
    lid(canvas, 930, 812, 150)
    canvas.polygon([(262, 800), (382, 800), (340, 600), (306, 600)], "#E06A2C")
    canvas.polygon([(279, 745), (366, 745), (355, 695), (289, 695)], "#F6F2EA")
    canvas.box(240, 792, 404, 816, "#C4541E", 8)


def lid(canvas: Canvas, x: float, y: float, size: float) -> None:
    """A cast-iron lid."""
    canvas.disc(x, y + 8, size, "#2E3235", size * 0.42)
    canvas.disc(x, y, size, "#5A6064", size * 0.42)
    canvas.disc(x, y, size * 0.86, "#6B7175", size * 0.36)
    for row in range(-3, 4):
        for column in range(-4, 5):
            if (row / 3.4) ** 2 + (column / 4.4) ** 2 < 0.85:
                canvas.box(
                    x + column * size * 0.17 - 8,
                    y + row * size * 0.09 - 4,
                    x + column * size * 0.17 + 8,
                    y + row * size * 0.09 + 4,
                    "#565C60",
                    3,
                )


def sign(canvas: Canvas, mended: bool) -> None:
    """A road sign bent to the ground; afterwards upright."""
    road(canvas)
    metal = blend("#9AA0A3", canvas.light.ink, 0.15)
    canvas.disc(330, 850, 60, blend(canvas.light.grass_shade, canvas.light.ink, 0.2), 14)
    if mended:
        canvas.line([(330, 850), (330, 300)], metal, 19)
        head, lean = (330, 300), 0.0
    else:
        canvas.line([(330, 850), (345, 640), (520, 470)], metal, 19)
        head, lean = (540, 452), 0.75
    x, y = head
    if canvas.random.random() < 0.5:
        canvas.disc(x, y, 118, "#C4302B", 118 * (1 - 0.25 * lean))
        canvas.disc(x, y, 88, "#F6F4EF", 88 * (1 - 0.25 * lean))
        for dx in (-44, 26):
            canvas.line(
                [(x + dx, y - 38), (x + dx + 16, y - 42), (x + dx + 16, y + 40)]
                if dx < 0
                else [(x + dx, y - 40), (x + dx, y + 40)],
                "#1B2126",
                15,
            )
        return
    corners = [(0, -128), (122, 88), (-122, 88)]
    turned = [(x + a * cos(lean) - b * sin(lean), y + a * sin(lean) + b * cos(lean)) for a, b in corners]
    canvas.polygon(turned, "#C4302B")
    canvas.polygon([(x + (px - x) * 0.72, y + (py - y) * 0.72) for px, py in turned], "#F6F4EF")
    canvas.line([(x, y - 38), (x, y + 14)], "#1B2126", 17)
    canvas.disc(x, y + 42, 10, "#1B2126")


def crossing(canvas: Canvas, mended: bool) -> None:
    """A zebra worn away; afterwards bright."""
    road(canvas, lines=False)
    light = canvas.light
    paint = "#F8F7F2" if mended else blend(light.road, "#FFFFFF", 0.22)
    for index in range(9):
        top, low = 395 + index * 52, 215 + index * 94
        canvas.polygon([(top, 640), (top + 27, 640), (low + 50, 790), (low, 790)], paint)
        if not mended:
            for _ in range(4):
                canvas.blot(
                    canvas.random.uniform(low, top + 40), canvas.random.uniform(650, 790), 24, 11, light.road, 0.3
                )
    canvas.line([(1062, 690), (1062, 330)], blend("#9AA0A3", light.ink, 0.2), 14)
    if mended:
        canvas.box(992, 250, 1132, 390, "#1D5FB8", 10)
        canvas.polygon([(1062, 268), (1118, 372), (1006, 372)], "#F8F7F2")
        canvas.line([(1060, 318), (1064, 340), (1050, 364)], "#1B2126", 8)
        canvas.line([(1064, 340), (1078, 362)], "#1B2126", 8)
        canvas.disc(1061, 304, 9, "#1B2126")


def car(canvas: Canvas, mended: bool) -> None:
    """A wreck on bricks; afterwards a marked, empty place."""
    yard(canvas, path=False)
    light, ink = canvas.light, canvas.light.ink
    canvas.polygon([(0, 660), (WIDTH, 640), (WIDTH, HEIGHT), (0, HEIGHT)], light.road)
    canvas.polygon([(0, 652), (WIDTH, 632), (WIDTH, 644), (0, 666)], light.kerb)
    for x in (150, 560, 970):
        canvas.line([(x, 690), (x - 70, 880)], blend(light.road, "#FFFFFF", 0.75 if mended else 0.2), 9)
    if mended:
        return
    canvas.glow([(180, 800), (1010, 800), (1030, 860), (150, 860)], ink, 150, 16)
    body = canvas.random.choice(("#8C9A6E", "#8A6D5C", "#7C8FA0"))
    canvas.polygon(
        [(190, 660), (330, 640), (440, 520), (760, 515), (880, 635), (1010, 665), (1020, 790), (180, 795)], body
    )
    canvas.polygon([(380, 640), (462, 545), (585, 542), (585, 638)], blend(light.window, ink, 0.3))
    canvas.polygon([(610, 542), (738, 540), (826, 634), (610, 638)], blend(light.window, ink, 0.3))
    canvas.line([(650, 560), (700, 600), (690, 632), (740, 610)], "#DCE3E6", 3)
    for x, y, across, down in ((270, 740, 80, 34), (560, 770, 120, 22), (940, 720, 54, 46), (480, 690, 40, 18)):
        canvas.blot(x, y, across, down, "#A65A32", 0.3)
    canvas.box(560, 660, 640, 672, blend(body, ink, 0.4), 4)
    for x in (330, 850):
        canvas.disc(x, 795, 82, "#15181B", 74)
        canvas.box(x - 46, 800, x + 46, 850, "#B26B4C")
        canvas.box(x - 46, 822, x + 46, 826, "#8C5138")
    canvas.disc(206, 700, 20, "#E9E2CF", 24)
    canvas.line([(700, 870), (740, 846), (800, 872)], "#7E7A55", 6)
