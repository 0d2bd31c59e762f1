"""Pictures of who reaches what: what is drawn, where it lies, and that nothing is told by colour alone."""

from itertools import combinations, pairwise
from xml.etree import ElementTree

import pytest

from ringfence.web.browse.drawing import Arrow, Drawing, LineKind, Node, Shape
from ringfence.web.browse.drawing_layout import ROOM, TEXT_SIZE, WIDTH, broken, lay_out, text_width
from ringfence.web.browse.drawing_svg import FILLS, GREY, INK, PAPER, STROKES, svg

SVG = "{http://www.w3.org/2000/svg}"


def drawing(*arrows: Arrow, text: str = "Adviser 1", href: str = "") -> Drawing:
    return Drawing(
        name="picture",
        title="Who reaches what",
        description="Two people, a team and two clients.",
        columns=("People", "Teams", "Clients"),
        nodes=(
            Node(key="one", column=0, shape=Shape.MEMBER, text=text, href=href),
            Node(key="two", column=0, shape=Shape.MEMBER, text="Adviser 2", note="2 clients"),
            Node(key="team", column=1, shape=Shape.GROUP, text="Team A"),
            Node(key="first", column=2, shape=Shape.CLIENT, text="Nesta Bowen"),
            Node(key="many", column=2, shape=Shape.CLIENT, text="1,204 clients", many=True),
        ),
        arrows=arrows,
    )


def reach(start: str, end: str, line: LineKind = LineKind.OWN) -> Arrow:
    return Arrow(start=start, end=end, line=line)


ALL = (
    reach("one", "first"),
    reach("two", "team", LineKind.GROUP),
    reach("team", "many", LineKind.GROUP),
    reach("one", "two", LineKind.DELEGATED),
    reach("two", "many", LineKind.BLOCKED),
)


def test_every_box_and_line_is_drawn_and_the_whole_is_well_formed() -> None:
    root = ElementTree.fromstring(svg(drawing(*ALL)))
    said = "".join(root.itertext())
    for text in ("People", "Adviser 1", "Adviser 2", "2 clients", "Team A", "Nesta Bowen", "1,204 clients"):
        assert text in said
    ends = [each.get("marker-end") for each in root.findall(f"{SVG}path") if each.get("marker-end")]
    assert sorted(str(end) for end in ends) == sorted(f"url(#picture-{each.line.value})" for each in ALL)


def test_a_picture_has_a_title_and_a_description_for_who_does_not_see_it() -> None:
    root = ElementTree.fromstring(svg(drawing(*ALL)))
    parts = {each.get("id"): each.text for each in root.iter()}
    assert parts[root.get("aria-labelledby")] == "Who reaches what"
    assert parts[root.get("aria-describedby")] == "Two people, a team and two clients."


def test_no_box_lies_on_another() -> None:
    for one, other in combinations(lay_out(drawing(*ALL)).boxes, 2):
        apart = one.x != other.x or one.y + one.height <= other.y or other.y + other.height <= one.y
        assert apart, (one.node.key, other.node.key)


def test_lines_that_need_not_cross_do_not() -> None:
    boxes = {
        box.node.key: box.y for box in lay_out(drawing(reach("one", "many"), reach("two", "first"))).boxes
    }
    assert (boxes["one"] < boxes["two"]) == (boxes["many"] < boxes["first"])


def test_a_line_passes_beside_the_boxes_of_the_columns_between() -> None:
    found = lay_out(drawing(reach("one", "first"), reach("two", "team"), reach("team", "many")))
    (team,) = [box for box in found.boxes if box.node.key == "team"]
    (passing,) = [path for path in found.paths if path.arrow.end == "first"]
    for (x, y), (after, low) in pairwise(passing.points):
        if (x, after) == (team.x, team.x + WIDTH):
            assert y == low
            assert not team.y <= y <= team.y + team.height
            return
    pytest.fail("no lane through the column")


def test_a_link_is_drawn_on_a_page_and_left_out_of_a_file() -> None:
    one = drawing(href="/firms/1/members/2")
    assert 'href="/firms/1/members/2"' in svg(one)
    assert "href" not in svg(one, alone=True)


def test_texts_are_escaped() -> None:
    assert "<script>" not in svg(drawing(text="<script>alert(1)</script>"))


def test_a_long_text_is_cut_to_its_box_and_whole_in_its_title() -> None:
    text = "The Worshipful Company of Very Long Names and Longer Addresses Limited of Aberystwyth"
    lines = broken(text, ROOM, TEXT_SIZE)
    assert len(lines) == 2
    assert all(text_width(line, TEXT_SIZE) <= ROOM for line in lines)
    titles = [each.text for each in ElementTree.fromstring(svg(drawing(text=text))).iter(f"{SVG}title")]
    assert text in titles


def test_each_way_of_access_has_a_pattern_of_its_own() -> None:
    assert len({stroke.dashes for stroke in STROKES.values()}) == len(LineKind)


@pytest.mark.parametrize("colour", [stroke.colour for stroke in STROKES.values()])
def test_lines_stand_out_from_the_paper(colour: str) -> None:
    assert contrast(colour, PAPER) >= 4.5


@pytest.mark.parametrize("ground", [*FILLS.values(), PAPER])
def test_texts_can_be_read_on_every_box(ground: str) -> None:
    assert contrast(INK, ground) >= 7
    assert contrast(GREY, ground) >= 7


def contrast(one: str, other: str) -> float:
    """As WCAG 2 has it."""
    low, high = sorted(map(luminance, (one, other)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    shares = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        share / 12.92 if share <= 0.03928 else ((share + 0.055) / 1.055) ** 2.4 for share in shares
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
