"""Who acts without an account: the operator on the command line, and the gatekeeper who looks up accounts."""

from ipaddress import ip_address

from geo.i18n import _
from geo.store.row_security import GATEKEEPER as GATEKEEPER_NAME
from geo.store.session import Actor

OPERATOR = Actor("operator")
"""The command line: whoever can run it holds the database already. Nobody can sign in by this name."""
GATEKEEPER = Actor(GATEKEEPER_NAME)


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine's loopback.

    >>> is_loopback("127.0.0.1"), is_loopback("::1"), is_loopback("localhost"), is_loopback("10.0.0.7")
    (True, True, True, False)
    """
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def shown_name(name: str) -> str:
    """Return the name of an actor as people read it.

    >>> shown_name("operator"), shown_name("wang")
    ('Operator (command line)', 'wang')
    """
    return _("Operator (command line)") if name == OPERATOR.name else name
