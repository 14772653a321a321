"""Addresses of the content besides its pages. A host site includes them before the issues' own."""

from django.urls import path

from opencity_cms.newsletter import views as newsletter
from opencity_cms.search import search

app_name = "opencity_cms"

urlpatterns = [
    path("search/", search, name="search"),
    path("newsletter/", newsletter.subscribe, name="news_subscribe"),
    path("newsletter/confirm/<str:token>/", newsletter.confirm_address, name="news_confirm"),
    path("newsletter/letters/<str:token>/", newsletter.choose_news, name="news_choice"),
    path("my/news/", newsletter.my_news, name="my_news"),
]
