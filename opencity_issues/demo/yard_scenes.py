"""Photos of yards and houses: each scene is drawn as reported (`mended` false) and as answered (true)."""

from __future__ import annotations

from math import sin

from opencity_issues.demo.backdrops import (
    HORIZON,
    entrance_wall,
    lawn,
    sky,
    skyline,
    tree,
    yard,
)
from opencity_issues.demo.canvas import HEIGHT, WIDTH, Canvas, blend


def bin_(canvas: Canvas, mended: bool) -> None:
    """Waste containers with a heap around them; afterwards shut and swept."""
    yard(canvas)
    ink = canvas.light.ink
    canvas.polygon([(210, 640), (990, 630), (1080, 800), (130, 812)], canvas.light.pavement)
    canvas.box(210, 420, 990, 446, blend("#8A8F92", ink, 0.15))
    for x in range(220, 990, 32):
        canvas.box(x, 440, x + 20, 650, blend("#9AA0A3", ink, 0.1))
    for x, colour in ((270, "#3E7C5A"), (500, "#3E7C5A"), (730, "#C9A227")):
        body = blend(colour, ink, 0.1 if canvas.light.lit_share < 0.3 else 0.3)
        canvas.polygon([(x, 520), (x + 190, 520), (x + 172, 748), (x + 18, 748)], body)
        canvas.box(x - 8, 508, x + 198, 532, blend(body, ink, 0.3), 8)
        for rib in (48, 92, 136):
            canvas.box(x + rib, 548, x + rib + 8, 736, blend(body, ink, 0.18), 4)
        for wheel in (34, 156):
            canvas.disc(x + wheel, 756, 16, ink)
        if mended:
            canvas.polygon([(x - 8, 510), (x + 198, 510), (x + 176, 470), (x + 14, 470)], blend(body, "#FFFFFF", 0.12))
        else:
            canvas.polygon([(x - 4, 512), (x + 194, 512), (x + 210, 408), (x + 20, 402)], blend(body, ink, 0.35))
            for _ in range(7):
                waste(canvas, x + canvas.random.uniform(20, 170), canvas.random.uniform(468, 512), 34)
    for _ in range(0 if mended else 34):
        waste(canvas, canvas.random.uniform(190, 1010), canvas.random.uniform(720, 826), 40)


def waste(canvas: Canvas, x: float, y: float, size: float) -> None:
    """A bag, a box or a bottle."""
    kind = canvas.random.choice("bbbxo")
    if kind == "b":
        colour = canvas.random.choice(("#2F343A", "#3E6FA3", "#D8D4C8", "#4A4F45"))
        canvas.blot(x, y, size, size * 0.78, colour, 0.14)
        canvas.polygon(
            [(x - 8, y - size * 0.6), (x + 8, y - size * 0.6), (x + 16, y - size), (x - 12, y - size * 0.95)], colour
        )
        canvas.disc(x - size * 0.3, y - size * 0.2, size * 0.16, blend(colour, "#FFFFFF", 0.25))
    elif kind == "x":
        canvas.polygon(
            [(x - size, y - 14), (x + size * 0.7, y - 24), (x + size * 0.8, y + 18), (x - size * 0.9, y + 24)],
            "#B98D5A",
        )
        canvas.line([(x - size, y - 14), (x - 4, y - 2), (x + size * 0.7, y - 24)], "#94703F", 3)
    else:
        canvas.line([(x, y), (x + 26, y - 7)], "#7FB59B", 11)
        canvas.line([(x + 26, y - 7), (x + 36, y - 10)], "#7FB59B", 5)


def bench(canvas: Canvas, mended: bool) -> None:
    """A park bench with boards gone; afterwards whole and painted."""
    sky(canvas)
    skyline(canvas)
    lawn(canvas)
    for x, size in ((120, 1.7), (350, 1.2), (840, 1.3), (1090, 1.8)):
        tree(canvas, x, HORIZON + 60, size)
    canvas.glow([(250, 800), (960, 800), (930, 830), (290, 830)], canvas.light.ink, 110, 18)
    iron = blend("#4A4F55", canvas.light.ink, 0.3)
    wood = "#2F8A83" if mended else "#9A7B58"
    for x in (330, 840):
        canvas.line([(x, 800), (x + 6, 650), (x - 4, 480)], iron, 16)
        canvas.line([(x + 6, 655), (x + 62, 662), (x + 74, 812)], iron, 16)
    for index, y in enumerate((488, 532, 576)):
        if mended or index != 1:
            canvas.polygon(
                [(270, y), (915, y), (915, y + 30), (270, y + 30)], blend(wood, "#FFFFFF", 0.10 * (2 - index))
            )
        else:
            canvas.polygon([(270, y), (400, y + 4), (372, y + 18), (410, y + 30), (270, y + 30)], wood)
            canvas.polygon([(915, y), (800, y + 6), (826, y + 20), (790, y + 30), (915, y + 30)], wood)
    for index, y in enumerate((640, 662, 684)):
        if mended or index != 2:
            canvas.polygon(
                [(262 + 6 * index, y), (930 + 8 * index, y), (936 + 8 * index, y + 18), (258 + 6 * index, y + 18)],
                blend(wood, canvas.light.ink, 0.08 * index),
            )
    if not mended:
        canvas.polygon([(430, 836), (770, 806), (776, 826), (438, 858)], blend(wood, canvas.light.ink, 0.15))
        for x in (452, 748):
            canvas.line([(x, 826), (x + 4, 806)], iron, 4)


def playground(canvas: Canvas, mended: bool) -> None:
    """Swings with one torn off, and a slide; afterwards both hang."""
    yard(canvas, path=False)
    canvas.blot(610, 770, 540, 96, "#E0C892", 0.06)
    for x, colour in ((300, "#D8483E"), (760, "#D8483E")):
        canvas.line([(x - 70, 790), (x, 400)], colour, 17)
        canvas.line([(x + 70, 790), (x, 400)], colour, 17)
    canvas.line([(292, 402), (768, 402)], "#2E6FA8", 19)
    chain = blend("#6E767C", canvas.light.ink, 0.2)
    for index, x in enumerate((430, 620)):
        if mended or index == 0:
            canvas.line([(x - 34, 410), (x - 34, 688)], chain, 5)
            canvas.line([(x + 34, 410), (x + 34, 688)], chain, 5)
            canvas.box(x - 52, 682, x + 52, 702, "#F0B53A", 6)
        else:
            canvas.line([(x - 34, 410), (x - 34, 650)], chain, 5)
            canvas.line([(x + 34, 410), (x + 30, 505)], chain, 5)
            canvas.polygon([(x - 46, 640), (x - 28, 632), (x + 20, 752), (x + 2, 762)], "#C99430")
    canvas.polygon([(900, 470), (960, 470), (960, 790), (936, 790), (936, 500), (900, 500)], "#2E6FA8")
    canvas.polygon([(948, 474), (1010, 474), (1150, 780), (1096, 792)], "#F0B53A")
    canvas.line([(1008, 474), (1150, 780)], "#D8483E", 9)
    for y in (560, 620, 680, 740):
        canvas.line([(908, y), (946, y)], "#D8483E", 8)
    canvas.line([(902, 480), (902, 790)], "#2E6FA8", 12)


def graffiti(canvas: Canvas, mended: bool) -> None:
    """A wall with scrawls; afterwards painted over."""
    sky(canvas)
    skyline(canvas)
    light = canvas.light
    wall = canvas.random.choice(light.walls)
    canvas.box(0, 210, WIDTH, 760, wall)
    canvas.box(0, 196, WIDTH, 222, blend(wall, light.ink, 0.3))
    for row, y in enumerate(range(222, 690, 52)):
        canvas.box(0, y, WIDTH, y + 2, blend(wall, light.ink, 0.10))
        for x in range(-60 if row % 2 else 0, WIDTH, 120):
            canvas.box(x, y, x + 2, y + 52, blend(wall, light.ink, 0.10))
    canvas.box(0, 690, WIDTH, 760, blend(wall, light.ink, 0.32))
    canvas.box(0, 760, WIDTH, HEIGHT, light.pavement)
    canvas.box(0, 760, WIDTH, 768, blend(light.pavement, light.ink, 0.25))
    for x in range(0, WIDTH, 150):
        canvas.line([(x, 768), (x - 60, HEIGHT)], blend(light.pavement, light.ink, 0.12), 3)
    if mended:
        canvas.box(120, 280, 1090, 660, blend(wall, "#FFFFFF", 0.28), 8)
        canvas.box(1000, 700, 1060, 800, "#D8D4C8", 6)
        canvas.disc(1030, 700, 30, blend(wall, "#FFFFFF", 0.28), 10)
        return
    for colour, left, top, size in (("#B0337A", 150, 600, 150), ("#1F5FA8", 470, 560, 190), ("#2B2B30", 830, 610, 130)):
        points = []
        for step in range(26):
            t = step / 25
            points.append(
                (left + size * 1.9 * t + 36 * sin(9 * t + size), top - size * 0.75 * (0.5 + 0.5 * sin(15 * t + left)))
            )
        canvas.line(points, colour, 24)
        canvas.line([(x + 5, y - 5) for x, y in points], blend(colour, "#FFFFFF", 0.35), 7)
        for x, y in points[4::7]:
            canvas.line([(x, y + 10), (x, y + canvas.random.uniform(50, 110))], colour, 5)
    canvas.line([(210, 330), (250, 290), (290, 350), (340, 280), (360, 352)], "#D8483E", 13)
    canvas.line([(930, 330), (1040, 300), (960, 390), (1060, 370)], "#3E8E5A", 13)


def dog(canvas: Canvas, mended: bool) -> None:
    """A pack on the pavement; afterwards one of them, tagged, behind a shelter's fence."""
    yard(canvas)
    if mended:
        one_dog(canvas, 600, 800, 1.25, "#B98D5A", 1, tagged=True)
        for x in range(0, WIDTH + 1, 60):
            canvas.line([(x, 560), (x, 890)], "#8E979C", 5)
        for y in (575, 720, 875):
            canvas.line([(0, y), (WIDTH, y)], "#7D868B", 8)
        return
    one_dog(canvas, 270, 770, 0.95, "#3B3632", 1)
    one_dog(canvas, 860, 775, 1.0, "#D6C7B0", -1)
    one_dog(canvas, 560, 850, 1.3, "#B98D5A", 1)


def one_dog(canvas: Canvas, x: float, base: float, size: float, coat: str, way: int, tagged: bool = False) -> None:
    """A dog in profile; `way` is 1 to the right, −1 to the left."""

    def at(dx: float, dy: float) -> tuple[float, float]:
        return x + way * dx * size, base + dy * size

    shade = blend(coat, "#000000", 0.25)
    canvas.disc(x, base + 4, 130 * size, blend(canvas.light.pavement, canvas.light.ink, 0.3), 13 * size)
    for dx, colour in ((-62, shade), (56, shade), (-84, coat), (78, coat)):
        canvas.line([at(dx, -80), at(dx + 4, -4)], colour, 22 * size)
    canvas.line([at(-100, -110), at(-150, -150), at(-160, -190)], coat, 17 * size)
    canvas.polygon([at(-108, -140), at(70, -150), at(104, -110), at(92, -62), at(-96, -66)], coat)
    canvas.disc(*at(-88, -104), 40 * size, coat)
    canvas.disc(*at(84, -106), 44 * size, coat)
    canvas.polygon([at(70, -140), at(112, -190), at(150, -160), at(118, -94)], coat)
    canvas.disc(*at(132, -178), 37 * size, coat)
    canvas.polygon([at(140, -196), at(206, -178), at(204, -156), at(142, -148)], coat)
    canvas.disc(*at(204, -170), 9 * size, "#1B1715")
    canvas.polygon([at(104, -202), at(118, -244), at(140, -206)], shade)
    canvas.disc(*at(148, -186), 5 * size, "#1B1715")
    if tagged:
        canvas.disc(*at(120, -218), 8 * size, "#F0B53A")


def entrance(canvas: Canvas, mended: bool) -> None:
    """A door off its hinge, crumbled steps; afterwards a new door, a rail and a ramp."""
    entrance_wall(canvas)
    light, ink = canvas.light, canvas.light.ink
    canvas.box(500, 400, 720, 700, blend(ink, "#000000", 0.2))
    if mended:
        canvas.box(508, 408, 712, 700, "#2F6E6B")
        canvas.box(540, 436, 600, 560, blend(light.window, "#FFFFFF", 0.25), 4)
        canvas.box(622, 436, 682, 560, blend(light.window, "#FFFFFF", 0.25), 4)
        canvas.box(604, 410, 612, 700, blend("#2F6E6B", ink, 0.35))
        canvas.box(586, 590, 596, 640, "#E8E2D6", 4)
        canvas.disc(610, 372, 18, "#FFE9A8", 10)
    else:
        canvas.polygon([(508, 420), (640, 446), (640, 712), (508, 700)], "#7A5A44")
        canvas.polygon([(534, 452), (612, 466), (612, 560), (534, 552)], blend("#7A5A44", ink, 0.35))
        canvas.line([(536, 470), (575, 520), (560, 548)], "#C9BFB0", 3)
        for x, y, size in ((420, 470, 34), (800, 560, 42), (430, 640, 30)):
            canvas.blot(x, y, size, size * 1.2, "#A97B62", 0.2)
    stone = blend(light.pavement, "#FFFFFF", 0.25 if mended else 0.0)
    for step in range(3):
        top, reach = 700 + step * 34, 60 + step * 34
        canvas.box(440 - reach + 60, top, 780 + reach - 60, top + 34, blend(stone, ink, 0.06 + 0.10 * step))
        if not mended:
            canvas.blot(
                470 + step * 130 + canvas.random.uniform(-20, 20), top + 6, 46, 18, blend(stone, ink, 0.45), 0.3
            )
    if mended:
        canvas.polygon([(880, 700), (960, 700), (1160, 850), (1010, 850)], blend(stone, ink, 0.16))
        for x, y in ((870, 610), (1000, 740)):
            canvas.line([(x, y), (x, y + 100)], "#E8E2D6", 9)
        canvas.line([(420, 640), (440, 620), (440, 800)], "#E8E2D6", 9)
        canvas.line([(860, 605), (1010, 742)], "#E8E2D6", 10)
        return
    for _ in range(12):
        canvas.blot(canvas.random.uniform(380, 880), canvas.random.uniform(800, 870), 15, 9, blend(stone, ink, 0.3))


def flood(canvas: Canvas, mended: bool) -> None:
    """Water before the entrance; afterwards dry, with a new grating."""
    entrance_wall(canvas)
    light, ink = canvas.light, canvas.light.ink
    canvas.box(500, 400, 720, 700, "#5B6E7A")
    canvas.box(520, 430, 700, 560, blend(light.window, "#FFFFFF", 0.2), 4)
    canvas.box(606, 400, 614, 700, blend("#5B6E7A", ink, 0.4))
    canvas.box(440, 690, 780, 724, blend(light.pavement, ink, 0.2))
    if mended:
        canvas.polygon([(460, 800), (760, 800), (800, 850), (430, 850)], "#4A5054")
        for x in range(470, 760, 26):
            canvas.line([(x, 806), (x - 8, 844)], "#20262A", 9)
        return
    water = blend(light.sky[0], "#5B7686", 0.55)
    canvas.blot(610, 812, 660, 96, water, 0.05)
    canvas.polygon([(506, 742), (714, 742), (730, 850), (494, 850)], blend(water, "#4A5B66", 0.6))
    for y, left, right in ((770, 180, 420), (800, 760, 1080), (842, 260, 640), (868, 700, 900), (756, 820, 980)):
        canvas.line([(left, y), (right, y)], blend(water, "#FFFFFF", 0.4), 4)
    canvas.polygon([(240, 800), (420, 784), (430, 800), (250, 818)], "#A27E55")
    canvas.polygon([(760, 832), (900, 852), (896, 866), (756, 848)], "#A27E55")


def roof(canvas: Canvas, mended: bool) -> None:
    """A roof with sheets torn off and a damp wall; afterwards covered anew."""
    sky(canvas)
    light, ink = canvas.light, canvas.light.ink
    wall = canvas.random.choice(light.walls)
    canvas.box(0, 380, WIDTH, HEIGHT, light.far)
    canvas.box(0, 760, WIDTH, HEIGHT, light.grass)
    for x, size in ((30, 1.7), (1170, 1.5)):
        tree(canvas, x, 800, size)
    canvas.box(90, 420, 1110, HEIGHT, wall)
    sheet = "#8A4B3C" if mended else "#7D7A74"
    canvas.polygon([(40, 430), (1160, 430), (1010, 210), (190, 210)], sheet)
    for index in range(15):
        top, low = 190 + index * 820 / 14, 40 + index * 1120 / 14
        canvas.line([(top, 210), (low, 430)], blend(sheet, ink, 0.25), 4)
    canvas.box(30, 424, 1170, 446, blend(sheet, ink, 0.45), 6)
    for left, top in ((760, 130), (330, 150)):
        canvas.box(left, top, left + 70, 250, "#A2604B")
        canvas.box(left - 8, top - 12, left + 78, top + 6, "#7C4637")
    for row in range(3):
        for column in range(5):
            x, y = 170 + column * 190, 520 + row * 140
            canvas.box(x, y, x + 90, y + 92, light.lit if canvas.random.random() < light.lit_share else light.window)
            canvas.box(x - 6, y + 92, x + 96, y + 102, blend(wall, "#FFFFFF", 0.4))
            canvas.box(x + 43, y, x + 47, y + 92, blend(wall, "#FFFFFF", 0.4))
    canvas.line(
        [(1080, 440), (1080, 880)] if mended else [(1080, 440), (1084, 560), (1130, 640)],
        blend("#9AA0A3", ink, 0.2),
        17,
    )
    if mended:
        return
    canvas.polygon([(450, 300), (640, 290), (668, 384), (560, 402), (430, 380)], "#2A2420")
    for offset in (0, 52, 104):
        canvas.line([(470 + offset, 300), (455 + offset, 386)], "#8F6B47", 9)
    canvas.polygon([(690, 330), (810, 352), (792, 420), (676, 392)], blend(sheet, "#FFFFFF", 0.2))
    canvas.glow([(430, 450), (690, 450), (640, 760), (500, 800)], "#4A4038", 110, 30)
    canvas.glow([(1040, 560), (1110, 560), (1110, 900), (1020, 900)], "#4A4038", 100, 26)
