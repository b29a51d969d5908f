"""Import: a file becomes places or posts, after a look at what would happen."""

import streamlit as st

from geo.i18n import _
from pages.parts.import_decision import show_run
from pages.parts.import_runs import show_runs
from pages.parts.import_upload import show_upload
from pages.parts.import_work import show_work


def _number(name: str) -> int | None:
    asked = st.query_params.get(name, "")
    return int(asked) if asked.isdecimal() else None


st.title(_("Import"), anchor=False)
st.caption(_("Which places and posts does a file bring, what is wrong in it, and shall it go on the map?"))
job_id, run_id = _number("job"), _number("run")
if job_id is not None:
    show_work(job_id)
elif run_id is not None:
    show_run(run_id)
else:
    show_upload()
show_runs()
