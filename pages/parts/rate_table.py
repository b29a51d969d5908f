"""The three rates as figures and rows: each share with its interval, its count, and a rank where enough were called."""

from collections.abc import Mapping
from datetime import timedelta

import streamlit as st

from geo.exchange.downloads import Cell, as_csv, as_xlsx
from geo.i18n import _, day, listed, number
from geo.requests.rate_reads import RateRow, RateTable
from geo.requests.rates import Counts, Rate, Rates, ranks, rates_of
from geo.store.clock import today
from pages.parts.figures import percent

HEIGHT_PX = 560


def show_rate_figures(table: RateTable, known: Mapping[str, float]) -> None:
    """Show the rates of everything that is counted."""
    parts = [row.counts for row in table.rows]
    whole = Counts(*(sum(getattr(one, name) for one in parts) for name in Counts.__dataclass_fields__))
    found, requests = rates_of(whole, known), sum(row.requests for row in table.rows)
    called = _("of {count} call-backs", count=number(found.called))
    shown = (
        (_("Response"), _share(found.response), _told(found.response, called)),
        (_("Resolution"), _share(found.resolution), _told(found.resolution, called)),
        (_("Satisfaction"), _share(found.satisfaction), _told(found.satisfaction, called)),
        (_("Together"), _share(found.composite), _told(found.composite, called)),
        (_("Called back"), percent(found.called, requests), _("of {count} requests", count=number(requests))),
    )
    for column, (label, value, note) in zip(st.columns(len(shown)), shown, strict=True):
        column.metric(label, value)
        column.caption(note)


def show_rate_rows(table: RateTable, dimension: str, names: Mapping[str, str], known: Mapping[str, float]) -> None:
    """Show a row for each community, category or month, the best together first where they are ranked."""
    rates = [rates_of(row.counts, known) for row in table.rows]
    ranked = ranks(rates, int(known["rank_least_count"])) if dimension != "month" else [None] * len(rates)
    rows = [_row(*one, names) for one in zip(table.rows, rates, ranked, strict=True)]
    if dimension != "month":
        rows.sort(key=lambda row: (row[1] is None, row[1] or 0, row[0]))
    titles = _titles()
    shown = {title: [row[at] for row in rows] for at, title in enumerate(titles) if at != 1 or dimension != "month"}
    st.dataframe(shown, hide_index=True, placeholder="–", height=min(HEIGHT_PX, 38 + 35 * len(rows)))
    left, right, _rest = st.columns([1, 1, 3])
    name = f"answer_rates_{today()}"
    left.download_button(_("Excel"), lambda: as_xlsx(titles, rows), f"{name}.xlsx", icon=":material/download:",
                         key="rates_xlsx", on_click="ignore")  # fmt: skip
    right.download_button(_("CSV"), lambda: as_csv(titles, rows), f"{name}.csv", icon=":material/download:",
                          key="rates_csv", on_click="ignore")  # fmt: skip


def show_rates_how(table: RateTable, known: Mapping[str, float]) -> None:
    """Say how everything was computed."""
    with st.expander(_("How this was computed")):
        st.markdown(
            _(
                "Requests received from {since} to {until}; duplicates are left out, the requests of one incident "
                "count once. A call-back is valid when somebody was reached; the last valid one of a request counts. "
                "“Basically satisfied” counts {basically}; together is {response} · response + {resolution} · "
                "resolution + {satisfaction} · satisfaction. The interval (Wilson, 95 %) says how far the share may "
                "be off with so few calls. Nobody is ranked below {least} call-backs.",
                since=day(table.since), until=day(table.until - timedelta(days=1)),
                basically=known["basically_satisfied"], response=known["weight_response"],
                resolution=known["weight_resolution"], satisfaction=known["weight_satisfaction"],
                least=number(known["rank_least_count"]),
            )
        )  # fmt: skip
        if table.least:
            st.markdown(
                _("You see counts only: where there are fewer than {least}, neighbours are counted together.",
                  least=number(table.least))
            )  # fmt: skip


def _titles() -> list[str]:
    return [
        _("Which"), _("Rank"), _("Together"), _("Response"), _("Resolution"), _("Satisfaction"), _("Call-backs"),
        _("Requests"),
    ]  # fmt: skip


def _row(row: RateRow, rates: Rates, rank: int | None, names: Mapping[str, str]) -> list[Cell]:
    shares = [_with_interval(rate) for rate in (rates.composite, rates.response, rates.resolution, rates.satisfaction)]
    return [listed(names.get(key, key) for key in row.keys), rank, *shares, rates.called, row.requests]


def _share(rate: Rate) -> str:
    return _("unknown") if rate.value is None else f"{100 * rate.value:.1f} %"


def _told(rate: Rate, called: str) -> str:
    if rate.low is None or rate.high is None:
        return called
    return f"{100 * rate.low:.1f}–{100 * rate.high:.1f} % · {called}"


def _with_interval(rate: Rate) -> str | None:
    if rate.value is None or rate.low is None or rate.high is None:
        return None
    return f"{100 * rate.value:.1f} % ({100 * rate.low:.0f}–{100 * rate.high:.0f})"
