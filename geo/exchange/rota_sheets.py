"""A volunteer's week on paper: a page of HTML that prints, in the language of who makes it."""

from collections.abc import Sequence
from dataclasses import dataclass

from geo.i18n import _, current_language
from geo.maps.safe_text import safe_table, safe_text

STYLE = """
body { font: 12pt/1.4 "Noto Sans", "Noto Sans SC", "Noto Sans CJK SC", sans-serif; margin: 15mm; color: #1f2328; }
h1 { font-size: 15pt; font-weight: 400; margin: 0 0 2mm; } p { margin: 2mm 0; }
table { border-collapse: collapse; width: 100%; }
th, td { border: 1px solid #8a8f98; padding: 1.5mm 2mm; text-align: left; vertical-align: top; }
th { font-weight: 400; background: #f6f4ef; } tr { break-inside: avoid; }
@page { size: A4; margin: 12mm; }
"""
NAMES = "yz-names"
PAGE = (
    "<!doctype html><html lang='{language}'><head><meta charset='utf-8'><title>{title}</title><style>{style}</style>"
    "</head><body><h1>{title}</h1><p>{made}</p>{table}<p>{foot}</p></body></html>"
)


@dataclass(frozen=True)
class SheetLine:
    """One turn on the list: when, where, what; person and phone are empty for who has not agreed to be named."""

    when: str
    door: str
    number: str
    task: str
    person: str
    phone: str


def sheet_cells(lines: Sequence[SheetLine]) -> tuple[list[str], list[list[str]]]:
    """Return titles and rows of the turns' table, with an empty column to tick off."""
    titles = [_("When"), _("Place"), _("Need"), _("Help needed"), _("Person"), _("Telephone"), _("Done")]
    rows = [[one.when, one.door, one.number, one.task, one.person, one.phone, ""] for one in lines]
    return titles, rows


def rota_sheet(title: str, lines: Sequence[SheetLine], *, made: str) -> str:
    """Return the list of a volunteer's turns as a whole page of HTML to print.

    title: whose week it is; made: by whom and when, as it stands below the title.

    >>> page = rota_sheet("Li Ming", [SheetLine("Mon 9:00", "<b>", "K7P3QX", "visit", "", "")], made="today")
    >>> "&lt;b&gt;" in page, page.startswith("<!doctype html><html lang='en'>")
    (True, True)
    """
    return PAGE.format(
        language="zh-CN" if current_language() == "zh_CN" else "en",
        title=safe_text(title),
        style=STYLE,
        made=safe_text(made),
        table=safe_table(*sheet_cells(lines), style=NAMES),
        foot=safe_text(_("Personal data: keep it out of sight, give it back or destroy it after use.")),
    )
