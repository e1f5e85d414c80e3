"""A code or path that a plugin chose never carries a value of a record."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.core.codes import UNNAMED, WHOLE, plain_code, plain_path
from gateway.sdk import AdapterError, Fault, Misconfigured, Receipt, Refused, Uncertain, Unreachable

NUMBER = "06821099739"
KINDS = [AdapterError, Unreachable, Uncertain, Refused, Misconfigured]


@pytest.mark.parametrize("code", ["http.503", "vendor.conflict", "persontjenesten.shape", "a", "http.read_timeout"])
def test_a_code_is_told_as_it_is(code):
    assert plain_code(code) == code


@pytest.mark.parametrize(
    "code",
    [
        NUMBER, f"x.{NUMBER}", "x.068210 99739", "x.06-82-10", "Ola Nordmann", "a b", "A", "", ".a", "a.", "a..b",
        "a" * 65, "feil: ola", "a\n", "å", None, 7, "x.2014-05-02",
    ],
)  # fmt: skip
def test_what_has_not_the_form_of_a_code_is_not_told(code):
    assert plain_code(code) == UNNAMED


@pytest.mark.parametrize(
    "path",
    [
        "$",
        "$.raised_on",
        "$.a[0].b",
        "$.a,$.b",
        "1:1",
        "@id",
        "/{urn:x}a/b",
        "$.innhold.tilstand",
        "$.Elevens navn",
        "$.å",
    ],
)
def test_a_path_is_told_as_it_is(path):
    assert plain_path(path) == path


@pytest.mark.parametrize(
    "path",
    [NUMBER, f"$.{NUMBER}", f"$[{NUMBER}]", "$.a: hun sier at han slår", "$.a\nb", "x" * 161, None, "$.2014-05-02"],
)
def test_what_has_not_the_form_of_a_path_is_not_told(path):
    assert plain_path(path) == WHOLE


@pytest.mark.parametrize("kind", KINDS)
def test_no_error_of_an_adapter_carries_what_its_author_put_into_it(kind):
    error = kind(f"vendor.{NUMBER}", path=f"$.{NUMBER}")
    assert (error.code, error.path) == (UNNAMED, WHOLE)
    assert NUMBER not in str(error) + repr(error)


def test_neither_do_a_fault_and_a_receipt():
    fault = Fault(f"vendor.{NUMBER}", f"$.{NUMBER}")
    assert (fault.code, fault.path) == (UNNAMED, WHOLE)
    assert NUMBER not in str(fault)
    part = Receipt(key="k", state="refused", code="Ola sier nei", path=NUMBER)
    told = Receipt(key="k", state="refused", code=NUMBER, parts=(part,))
    assert NUMBER not in repr(told)
    assert (told.code, told.path, told.parts[0].code) == (UNNAMED, None, UNNAMED)
    assert Receipt(key="k", state="accepted").code is None


@given(st.text(max_size=90))
def test_no_code_holds_a_space_a_capital_or_six_digits(text):
    code = plain_code(text)
    assert code in (UNNAMED, text)
    assert code == code.lower()
    assert not any(one.isspace() for one in code)
    assert plain_code(code) == code
