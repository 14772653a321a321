"""Words that say nothing about a problem by themselves, and those that say what the next words are for."""

NEAR = frozenset(
    [
        "перед",
        "біля",
        "коло",
        "поруч",
        "навпроти",
        "поблизу",
        "неподалік",
        "поряд",
        "обабіч",
        "вздовж",
        "уздовж",
        "позаду",
        "возле",
        "напротив",
    ]
)
"""What follows is only near by."""
WITHIN = frozenset(["у", "в", "на", "по", "під", "над", "за", "перед", "між"])
"""What follows is the place."""
NOTHING = "не"
NOTHING_WORDS = frozenset(
    ["не", "нема", "немає", "ні", "відсутній", "відсутня", "відсутнє", "відсутні", "відсутність", "нет", "бракує"]
)
"""Different ways to say that something is missing are one word."""
SILENT = (
    NEAR
    | WITHIN
    | frozenset(
        [
            "з",
            "із",
            "зі",
            "до",
            "від",
            "для",
            "про",
            "через",
            "при",
            "без",
            "к",
            "ко",
            "о",
            "об",
            "та",
            "і",
            "й",
            "а",
            "але",
            "чи",
            "що",
            "як",
            "цей",
            "той",
            "це",
            "то",
            "там",
            "тут",
        ]
    )
    | frozenset(["дуже", "вже", "ще", "уже", "весь", "вся", "все", "всі", "бути", "є", "був", "була", "було", "були"])
)
