"""The pages of the sign-in, as HTML: small, without a framework, in the reader's language."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from geo.access import passwords
from geo.access.accounts import DEMO_ACCOUNTS
from geo.access.rules import ROLE_LABELS
from geo.errors import YizhanError
from geo.i18n import LANGUAGES, N_, _, current_language, preferred_language, use_language
from geo.maps.city_map import asset_address
from geo.web.answers import status_of
from geo.web.forms import Proof, own_path

PAGES = Environment(loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True)
ASSETS = ("house.svg", "sign-in.css", "sign-in.js")
WHAT_THEY_SEE = {
    "administrator": N_("The whole city, its users and its settings"),
    "leader": N_("The figures of the whole city"),
    "planner": N_("Places, gaps and where the next station should be"),
    "organiser": N_("Two communities with their heads and care needs"),
    "station_staff": N_("One station and its community"),
    "building_head": N_("Their own doors, on a phone too"),
    "auditor": N_("The log: who did what and who saw what"),
}


def speak(request: Request, fields: Mapping[str, str] | None = None) -> None:
    """Use the language chosen in the address or the form, else the browser's."""
    asked = (fields or request.query_params).get("lang", "")
    told = preferred_language(request.headers.get("accept-language", ""))
    use_language(asked if asked in LANGUAGES else told)


def sign_in_page(
    request: Request,
    fields: Mapping[str, str],
    *,
    demo: Sequence[str],
    nobody_yet: bool,
    told: str,
    outside: Sequence[str],
) -> str:
    """Return the page to sign in on.

    demo: accounts one click opens; told: what went wrong; outside: who else can say who somebody is.
    """
    texts = {
        "demo": _("This is a demo city, invented from a seed. Look at it as:"),
        "own": _("Or with an account of your own"),
        "nobody": _("Nobody can sign in yet. Make the first account on the server, in the folder of the program:"),
        "afterwards": _("The command prints a password for the first sign-in. Then open this page again."),
        "name": _("User name"),
        "password": _("Password"),
        "enter": _("Sign in"),
    }
    shown = [(name, _(ROLE_LABELS[DEMO_ACCOUNTS[name]]), _(WHAT_THEY_SEE[DEMO_ACCOUNTS[name]])) for name in demo]
    following = own_path(fields.get("next", "/"))
    entrances = [
        (f"/sign-in/outside?{urlencode({'provider': name, 'next': following})}", _outside_label(name))
        for name in outside
    ]
    more = {"demo": shown, "nobody_yet": nobody_yet and not demo, "entrances": entrances}
    return _render("sign_in.html", request, fields, title=_("Sign in"), told=told, texts=texts, **more)


def _outside_label(provider: str) -> str:
    if provider == "default":
        return _("Sign in with the account of your organisation")
    return _("Sign in with {provider}", provider=provider)


def password_page(request: Request, fields: Mapping[str, str], *, due: bool, told: str) -> str:
    """Return the page to change one's password on; due: nothing else may be done before."""
    texts = {
        "why": _("Your password was given to you by somebody else. Choose one that only you know.")
        if due
        else _("Afterwards you are signed out on all other devices."),
        "current": _("Password until now"),
        "new": _("New password, at least {least} characters", least=passwords.SHORTEST),
        "again": _("New password once more"),
        "enter": _("Change the password"),
        "leave": _("Sign out"),
    }
    more = {"texts": texts, "shortest": passwords.SHORTEST}
    return _render("password.html", request, fields, title=_("Change the password"), told=told, **more)


def failure(request: Request, error: YizhanError) -> Response:
    """Return what went wrong as a page, for a reader who asked for one."""
    speak(request)
    again = own_path(str(request.url.replace(scheme="", netloc=""))) if request.method == "GET" else "/sign-in"
    told, texts = error.text(), {"again": _("Try again")}
    page = _render("failure.html", request, {}, title=_("This did not work"), told=told, again=again, texts=texts)
    return answer(request, page, status_of(error))


def _render(template: str, request: Request, fields: Mapping[str, str], **values: Any) -> str:
    following = own_path(fields.get("next", "/"))
    lang = current_language()
    languages = [
        (f"{request.url.path}?{urlencode({'lang': code, 'next': following})}", name, code == lang)
        for code, name in LANGUAGES.items()
    ]
    return PAGES.get_template(template).render(
        language=lang.replace("_", "-"),
        lang=lang,
        brand=_("Yizhan"),
        motto=_("The map that city neighbourhoods run on."),
        assets={name: asset_address(name) for name in ASSETS},
        languages=languages,
        next=following,
        name=fields.get("name", "")[:100],
        form_token=Proof.of(request).token,
        **values,
    )


def answer(request: Request, page: str, status: int = 200) -> HTMLResponse:
    """Return a page as an answer that no cache keeps."""
    response = HTMLResponse(page, status_code=status, headers={"cache-control": "no-store", "vary": "accept-language"})
    Proof.of(request).keep(response)
    return response
