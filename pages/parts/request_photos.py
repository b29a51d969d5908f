"""The photos of a request: a gallery, adding and taking away; what shows is stripped of where and when it was taken."""

from functools import partial
from typing import Any

import streamlit as st

from geo.i18n import _, number
from geo.maps.safe_text import safe_text
from geo.requests.attachment_reads import AttachmentView, attachments_of
from geo.requests.attachment_writes import MOST_PHOTOS, Added, add_attachment, remove_attachment
from pages.parts.session import act, looking, may

KINDS = ["jpg", "jpeg", "png", "webp"]
PICTURE = (
    '<a href="{address}" target="_blank" rel="noopener"><img src="{address}" width="{width}" height="{height}" '
    'alt="{told}" style="width: 100%; height: auto; max-height: 320px; object-fit: contain"></a>'
)
IN_A_ROW = 3


def show_photos(request_id: int) -> None:
    """Show the photos of a request, and for who may record requests a way to add some."""
    with looking() as connection:
        kept = attachments_of(connection, request_id)
    for first in range(0, len(kept), IN_A_ROW):
        row = zip(st.columns(IN_A_ROW), enumerate(kept[first : first + IN_A_ROW], first + 1), strict=False)
        for column, (place, photo) in row:
            with column:
                _show(photo, place)
    if not kept:
        st.caption(_("No photos yet."))
    if may("record_requests") and len(kept) < MOST_PHOTOS:
        _offer_adding(request_id, len(kept))


def _show(photo: AttachmentView, place: int) -> None:
    told = _("Photo {number}", number=number(place))
    st.html(
        PICTURE.format(
            address=safe_text(photo.address), width=safe_text(photo.width_px), height=safe_text(photo.height_px),
            told=safe_text(told),
        )
    )  # fmt: skip
    if may("work_requests"):
        with st.popover(_("Take away"), icon=":material/delete:"):
            st.markdown(_("The photo is gone for good; the history says that there was one."))
            if st.button(_("Take this photo away"), key=f"photo_gone_{photo.id}"):
                act(lambda session: remove_attachment(session, photo.id))
                st.rerun()


def _offer_adding(request_id: int, held: int) -> None:
    key = f"photos_{request_id}_{held}"
    chosen = st.file_uploader(
        _("Photos"), KINDS, accept_multiple_files=True, key=key,
        help=_("JPEG, PNG or WebP. Where and when a photo was taken is not kept."),
    )  # fmt: skip
    if chosen and st.button(_("Add the photos"), icon=":material/add_a_photo:", key=f"{key}_add"):
        added = [act(partial(_add, request_id, one.name, one.getvalue())) for one in chosen]
        if all(added):
            st.rerun()


def _add(request_id: int, name: str, content: bytes, session: Any) -> Added:
    return add_attachment(session, request_id, name, content)
