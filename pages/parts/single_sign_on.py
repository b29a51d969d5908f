"""Single sign-on through Streamlit's own OpenID Connect, as far as .streamlit/secrets.toml configures it."""

import hashlib
import json
from collections import OrderedDict
from collections.abc import Mapping
from urllib.parse import urlencode

from starlette.requests import Request
from streamlit.auth_util import (
    encode_provider_token,
    get_cookie_with_chunks,
    get_origin_from_redirect_uri,
    get_secrets_auth_section,
    validate_auth_credentials,
)
from streamlit.errors import StreamlitAuthError
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value

from geo.errors import NotAllowed
from geo.i18n import N_

COOKIE = "_streamlit_user"
FRESH_DAYS = 10 / (24 * 60)
MOST_USED = 10_000


class StreamlitSignOn:
    """What Streamlit's routes /auth/login and /oauth2callback find out, taken up once and within ten minutes."""

    def __init__(self) -> None:
        self._used: OrderedDict[bytes, None] = OrderedDict()

    def providers(self) -> tuple[str, ...]:
        """Return the names of the configured providers; ``default`` for one without a name of its own."""
        section = get_secrets_auth_section()
        named = [name for name, value in section.items() if isinstance(value, Mapping)] if section else []
        return tuple(name for name in ("default", *named) if section and _is_complete(name))

    def entrance(self, provider: str) -> str:
        """Return the address where signing in with a provider begins; it holds for two minutes."""
        return f"/auth/login?{urlencode({'provider': encode_provider_token(provider)})}"

    def verified_email(self, request: Request) -> str | None:
        """Return the verified address a browser has come back with, None when it has not been there of late.

        Raises NotAllowed for an address the provider has not verified.
        """
        signed = request.cookies.get(COOKIE)
        told = get_cookie_with_chunks(lambda name: _opened(request, name), COOKIE) if signed else None
        if signed is None or told is None or not self._is_first_use(signed):
            return None
        claims = json.loads(told)
        if not claims.get("is_logged_in") or claims.get("origin") != get_origin_from_redirect_uri():
            return None
        email = claims.get("email")
        if not isinstance(email, str) or claims.get("email_verified") is not True:
            raise NotAllowed(
                N_("Your organisation has not verified your e-mail address. Ask it to, or use a password.")
            )
        return email

    def _is_first_use(self, signed: str) -> bool:
        digest = hashlib.sha256(signed.encode("latin-1")).digest()
        if digest in self._used:
            return False
        self._used[digest] = None
        while len(self._used) > MOST_USED:
            self._used.popitem(last=False)
        return True


def _is_complete(provider: str) -> bool:
    try:
        validate_auth_credentials(provider)
    except StreamlitAuthError:
        return False
    return True


def _opened(request: Request, name: str) -> bytes | None:
    value = request.cookies.get(name)
    return decode_signed_value(get_cookie_secret(), name, value.encode("latin-1"), FRESH_DAYS) if value else None
