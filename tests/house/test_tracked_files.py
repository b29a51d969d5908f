"""What is committed speaks only of the product: no registries, machines, secrets or leftovers."""

import re

import pytest

from tests.house.sources import ROOT, files, texts

THIS = "tests/house/test_tracked_files.py"
PATTERNS = {
    "a package registry": re.compile(
        r"registry\.npm\w*\.\w+|files\.pythonhosted\.org|pypi\.org/(simple|packages)|mirrors?\.\w+\.(com|cn|edu)|"
        r"\btuna\.tsinghua|--(extra-)?index-url|\"resolved\":\s*\"[a-z]+:"
    ),
    "a path of one machine": re.compile(r"(?<![\w./~}])/(?:home|root|Users|work|mnt)/[\w.-]+"),
    "a secret": re.compile(
        r"-----BEGIN [A-Z ]*PRIVATE KEY|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_\w{30,}|\bsk-[A-Za-z0-9]{20,}|"
        r"(?i:password|passwd|secret|api_key)\s*=\s*[\"'][^\"'{}<>$]{6,}[\"']"
    ),
    "a mail address": re.compile(r"\b[\w.+-]+@(?!example\.|localhost)[\w-]+\.(?:com|cn|org|net)\b"),
    "an identity number": re.compile(r"(?<!\d)37\d{4}(?:19|20)\d{2}[01]\d[0-3]\d\d{3}[\dXx](?!\d)"),
}
FOREIGN = ("data/samples/", "geo/web/assets/", "package-lock.json", "requirements")
"""Files of other makers, kept as they came."""

PLANTED = {
    "a package registry": "https://registry.npmjs" + ".org/leaflet",
    "a path of one machine": 'open("/ho' + 'me/somebody/x")',
    "a secret": "pass" + 'word = "hunter2hunter2"',
    "a mail address": "some.body@" + "mail.com",
    "an identity number": "3715021980" + "01011234",
}


@pytest.mark.parametrize("what", PATTERNS)
def test_no_tracked_file_holds(what: str) -> None:
    found = [
        f"{name}:{number} {line.strip()[:120]}"
        for name, text in texts()
        if name != THIS and not (what == "a mail address" and name.startswith(FOREIGN))
        for number, line in enumerate(text.splitlines(), 1)
        if PATTERNS[what].search(line)
    ]
    assert not found, "\n".join(["", *found])


@pytest.mark.parametrize("what", PATTERNS)
def test_the_pattern_finds_what_it_should(what: str) -> None:
    assert PATTERNS[what].search(PLANTED[what])


def test_nothing_made_by_a_run_is_tracked() -> None:
    made = re.compile(r"(^|/)(__pycache__|node_modules|\.venv|\.yizhan|\.env)(/|$)|\.(pyc|log)$")
    assert not list(filter(made.search, files()))


def test_no_file_is_too_big_to_keep() -> None:
    big = [name for name in files() if (ROOT / name).stat().st_size > 2_000_000]
    assert not big
