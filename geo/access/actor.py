"""Who acts until accounts exist: the demo administrator, on the private cluster over loopback only."""

from ipaddress import ip_address

from geo.errors import NotAllowed
from geo.i18n import N_, _
from geo.settings import settings
from geo.store.session import Actor

DEMO_ADMINISTRATOR = Actor("demo-administrator")


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

    >>> shown_name("demo-administrator"), shown_name("wang")
    ('Demo administrator', 'wang')
    """
    return _("Demo administrator") if name == DEMO_ADMINISTRATOR.name else name


def demo_administrator(client_host: str | None = None) -> Actor:
    """Return the demo administrator; client_host is where a request comes from (None: this process itself).

    Raises NotAllowed on an external database or for a client that is not on loopback.
    """
    if settings().database_url is not None:
        raise NotAllowed(N_("The demo administrator works on the private database only. Unset DATABASE_URL."))
    if client_host is not None and not is_loopback(client_host):
        raise NotAllowed(N_("The demo administrator works from this machine only. Open the page on 127.0.0.1."))
    return DEMO_ADMINISTRATOR
