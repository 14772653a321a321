"""An account is an e-mail address."""

import pytest
from django.db import IntegrityError, transaction
from wagtail.users.forms import UserCreationForm, UserEditForm

from opencity_site.users.models import User

pytestmark = pytest.mark.django_db


def test_address_is_kept_in_small_letters_and_found_in_any():
    user = User.objects.create_user("Ivan@City.Example", "secret")
    assert user.email == "ivan@city.example"
    assert User.objects.get_by_natural_key("IVAN@city.example") == user


def test_two_accounts_cannot_share_an_address():
    User.objects.create_user("ivan@city.example")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("IVAN@city.example")


def test_database_refuses_capitals():
    user = User.objects.create_user("ivan@city.example")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=user.pk).update(email="Ivan@city.example")


def test_account_needs_an_address():
    with pytest.raises(ValueError, match="e-mail"):
        User.objects.create_user("")


def test_account_without_a_password_cannot_sign_in_by_one():
    assert not User.objects.create_user("ivan@city.example").has_usable_password()


def test_superuser():
    user = User.objects.create_superuser("ivan@city.example", "secret")
    assert user.is_superuser
    assert user.is_staff


def test_name_or_address_stands_for_the_account():
    assert str(User(email="ivan@city.example")) == "ivan@city.example"
    assert str(User(email="ivan@city.example", first_name="Іван", last_name="Мельник")) == "Іван Мельник"


def test_wagtails_forms_make_and_change_accounts():
    names = {"first_name": "Іван", "last_name": "Мельник"}
    form = UserCreationForm({"email": "Ivan@city.example", **names})
    assert form.is_valid(), form.errors
    user = form.save()
    assert user.email == "ivan@city.example"
    form = UserEditForm({"email": "other@city.example", "is_active": "on", **names}, instance=user)
    assert form.is_valid(), form.errors
    assert form.save().email == "other@city.example"
    assert not UserCreationForm({"email": "OTHER@city.example", **names}).is_valid()


def test_wagtails_user_pages(client):
    client.force_login(User.objects.create_superuser("operator@city.example"))
    for address in ("/admin/users/", "/admin/users/?q=oper", "/admin/users/new/", "/admin/account/"):
        assert client.get(address).status_code == 200
