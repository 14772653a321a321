"""People of an organisation: invited by letter, in by their own account, out by one click; and what the public sees."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from opencity_issues.enums import EventKind
from opencity_issues.models import ApiToken, Event, Invitation, Membership
from tests.factories import person

pytestmark = pytest.mark.django_db


def members_of(organisation):
    return reverse("opencity_issues:members", args=[organisation.slug])


def cabinet_of(organisation):
    return reverse("opencity_issues:cabinet", args=[organisation.slug])


def link_in(message):
    return re.search(r"/invitations/[\w-]+/", message.body).group()


@pytest.fixture
def invite(town, client):
    """Invites over HTTP as the roads' worker and gives the link in the letter."""

    def do(email="new@city.example", position="майстер"):
        client.force_login(town.roads_worker)
        answer = client.post(members_of(town.roads), {"do": "invite", "email": email, "position": position})
        assert answer.status_code == 302
        return link_in(mail.outbox[-1])

    return do


def test_from_the_invitation_to_leaving(town, client, invite):
    link = invite()
    letter = mail.outbox[-1]
    assert letter.to == ["new@city.example"]
    assert "Дорожня служба" in letter.subject
    assert link in letter.alternatives[0][0]

    newcomer = person("new@city.example", name="Іван Новий")
    client.logout()
    page = client.get(link)
    assert page.status_code == 200
    assert f"next={link}" in page.content.decode()

    client.force_login(newcomer)
    assert client.get(cabinet_of(town.roads)).status_code == 403
    assert client.post(link)["Location"] == cabinet_of(town.roads)
    assert client.get(cabinet_of(town.roads)).status_code == 200
    membership = Membership.objects.live().get(user=newcomer)
    assert membership.position == "майстер"

    issue = town.issue(now=timezone.now())
    address = f"{cabinet_of(town.roads)}?issue={issue.number}&do=T2"
    client.post(address, {"executor": "Майстер", "kind": "solve"})
    assert issue.assignments.get().worker == newcomer
    ApiToken.issue_to(newcomer)

    left = client.post(members_of(town.roads), {"do": "leave", "key": membership.pk})
    assert left["Location"] == reverse("opencity_issues:organisation", args=["roads"])
    assert client.get(cabinet_of(town.roads)).status_code == 403
    assert issue.assignments.get().worker == town.roads_worker
    assert Event.objects.filter(issue=issue, kind=EventKind.HANDED_OVER).count() == 1
    assert not ApiToken.objects.filter(user=newcomer).exists()


def test_an_invitation_works_once(town, client, invite):
    link = invite()
    newcomer = person("new@city.example")
    client.force_login(newcomer)
    assert client.post(link).status_code == 302
    assert client.post(link).status_code == 404
    assert client.get(link).status_code == 404
    assert Membership.objects.filter(user=newcomer).count() == 1


def test_looking_at_an_invitation_accepts_nothing(town, client, invite):
    link = invite()
    newcomer = person("new@city.example")
    client.force_login(newcomer)
    for _time in range(2):
        answer = client.get(link)
        assert answer.status_code == 200
        assert answer["Cache-Control"] == "no-store, private"
    assert not Membership.objects.filter(user=newcomer).exists()


def test_another_account_cannot_accept(town, client, invite):
    link = invite()
    client.force_login(town.neighbour)
    assert "new@city.example" in client.get(link).content.decode()
    assert client.post(link).status_code == 403
    assert not Membership.objects.filter(user=town.neighbour).exists()
    assert Invitation.objects.get().is_open


def test_nobody_accepts_without_an_account(town, client, invite):
    link = invite()
    client.logout()
    assert client.post(link).status_code == 403
    assert Invitation.objects.get().is_open


@pytest.mark.parametrize("secret", ["x", "a" * 200, "..%2f"])
def test_a_guessed_link_says_nothing(town, client, secret):
    assert client.get(f"/invitations/{secret}/").status_code == 404


def test_an_invitation_runs_out(town, client, invite):
    link = invite()
    Invitation.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    assert client.get(link).status_code == 404


def test_an_invitation_can_be_withdrawn(town, client, invite):
    link = invite()
    key = Invitation.objects.get().pk
    client.force_login(town.lighting_worker)
    assert client.post(members_of(town.lighting), {"do": "withdraw", "key": key}).status_code == 404
    assert Invitation.objects.get().is_open
    client.force_login(town.roads_worker)
    assert client.post(members_of(town.roads), {"do": "withdraw", "key": key}).status_code == 302
    assert client.get(link).status_code == 404
    assert client.post(members_of(town.roads), {"do": "withdraw", "key": key}).status_code == 409


def test_the_secret_is_kept_nowhere(town, client, invite):
    secret = invite().split("/")[2]
    assert secret not in str(list(Invitation.objects.values()))
    assert secret not in client.get(members_of(town.roads)).content.decode()


def test_the_letter_speaks_the_organisations_language(town, client, invite):
    town.roads.language = "en"
    town.roads.save()
    invite()
    assert mail.outbox[-1].subject == "Invitation to the cabinet of Дорожня служба"


def test_a_letter_that_fails_is_told_and_the_invitation_does_not_stand(town, client, monkeypatch):
    def fail(*args, **kwargs):
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", fail)
    client.force_login(town.roads_worker)
    answer = client.post(members_of(town.roads), {"do": "invite", "email": "new@city.example"}, follow=True)
    assert "notice--error" in answer.content.decode()
    assert not Invitation.objects.get().is_open


@pytest.mark.parametrize(
    "given",
    [
        {"email": ""},
        {"email": "not an address"},
        {"email": "a@b.example\r\nBcc: all@b.example"},
        {"email": "x" * 300 + "@b.example"},
        {"email": "worker.roads@city.example"},
        {"email": "new@city.example", "position": "x" * 200},
    ],
)
def test_bad_input_invites_nobody(town, client, given):
    client.force_login(town.roads_worker)
    answer = client.post(members_of(town.roads), {"do": "invite", **given})
    assert answer.status_code == 400
    assert "error-summary" in answer.content.decode()
    assert not Invitation.objects.exists()
    assert not mail.outbox


@pytest.mark.parametrize("deed", ["invite", "withdraw", "leave", "rule-the-world"])
@pytest.mark.parametrize("who", ["author", "lighting_worker", "controller", "moderator"])
def test_only_members_decide_about_members(town, client, who, deed):
    key = Membership.objects.get(user=town.roads_worker).pk
    client.force_login(getattr(town, who))
    answer = client.post(members_of(town.roads), {"do": deed, "email": "evil@x.example", "key": key})
    assert answer.status_code == 403
    assert Membership.objects.live().filter(pk=key).exists()
    assert not Invitation.objects.exists()


def test_a_membership_of_another_organisation_is_not_reached(town, client):
    key = Membership.objects.get(user=town.lighting_worker).pk
    client.force_login(town.roads_worker)
    assert client.post(members_of(town.roads), {"do": "leave", "key": key}).status_code == 404
    assert Membership.objects.live().filter(pk=key).exists()


def test_members_see_each_other_and_the_page_costs_the_same(town, client, django_assert_max_num_queries):
    for number in range(20):
        town.join(town.roads, person(f"m{number}@city.example", name=f"Майстер {number}"))
    client.force_login(town.roads_worker)
    with django_assert_max_num_queries(12):
        page = client.get(members_of(town.roads)).content.decode()
    assert "Майстер 19" in page


# The public page.


def test_the_public_page_tells_sphere_contacts_figures_and_issues(town, client, django_assert_max_num_queries):
    now = timezone.now()
    for _number in range(12):
        issue = town.issue(now=now - timedelta(days=20), author=person(f"p{_number}@people.example"))
    town.accept(issue, town.roads, now)
    address = reverse("opencity_issues:organisation", args=["roads"])
    client.get(address)
    with django_assert_max_num_queries(15):
        answer = client.get(address)
    page = answer.content.decode()
    assert answer.context["figures"].sent == 11
    assert answer.context["figures"].accepted == 1
    assert answer.context["figures"].overdue == 11
    assert "roads@city.example" in page
    assert "head.roads@city.example" not in page
    assert "worker.roads@city.example" not in page
    assert "Працівник roads" not in page
    assert page.count('class="issue-row') >= 10


def test_the_public_page_shows_no_hidden_issue(town, client):
    from opencity_issues.actions import moderate_issue

    issue = town.issue(now=timezone.now(), title="Те, що знято")
    moderate_issue.take_down(issue, ground="terms", reason="", actor=town.moderator, organisation=town.ngo)
    page = client.get(reverse("opencity_issues:organisation", args=["roads"])).content.decode()
    assert "Те, що знято" not in page


def test_an_inactive_organisation_has_no_page(town, client):
    town.roads.is_active = False
    town.roads.save()
    assert client.get(reverse("opencity_issues:organisation", args=["roads"])).status_code == 404
    client.force_login(town.roads_worker)
    assert client.get(cabinet_of(town.roads)).status_code == 404


def test_only_a_member_is_shown_the_way_to_the_cabinet(town, client):
    address = reverse("opencity_issues:organisation", args=["roads"])
    assert cabinet_of(town.roads) not in client.get(address).content.decode()
    client.force_login(town.roads_worker)
    assert cabinet_of(town.roads) in client.get(address).content.decode()
