"""The operator's geocoder: nobody is asked unless a setting says so, and then within bounds of time, size and host."""

import json
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from django.core.cache import cache

from opencity_issues.actions.city import ask_geocoder
from opencity_issues.actions.city.ask_geocoder import geocoded
from opencity_issues.checks import check_geocoder


@pytest.fixture
def geocoder(settings):
    """A geocoder on the loopback: `answer` is what it says, `asked` what it was asked."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            server.asked.append(self.path)
            self.send_response(server.code)
            if server.code == 302:
                self.send_header("Location", f"{server.url}/elsewhere")
            self.end_headers()
            self.wfile.write(server.answer)

        def log_message(self, *args: object) -> None:
            """Quiet."""

    server = HTTPServer(("127.0.0.1", 0), Answer)
    server.asked, server.code = [], 200
    server.answer = json.dumps(
        [
            {"display_name": "Каштанова алея", "lon": "25.85", "lat": "51.34"},
            {"display_name": "Київ", "lon": "30.5", "lat": "50.4"},
            {"display_name": "без місця"},
            7,
        ]
    ).encode()
    server.url = f"http://127.0.0.1:{server.server_port}"
    Thread(target=server.serve_forever, daemon=True).start()
    settings.OPENCITY_GEOCODER_URL = server.url + "/search?q={query}&viewbox={bbox}"
    cache.clear()
    yield server
    server.shutdown()
    cache.clear()


def test_nobody_is_asked_by_default(town, client, monkeypatch):
    monkeypatch.setattr(ask_geocoder, "_ask", lambda address: pytest.fail("asked"))
    assert client.get("/places/?q=Каштанова&format=json").json() == {"places": []}


def test_places_of_the_city_come_once_and_are_kept(town, client, geocoder):
    for _again in range(2):
        places = client.get("/places/", {"q": "Каштанова & алея", "format": "json"}).json()["places"]
        assert [(one["name"], one["lng"]) for one in places] == [("Каштанова алея", 25.85)]
    assert len(geocoder.asked) == 1
    assert "%26%20" in geocoder.asked[0]
    assert "viewbox=25.8,51.31,25.9,51.375" in geocoder.asked[0]


def test_one_question_a_second_for_the_whole_site(town, geocoder):
    assert geocoded(town.city, "перше")
    assert geocoded(town.city, "друге") == []
    assert len(geocoder.asked) == 1


@pytest.mark.parametrize(
    ("code", "answer"),
    [(302, b"[]"), (500, b"[]"), (200, b"<html>"), (200, b"[" + b" " * (ask_geocoder.BYTES_AT_MOST + 9) + b"]")],
)
def test_what_is_no_answer_is_nothing_found(town, geocoder, code, answer):
    geocoder.code, geocoder.answer = code, answer
    assert geocoded(town.city, "каштанова") == []
    assert geocoder.asked
    assert not any("elsewhere" in path for path in geocoder.asked)


@pytest.mark.parametrize(
    "pattern", ["http://foreign.example/?q={query}", "https://{query}/", "file:///{query}", "https://a.example/", "//a"]
)
def test_other_setting_is_told_at_start_and_nobody_is_asked(town, settings, monkeypatch, pattern):
    monkeypatch.setattr(ask_geocoder, "_ask", lambda address: pytest.fail("asked"))
    settings.OPENCITY_GEOCODER_URL = pattern
    assert geocoded(town.city, "каштанова") == []
    assert check_geocoder(None)
    settings.OPENCITY_GEOCODER_URL = "https://a.example/?q={query}"
    assert not check_geocoder(None)
