"""Who is signed in, in the sidebar: name, roles, own account, sign out; and the page their work begins on."""

import streamlit as st

from geo.access.rules import ROLE_LABELS
from geo.access.sessions import Visitor, form_token
from geo.i18n import _, listed
from geo.maps.safe_text import plain, safe_text
from pages.parts.links import link_to
from pages.parts.session import session_token

SIGN_OUT = """<form method="post" action="/sign-out"><input type="hidden" name="form_token"
value="{proof}"><button type="submit" style="background: none; cursor: pointer;
padding: .3rem .8rem; border: 1px solid #8a8f98; border-radius: .25rem; min-height: 2.5rem; font: inherit;
font-size: .875rem; color: inherit">{label}</button></form>"""


def roles_in_words(visitor: Visitor) -> str:
    """Return the roles held today, each once."""
    names = dict.fromkeys(held.role for held in visitor.roles)
    return listed(_(ROLE_LABELS[role]) for role in names) or _("no role today")


def show_identity(visitor: Visitor) -> None:
    """Show who is signed in and the ways to their account and out."""
    st.markdown(plain(visitor.shown_name))
    st.caption(plain(roles_in_words(visitor)))
    link_to("my_account", _("My account"), icon=":material/account_circle:")
    st.html(SIGN_OUT.format(label=_("Sign out"), proof=safe_text(form_token(session_token() or ""))))
