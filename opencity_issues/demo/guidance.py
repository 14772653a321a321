"""What the demonstration city says about its categories: whom others serve, and what it asks besides."""

from opencity_issues.models import Category, CategoryQuestion, CategoryStop, IssueIndexPage
from opencity_issues.models.category_guidance import QuestionKind

STOPS = {
    "2.11.1": {
        "reason_uk": "Трансформаторні будки належать обленерго, не місту. Якщо двері відчинені або щось іскрить, не підходьте: "
        "телефонуйте, аварійна бригада працює цілодобово.",
        "reason_en": "Transformer substations belong to the electricity company, not to the city. If a door is open or something "
        "sparks, keep away and call: the emergency team works day and night.",
        "phone": "0 800 000 104",
    },
    "6.4": {
        "reason_uk": "Коли комусь загрожують, коли б’ються або крадуть, потрібна поліція, і то негайно. Про темний двір чи "
        "зламаний замок повідомте в категоріях «Освітлення» або «Обслуговування будинків».",
        "reason_en": "When somebody is threatened, when people fight or steal, the police is needed, and at once. Report a dark yard "
        "or a broken lock under “Lighting” or “Building maintenance”.",
        "phone": "102",
    },
}

QUESTIONS: dict[str, list[dict[str, object]]] = {
    "2.2": [
        {
            "text_uk": "Номер на опорі, якщо він є",
            "text_en": "The number on the post, if there is one",
            "kind": QuestionKind.TEXT,
        },
    ],
    "3.8": [
        {
            "text_uk": "Якого розміру яма?",
            "text_en": "How large is the pothole?",
            "kind": QuestionKind.CHOICE,
            "choices_uk": "до долоні завглибшки\nглибша за долоню\nна всю смугу",
            "choices_en": "up to a hand deep\ndeeper than a hand\nacross the lane",
        },
        {"text_uk": "Чи можна її об’їхати?", "text_en": "Can one drive around it?", "kind": QuestionKind.YES_NO},
    ],
    "6.2": [
        {
            "text_uk": "Марка і колір авто",
            "text_en": "Make and colour of the car",
            "kind": QuestionKind.TEXT,
            "is_required": True,
        },
    ],
    "7.6": [{"text_uk": "Номер під’їзду", "text_en": "Number of the entrance", "kind": QuestionKind.TEXT}],
}


def load_guidance(city: IssueIndexPage) -> None:
    """Give a city that says nothing about its categories these stops and questions."""
    by_code = {category.code: category for category in Category.objects.all()}
    if not CategoryStop.objects.filter(city=city).exists():
        CategoryStop.objects.bulk_create(
            CategoryStop(city=city, category=by_code[code], **words) for code, words in STOPS.items()
        )
    if not CategoryQuestion.objects.filter(city=city).exists():
        CategoryQuestion.objects.bulk_create(
            CategoryQuestion(city=city, category=by_code[code], order=place, **words)
            for code, asked in QUESTIONS.items()
            for place, words in enumerate(asked)
        )
