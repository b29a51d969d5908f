"""What the colours of hotspots mean: classes of Gi*, patterns over time, clusters by doubt, unheard buildings."""

from geo.i18n import N_
from geo.maps.legend import UNKNOWN_GREY, Style

FEW, NOT_COMPARED = 9, 8
_FEW = Style(FEW, N_("Too few requests to be shown"), UNKNOWN_GREY, "#8c8577", hatched=True)
_NOT_COMPARED = Style(
    NOT_COMPARED, N_("Not compared: hardly anybody lives there"), UNKNOWN_GREY, "#a6a6a6", hatched=True
)
WHERE_STYLES = (
    Style(3, N_("More than chance, 99 %"), "#b2182b", "#67001f", hollow=True),
    Style(2, N_("More than chance, 95 %"), "#ef8a62", "#b2182b"),
    Style(1, N_("More than chance, 90 %"), "#fddbc7", "#d6604d"),
    Style(0, N_("As many as elsewhere"), "#f7f7f7", "#c9c2b2"),
    Style(-1, N_("Fewer than chance, 90 %"), "#d1e5f0", "#4393c3"),
    Style(-2, N_("Fewer than chance, 95 %"), "#67a9cf", "#2166ac"),
    Style(-3, N_("Fewer than chance, 99 %"), "#2166ac", "#053061", hollow=True),
    _NOT_COMPARED,
    _FEW,
)
"""ColorBrewer RdBu with white where nothing is unusual; the surest have a thick outline."""

GROWTH_STYLES = (
    Style(1, N_("New hot spot"), "#67001f", "#1f2328", hollow=True),
    Style(2, N_("Growing: hot of late, or hotter and hotter"), "#d6604d", "#67001f"),
    Style(3, N_("Hot all the time"), "#f4a582", "#b2182b"),
    Style(4, N_("Comes and goes"), "#fddbc7", "#d6604d"),
    Style(5, N_("Cools down, or was hot before"), "#e0e0e0", "#8c510a"),
    Style(6, N_("Cold spot of any kind"), "#92c5de", "#2166ac"),
    Style(0, N_("No pattern"), "#f7f7f7", "#c9c2b2"),
    _FEW,
)
CLUSTER_STYLES = (
    Style(1, N_("Cluster beyond doubt (p up to 0.01)"), "#b2182b", "#67001f", hollow=True),
    Style(2, N_("Likely cluster (p up to 0.05)"), "#ef8a62", "#b2182b"),
    Style(3, N_("Could be chance (p above 0.05)"), "#fee0d2", "#a6a6a6", hatched=True),
)
UNHEARD = 1
SILENCE_STYLES = (
    Style(UNHEARD, N_("Unheard: few requests and few visits"), "#ffffff", "#d55e00", hollow=True),
)
