"""What the city says about its categories, in the admin's menu: where to turn instead, and what it asks besides."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.viewsets.model import ModelViewSet

from opencity_issues.models import CategoryQuestion, CategoryStop


class CategoryStopViewSet(ModelViewSet):
    model = CategoryStop
    name = "opencity_admin_category_stops"
    url_prefix = "opencity/category-stops"
    icon = "no-view"
    menu_label = _("Not taken here")
    copy_view_enabled = False
    inspect_view_enabled = False
    ordering = ["category__order"]
    list_display = ["category", Column("reason_uk", label=_("reason")), "phone"]
    list_filter = ["city"]
    panels = [
        FieldRowPanel([FieldPanel("city"), FieldPanel("category")]),
        FieldPanel("reason_uk"),
        FieldPanel("reason_en"),
        FieldRowPanel([FieldPanel("phone"), FieldPanel("link")]),
    ]


class CategoryQuestionViewSet(ModelViewSet):
    model = CategoryQuestion
    name = "opencity_admin_category_questions"
    url_prefix = "opencity/category-questions"
    icon = "help"
    menu_label = _("Questions by category")
    copy_view_enabled = False
    inspect_view_enabled = False
    ordering = ["category__order", "order"]
    list_display = [
        "text_uk",
        "category",
        Column("get_kind_display", label=_("kind of answer")),
        BooleanColumn("is_required", label=_("must be answered")),
    ]
    list_filter = ["city", "kind", "is_required"]
    panels = [
        FieldRowPanel([FieldPanel("city"), FieldPanel("category")]),
        MultiFieldPanel([FieldPanel("text_uk"), FieldPanel("text_en")], heading=_("Question")),
        FieldRowPanel([FieldPanel("kind"), FieldPanel("is_required"), FieldPanel("order")]),
        MultiFieldPanel([FieldPanel("choices_uk"), FieldPanel("choices_en")], heading=_("Answers to choose from")),
    ]
