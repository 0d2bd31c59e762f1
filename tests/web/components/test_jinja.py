"""The environment fails loudly and escapes, and its helpers write what the macros count on."""

import pytest
from jinja2 import Environment, UndefinedError
from markupsafe import Markup

from ringfence.web.shell.jinja import attributes, part, parts, words
from ringfence.web.shell.page import Link
from ringfence.wording.saying import gettext_lazy

BUTTON = '{% from "components/button.html" import button %}'


def test_a_name_that_the_page_does_not_have_is_an_error(pages: Environment) -> None:
    with pytest.raises(UndefinedError):
        pages.from_string("{{ page.titel }}").render()


def test_a_text_is_escaped(pages: Environment) -> None:
    written = pages.from_string(BUTTON + "{{ button(text) }}").render(text="<script>")
    assert "&lt;script&gt;" in written
    assert "<script>" not in written


def test_marked_up_text_stays_markup(pages: Environment) -> None:
    written = pages.from_string(BUTTON + "{% set text %}Start <em>now</em>{% endset %}{{ button(text) }}")
    assert "Start <em>now</em>" in written.render()


def test_a_value_put_into_a_translated_text_is_escaped(pages: Environment) -> None:
    assert pages.from_string('{{ _("Page %(name)s", name="<b>") }}').render() == "Page &lt;b&gt;"


def test_an_address_is_made_from_the_name_of_its_route(pages: Environment, addresses: None) -> None:
    assert pages.from_string('{{ url("set_language") }}').render() == "/language"


def test_words_leave_out_what_is_empty() -> None:
    assert words("a", None, "", "b c") == "a b c"


def test_an_attribute_that_is_true_is_a_bare_name() -> None:
    assert attributes({"hidden": True, "disabled": False, "id": None}) == " hidden"


def test_an_attribute_of_nought_or_nothing_is_written() -> None:
    assert attributes({"value": 0, "alt": ""}) == ' value="0" alt=""'


def test_the_value_of_an_attribute_is_escaped() -> None:
    assert attributes({"value": '"><b>'}) == ' value="&#34;&gt;&lt;b&gt;"'


@pytest.mark.parametrize("given", ["Clients", {"text": "Clients"}, Link(text="Clients", href="/")])
def test_a_part_reads_alike_from_a_text_a_mapping_and_an_object(given: object) -> None:
    assert part(given).text == "Clients"
    assert part(given).classes is None


def test_a_lazily_translated_text_is_a_part() -> None:
    assert Markup("{}").format(part(gettext_lazy("Sign out"))) == "Sign out"


@pytest.mark.parametrize("given", [None, "", False, {}])
def test_an_empty_part_is_false_and_prints_nothing(given: object) -> None:
    assert not part(given)
    assert Markup("{}").format(part(given)) == ""


def test_nought_is_not_an_empty_part() -> None:
    assert Markup("{}").format(part(0)) == "0"


def test_items_that_are_empty_are_left_out() -> None:
    assert [item.text for item in parts(["a", None, "", {"text": "b"}])] == ["a", "b"]
