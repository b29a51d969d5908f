"""What may be a password, how it is kept, and how an account waits."""

from itertools import pairwise

import pytest
from argon2 import PasswordHasher, Type, extract_parameters

from geo.access import passwords
from geo.errors import BadInput


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "123456789",
        "1234567890",
        "Password123",
        "aaaaaaaaaaaa",
        "1212121212",
        "wang-wei-1",
        "WANG-WEI123",
        "x" * 201,
    ],
)
def test_a_password_that_is_short_long_common_or_the_name_is_refused(password: str) -> None:
    with pytest.raises(BadInput):
        passwords.check(password, "wang-wei")


@pytest.mark.parametrize(
    "password", ["four quiet words", "correcthorse", "春眠不觉晓处处闻啼鸟", "1985 tomatoes", "x7-kd9-qq2"]
)
def test_no_kind_of_sign_is_asked_for(password: str) -> None:
    passwords.check(password, "wang-wei")


def test_full_width_signs_do_not_make_a_password_longer_or_another() -> None:
    assert passwords.matches(passwords.hash_of("ｔｏｍａｔｏ　1985"), "tomato 1985")
    with pytest.raises(BadInput):
        passwords.check("１２３４５６７８９０", "wang")


def test_a_hash_is_argon2id_with_a_salt_of_its_own() -> None:
    first, second = passwords.hash_of("four quiet words"), passwords.hash_of("four quiet words")
    assert first != second
    assert extract_parameters(first).type is Type.ID
    assert extract_parameters(first).memory_cost >= 64 * 1024
    assert passwords.matches(first, "four quiet words")
    assert not passwords.matches(first, "four quiet word")


def test_nothing_matches_a_user_without_a_password_or_a_broken_hash() -> None:
    assert not passwords.matches(None, "")
    assert not passwords.matches("$argon2id$broken", "four quiet words")


def test_a_hash_of_weaker_parameters_is_outdated() -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8192).hash("four quiet words")
    assert passwords.is_outdated(weak)
    assert not passwords.is_outdated(passwords.hash_of("four quiet words"))
    assert passwords.matches(weak, "four quiet words")


def test_one_time_passwords_differ_and_hold_to_the_policy() -> None:
    made = {passwords.one_time() for _turn in range(20)}
    assert len(made) == 20
    for password in made:
        passwords.check(password, "wang")


def test_the_wait_doubles_and_ends_at_a_quarter_of_an_hour() -> None:
    waits = [passwords.pause_s(failures) for failures in range(5, 30)]
    assert all(later in (2 * sooner, passwords.LONGEST_PAUSE_S) for sooner, later in pairwise(waits))
    assert waits[-1] == 15 * 60
