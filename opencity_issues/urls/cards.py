"""Addresses of an issue's card, and of what is done on it."""

from django.urls import path

from opencity_issues.views import card, card_around, card_corrections, card_deeds, card_support

urlpatterns = [
    path("issues/<int:number>/", card.card, name="card"),
    path("issues/<int:number>/preview/", card.preview, name="card_preview"),
    path("issues/<int:number>/around/", card_around.around, name="card_around"),
    path("issues/<int:number>/qr.svg", card_around.qr_code, name="card_qr"),
    path("issues/<int:number>/support/", card_support.card_support, name="card_support"),
    path("issues/<int:number>/comment/", card_deeds.comment, name="card_comment"),
    path("issues/<int:number>/reply/", card_deeds.reply, name="card_reply"),
    path("issues/<int:number>/still-not-solved/", card_deeds.flag, name="card_flag"),
    path("issues/<int:number>/reopen/", card_deeds.reopen, name="card_reopen"),
    path("issues/<int:number>/withdraw/", card_deeds.withdraw, name="card_withdraw"),
    path("issues/<int:number>/name/", card_deeds.author_name, name="card_name"),
    path("issues/<int:number>/hide/", card_deeds.hide, name="card_hide"),
    path("issues/<int:number>/show/", card_deeds.show, name="card_show"),
    path("issues/<int:number>/correct/", card_corrections.correct, name="card_correct"),
    path("issues/<int:number>/place-and-category/", card_corrections.correct_place, name="card_correct_place"),
]
