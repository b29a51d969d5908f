"""Base maps of other hosts: off unless switched on, because they see which part of a city is looked at."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from geo.i18n import N_, _
from geo.maps.safe_text import safe_text
from geo.settings import settings


@dataclass(frozen=True)
class BaseMap:
    """A base map: its name (a msgid), tile addresses, whose it is, deepest zoom, and whether it is drawn in GCJ-02."""

    name: str
    urls: tuple[str, ...]
    attribution: str
    deepest: int
    gcj02: bool = False


def base_maps() -> tuple[BaseMap, ...]:
    """Return the online base maps that may be offered: none while they are switched off."""
    if not settings().online_base_maps:
        return ()
    key = settings().tianditu_key
    found = [
        BaseMap(
            N_("OpenStreetMap"), ("https://tile.openstreetmap.org/{z}/{x}/{y}.png",), "© OpenStreetMap contributors", 19
        ),
        BaseMap(
            N_("AutoNavi (GCJ-02)"),
            ("https://wprd01.is.autonavi.com/appmaptile?x={x}&y={y}&z={z}&lang=zh_cn&size=1&scl=1&style=7",),
            "© AutoNavi",
            18,
            gcj02=True,
        ),
    ]
    if key:
        address = "https://t0.tianditu.gov.cn/{layer}_w/wmts?tk={key}&SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER={layer}"
        rest = "&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}"
        sheets = tuple(address.format(layer=layer, key=quote(key, safe="")) + rest for layer in ("vec", "cva"))
        found.insert(1, BaseMap(N_("Tianditu"), sheets, "© Tianditu", 18))
    return tuple(found)


def hosts() -> tuple[str, ...]:
    """Return the hosts of the offered base maps as a content policy names them."""
    urls = [url for base_map in base_maps() for url in base_map.urls]
    return tuple(dict.fromkeys(f"https://{urlsplit(url).hostname}" for url in urls))


def described() -> list[dict[str, Any]]:
    """Return the base maps as the map's script takes them, names translated."""
    return [
        {
            "name": _(base_map.name),
            "urls": list(base_map.urls),
            "attribution": safe_text(base_map.attribution),
            "deepest": base_map.deepest,
            "gcj02": base_map.gcj02,
        }
        for base_map in base_maps()
    ]
