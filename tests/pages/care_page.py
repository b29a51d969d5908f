"""The page of care needs in a test: opened by a user of the small city with its helped persons."""

from typing import Any

from sqlalchemy import text
from streamlit.testing.v1 import AppTest

from geo.settings import ROOT
from geo.store.session import owner_engine


def opened(lang: str = "en", page_name: str = "care_needs", **query: str) -> AppTest:
    page = AppTest.from_file(str(ROOT / "pages" / "navigation.py"), default_timeout=30)
    page.query_params["lang"] = lang
    page.run()
    for name, value in query.items():
        page.query_params[name] = value
    page.switch_page(f"{page_name}.py").run()
    assert not page.exception
    return page


def words(page: AppTest) -> str:
    parts = (
        *page.title,
        *page.subheader,
        *page.markdown,
        *page.caption,
        *page.info,
        *page.warning,
        *page.error,
        *page.success,
    )
    html = [element.proto.body for element in page.get("html")]
    return "\n".join([*(str(part.value) for part in parts), *html]).replace("\\", "")


def named(widgets: Any, label: str) -> Any:
    return next(widget for widget in widgets if widget.label == label)


def pressed(page: AppTest, label: str) -> AppTest:
    named(page.button, label).click().run()
    assert not page.exception
    return page


def doing(page: AppTest, task: str) -> AppTest:
    named(page.pills, "What to do").set_value(task).run()
    assert not page.exception
    return page


def logged(action: str) -> list[Any]:
    with owner_engine().connect() as owner:
        query = text("SELECT actor, entity_id, note, after FROM audit_entry WHERE action = :action ORDER BY id")
        return list(owner.execute(query, {"action": action}))


def figures(page: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in page.metric}
