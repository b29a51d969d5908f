"""Signing in for page tests: a user, a role and a session in the database; only the cookie is handed over by hand."""

from collections.abc import Callable
from typing import Any

import pytest

from geo.access.sessions import open_session
from geo.store.session import Actor
from pages.parts import session
from tests.users import add_user

SignIn = Callable[..., Actor]


@pytest.fixture
def sign_in(monkeypatch: pytest.MonkeyPatch) -> SignIn:
    """Return what signs in a user with a role: ``sign_in("organiser", community_id=7)``; the last one is who looks."""

    def enter(role: str, name: str | None = None, **held: Any) -> Actor:
        actor = add_user(name or f"the-{role}", role, **held)
        token = open_session(actor.name, device="a test")
        monkeypatch.setattr(session, "session_token", lambda: token)
        return actor

    return enter


@pytest.fixture
def administrator(sign_in: SignIn) -> Actor:
    """An administrator who is signed in; ask for the database before."""
    return sign_in("administrator")
