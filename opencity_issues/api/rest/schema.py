"""The OpenAPI description of the interface, and a page of documentation made from it on our own server."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularAPIView
from rest_framework.permissions import AllowAny

_OURS = "api/v1/"


class Generator(SchemaGenerator):
    """Describes this package's interface alone, whatever else the host serves with django-rest-framework."""

    def _get_paths_and_endpoints(self) -> list[Any]:
        return [row for row in super()._get_paths_and_endpoints() if _OURS in row[0] and "schema" not in row[0]]


class SchemaView(SpectacularAPIView):
    permission_classes = (AllowAny,)
    authentication_classes = ()
    generator_class = Generator
    custom_settings = {
        "TITLE": "Open City",
        "VERSION": "1",
        "DESCRIPTION": "Issues of a city: reading, reporting, working on them.",
        "ENUM_NAME_OVERRIDES": {"StatusEnum": "opencity_issues.enums.Status.choices"},
    }


def guide(request: HttpRequest) -> HttpResponse:
    """The interface in words: every address, what it takes and gives."""
    description = Generator(patterns=None).get_schema(request=None, public=True)
    operations = [
        {
            "path": path,
            "method": method.upper(),
            "text": operation.get("description", ""),
            "parameters": operation.get("parameters", []),
            "takes": _shape(operation.get("requestBody")),
            "gives": {code: _shape(answer) for code, answer in operation.get("responses", {}).items()},
        }
        for path, methods in description["paths"].items()
        for method, operation in methods.items()
    ]
    schemas = {
        name: [
            (field, _kind(about), field in shape.get("required", []))
            for field, about in shape.get("properties", {}).items()
        ]
        for name, shape in description.get("components", {}).get("schemas", {}).items()
    }
    return render(request, "opencity_issues/api/guide.html", {"operations": operations, "schemas": schemas})


def _shape(body: dict[str, Any] | None) -> str:
    content = (body or {}).get("content", {})
    return _kind(content.get("application/json", {}).get("schema", {})) if content else ""


def _kind(about: dict[str, Any]) -> str:
    if "$ref" in about:
        return str(about["$ref"]).rpartition("/")[2]
    if about.get("type") == "array":
        return f"[{_kind(about.get('items', {}))}]"
    for part in about.get("allOf", about.get("oneOf", [])):
        return _kind(part)
    return str(about.get("format") or about.get("type", ""))
