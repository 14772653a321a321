"""Photos of homes and of what stands in yards: each scene is drawn as reported (`mended` false) and as answered (true)."""

from __future__ import annotations

from math import pi, sin

from opencity_issues.demo.backdrops import HORIZON, houses, lawn, sky, skyline, tree, yard
from opencity_issues.demo.canvas import HEIGHT, WIDTH, Canvas, blend

WALLS, FLOOR = ("#DDE3DA", "#E8DFC9", "#D9DEE6"), "#B9AB98"


def room(canvas: Canvas) -> None:
    """A stairwell: a wall painted below, a tiled floor."""
    wall = canvas.random.choice(WALLS)
    canvas.box(0, 0, WIDTH, HEIGHT, wall)
    canvas.box(0, 380, WIDTH, 720, blend(wall, "#5E8A7F", 0.45))
    canvas.box(0, 374, WIDTH, 384, blend(wall, "#3E5F57", 0.6))
    canvas.box(0, 720, WIDTH, HEIGHT, FLOOR)
    canvas.box(0, 712, WIDTH, 728, blend(FLOOR, "#3A322A", 0.5))
    for x in range(-300, WIDTH + 400, 130):
        canvas.line([(600 + (x - 600) * 0.75, 728), (x, HEIGHT)], blend(FLOOR, "#3A322A", 0.18), 3)
    canvas.line([(0, 800), (WIDTH, 800)], blend(FLOOR, "#3A322A", 0.18), 3)


def lift(canvas: Canvas, mended: bool) -> None:
    """A lift that is shut with a note on its door; afterwards open and lit."""
    room(canvas)
    canvas.box(360, 120, 840, 726, "#5B646A")
    canvas.box(392, 150, 808, 720, "#2B3136" if not mended else "#F3E7C4")
    if mended:
        canvas.polygon([(392, 720), (808, 720), (760, 640), (440, 640)], "#A9A08F")
        canvas.box(440, 180, 760, 640, "#DCCFB0")
        canvas.box(520, 230, 680, 420, "#B9CBD2", 4)
        canvas.box(480, 160, 720, 176, "#FFFDF2", 6)
        canvas.box(392, 150, 424, 720, "#9AA4AA")
        canvas.box(776, 150, 808, 720, "#9AA4AA")
    else:
        canvas.box(392, 150, 598, 720, "#9AA4AA")
        canvas.box(602, 150, 808, 720, "#929CA2")
        for x in (460, 530, 670, 740):
            canvas.line([(x, 170), (x, 700)], "#838D93", 4)
        canvas.polygon([(500, 300), (712, 290), (718, 440), (508, 450)], "#FBF8EE")
        for row, width in enumerate((150, 120, 140)):
            canvas.line(
                [(535, 335 + row * 36), (535 + width, 330 + row * 36)], "#C4302B" if row == 0 else "#51585D", 11
            )
        canvas.box(585, 280, 630, 304, "#E7D98B")
    canvas.box(900, 380, 960, 500, "#6E777D", 6)
    canvas.disc(930, 415, 15, "#7FD08C" if mended else "#3B4146")
    canvas.disc(930, 460, 15, "#3B4146")
    canvas.box(530, 70, 670, 108, "#20262A", 6)
    canvas.line([(560, 89), (640, 89)], "#FF6B5E" if not mended else "#7FD08C", 9)


def radiator(canvas: Canvas, mended: bool) -> None:
    """A cold radiator under a misted window, a blanket and a thermometer; afterwards warm."""
    canvas.box(0, 0, WIDTH, HEIGHT, "#E6DCCB" if mended else "#D5DADC")
    canvas.box(230, 60, 970, 470, "#F7F5EF")
    canvas.box(256, 86, 944, 444, "#A9C3D6" if not mended else "#BFD9E8")
    skyline_of_window(canvas, mended)
    canvas.box(592, 60, 608, 470, "#F7F5EF")
    canvas.box(190, 462, 1010, 500, "#FBF9F4", 6)
    metal = "#F1EDE3" if mended else "#E3E6E6"
    for index in range(11):
        x = 290 + index * 56
        canvas.box(x, 540, x + 46, 790, metal, 20)
        canvas.box(x + 34, 556, x + 42, 776, blend(metal, "#6B6256", 0.22), 4)
    canvas.line([(210, 570), (290, 570)], blend(metal, "#6B6256", 0.2), 22)
    canvas.line([(210, 760), (290, 760)], blend(metal, "#6B6256", 0.2), 22)
    canvas.box(0, 830, WIDTH, HEIGHT, "#B48D63")
    canvas.box(0, 822, WIDTH, 838, "#F4F0E6")
    canvas.box(1060, 260, 1120, 560, "#FBF9F4", 26)
    warm = 320 if mended else 470
    canvas.box(1082, warm, 1098, 520, "#D8483E" if mended else "#3E6FA3", 6)
    canvas.disc(1090, 520, 22, "#D8483E" if mended else "#3E6FA3")
    if mended:
        for index in range(4):
            x = 360 + index * 140
            canvas.line([(x + 12 * sin(step / 3), 520 - step * 6) for step in range(14)], "#EBB79A", 7)
        return
    canvas.polygon(
        [(640, 520), (930, 520), (950, 720), (900, 740), (850, 716), (790, 742), (730, 716), (670, 738), (630, 716)],
        "#A85A4A",
    )
    for y in (570, 630, 690):
        canvas.line([(636, y), (944, y)], "#C98B6B", 9)


def skyline_of_window(canvas: Canvas, clear: bool) -> None:
    """Roofs seen through a window, misted where the room is cold."""
    for x, height in ((270, 110), (400, 190), (520, 140), (640, 170), (760, 120), (860, 210)):
        canvas.box(x, 444 - height, x + 84, 444, "#8FA5B3" if clear else "#9DB2C0")
    for _ in range(0 if clear else 46):
        canvas.disc(
            canvas.random.uniform(262, 940), canvas.random.uniform(92, 440), canvas.random.uniform(3, 8), "#C7D7E2"
        )


def tap(canvas: Canvas, mended: bool) -> None:
    """Brown water runs into a basin; afterwards clear."""
    canvas.box(0, 0, WIDTH, HEIGHT, "#E4ECEC")
    for x in range(0, WIDTH, 120):
        canvas.box(x, 0, x + 3, 620, "#C9D6D6")
    for y in range(20, 620, 120):
        canvas.box(0, y, WIDTH, y + 3, "#C9D6D6")
    water = "#BFE0EE" if mended else "#A8682F"
    canvas.polygon([(130, 600), (1070, 600), (960, 880), (240, 880)], "#FBFAF6")
    canvas.disc(600, 604, 470, "#FBFAF6", 70)
    canvas.disc(600, 606, 436, "#DDE2E0", 54)
    canvas.disc(600, 618, 360, blend(water, "#FFFFFF", 0.25), 38)
    canvas.disc(600, 622, 220, water, 22)
    steel, shade = "#AEB8BD", "#87939A"
    canvas.box(560, 120, 640, 180, shade, 18)
    canvas.line([(600, 170), (600, 250)], steel, 56)
    canvas.line([(600, 250), (600, 290), (720, 300), (740, 350)], steel, 44)
    canvas.box(714, 340, 768, 376, shade, 6)
    for x in (490, 710):
        canvas.line([(600, 215), (x, 215)], steel, 30)
        canvas.disc(x, 215, 38, shade)
        canvas.disc(x, 215, 14, "#C4302B" if x < 600 else "#1D5FB8")
    canvas.polygon([(722, 376), (760, 376), (752, 618), (728, 618)], water)
    canvas.line([(734, 380), (736, 610)], blend(water, "#FFFFFF", 0.45), 6)
    for _ in range(9):
        canvas.disc(
            canvas.random.uniform(690, 790),
            canvas.random.uniform(586, 622),
            canvas.random.uniform(5, 11),
            blend(water, "#FFFFFF", 0.4),
        )


def panel(canvas: Canvas, mended: bool) -> None:
    """An open fuse box that sparks; afterwards shut and marked."""
    room(canvas)
    canvas.box(380, 90, 820, 640, "#4A5258", 8)
    if mended:
        canvas.box(396, 106, 804, 624, "#C9D0D3", 6)
        canvas.polygon([(600, 220), (720, 420), (480, 420)], "#F0C23A")
        canvas.polygon([(606, 268), (566, 350), (600, 350), (590, 400), (636, 326), (604, 326)], "#1B2126")
        canvas.box(764, 340, 782, 400, "#6B747A", 6)
        return
    canvas.box(396, 106, 804, 624, "#2A2F33", 4)
    canvas.polygon([(380, 90), (190, 140), (190, 690), (380, 640)], "#9CA6AB")
    for row in range(2):
        for column in range(5):
            x, y = 430 + column * 70, 190 + row * 170
            canvas.box(x, y, x + 54, y + 96, "#E9E6DC", 4)
            canvas.box(x + 18, y + 26, x + 36, y + 62, "#3B4146" if (row + column) % 4 else "#C4302B", 4)
    for index, colour in enumerate(("#C4302B", "#3E6FA3", "#C9A227", "#E9E6DC")):
        x = 450 + index * 85
        canvas.line([(x + 22 * sin(step / 2 + index), 540 + step * 7) for step in range(12)], colour, 8)
    canvas.glow([(560, 300), (740, 300), (740, 470), (560, 470)], "#FFE9A0", 190, 50)
    for angle in range(9):
        turn = angle * 2 * pi / 9
        near, far = 24, 52 + 26 * (angle % 3)
        canvas.line(
            [
                (650 + near * sin(turn), 386 + near * sin(turn + pi / 2)),
                (650 + far * sin(turn), 386 + far * sin(turn + pi / 2)),
            ],
            "#FFF3C4",
            7,
        )


def parking(canvas: Canvas, mended: bool) -> None:
    """Cars on the pavement; afterwards bollards and a free way."""
    sky(canvas)
    houses(canvas, (5, 9, 5))
    lawn(canvas, path=False)
    for x, size in ((60, 1.2), (1130, 1.1)):
        tree(canvas, x, HORIZON + 40, size)
    light = canvas.light
    canvas.polygon([(0, 600), (WIDTH, 580), (WIDTH, 760), (0, 790)], light.pavement)
    canvas.polygon([(0, 790), (WIDTH, 760), (WIDTH, 776), (0, 808)], light.kerb)
    canvas.polygon([(0, 808), (WIDTH, 776), (WIDTH, HEIGHT), (0, HEIGHT)], light.road)
    for x in range(-100, WIDTH, 160):
        canvas.line([(x + 30, 600), (x, 788)], blend(light.pavement, light.ink, 0.12), 3)
    if mended:
        for x in range(60, WIDTH, 130):
            canvas.box(x - 12, 690 - x * 0.02, x + 12, 800 - x * 0.025, "#3B4146", 8)
            canvas.box(x - 12, 712 - x * 0.02, x + 12, 726 - x * 0.02, "#F0C23A")
        return
    for x, colour in ((40, "#5F7FA3"), (430, "#B5423A"), (820, "#D9D6CC")):
        parked_car(canvas, x, 770 - x * 0.02, colour)


def parked_car(canvas: Canvas, x: float, base: float, colour: str) -> None:
    """A car in profile, its wheels at `base`."""
    ink = canvas.light.ink
    body = blend(colour, ink, 0.25 if canvas.light.lit_share > 0.3 else 0.05)
    canvas.disc(x + 170, base + 8, 180, blend(canvas.light.pavement, ink, 0.35), 16)
    canvas.polygon(
        [
            (x, base - 92),
            (x + 54, base - 104),
            (x + 108, base - 166),
            (x + 232, base - 166),
            (x + 290, base - 104),
            (x + 340, base - 90),
            (x + 344, base - 22),
            (x - 4, base - 18),
        ],
        body,
    )
    glass = blend(canvas.light.window, ink, 0.2)
    canvas.polygon([(x + 74, base - 104), (x + 116, base - 156), (x + 164, base - 156), (x + 164, base - 104)], glass)
    canvas.polygon([(x + 178, base - 156), (x + 226, base - 156), (x + 268, base - 104), (x + 178, base - 104)], glass)
    canvas.box(x, base - 58, x + 340, base - 50, blend(body, ink, 0.2))
    canvas.disc(x + 10, base - 72, 11, "#F4E3B0")
    canvas.disc(x + 334, base - 72, 9, "#D8483E")
    for wheel in (72, 268):
        canvas.disc(x + wheel, base - 18, 36, "#1B1E21")
        canvas.disc(x + wheel, base - 18, 17, "#A9B0B4")


def fountain(canvas: Canvas, mended: bool) -> None:
    """A dry basin with leaves in it; afterwards the water plays."""
    yard(canvas) if canvas.random.random() < 0.5 else skyline_square(canvas)
    stone = "#CFC8BA"
    canvas.disc(600, 770, 430, blend(stone, canvas.light.ink, 0.3), 96)
    canvas.disc(600, 752, 430, stone, 92)
    canvas.disc(600, 748, 388, blend(stone, canvas.light.ink, 0.22), 74)
    canvas.disc(600, 756, 380, "#A9D0E6" if mended else "#8A7F6E", 66)
    canvas.box(560, 520, 640, 760, blend(stone, canvas.light.ink, 0.08), 14)
    canvas.disc(600, 526, 150, blend(stone, canvas.light.ink, 0.15), 34)
    canvas.disc(600, 518, 150, stone, 32)
    if mended:
        canvas.disc(600, 516, 128, "#A9D0E6", 22)
        for way in (-1, 1):
            for reach in (90, 190, 290):
                arc = [
                    (600 + way * reach * step / 14, 510 - 190 * sin(pi * (step / 14) * 0.62) + 410 * (step / 14) ** 3)
                    for step in range(15)
                ]
                canvas.line(arc, "#D8EEF8", 9)
        canvas.line([(600, 510), (600, 290)], "#E6F5FB", 15)
        return
    for _ in range(34):
        colour = canvas.random.choice(("#C46A2D", "#DDB04A", "#7B6A45", "#8E9A55"))
        canvas.blot(canvas.random.uniform(300, 900), canvas.random.uniform(720, 800), 13, 7, colour, 0.3)
    canvas.line([(760, 770), (812, 758)], "#7FB59B", 13)
    canvas.line([(470, 690), (500, 730), (490, 768)], blend(stone, canvas.light.ink, 0.55), 5)


def skyline_square(canvas: Canvas) -> None:
    """A square with far roofs and trees."""
    sky(canvas)
    skyline(canvas)
    lawn(canvas)
    for x, size in ((110, 1.5), (330, 1.1), (900, 1.1), (1100, 1.5)):
        tree(canvas, x, HORIZON + 50, size)
