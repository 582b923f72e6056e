"""Pictures in mails."""

import struct

from gevinst_notifications.clients.plots import WIDTH, png
from gevinst_notifications.domain.plots import Bar, Plot, plot_of
from gevinst_notifications.domain.wording import Language

PLOT = Plot((Bar("Forsinket", 2, "2", is_strong=True), Bar("Nytt", 23, "23")))


def size(picture: bytes) -> tuple[int, int]:
    """Width and height of a PNG, from its first chunk."""
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", picture[16:24])
    return width, height


def test_a_plot_is_a_png_twice_as_dense_as_it_is_shown() -> None:
    width, height = size(png(PLOT, Language.NB))

    assert width == 2 * WIDTH
    assert 150 < height < 300


def test_the_same_plot_is_the_same_picture() -> None:
    assert png(PLOT, Language.NB) == png(Plot(PLOT.bars), Language.NB)


def test_a_plot_is_a_small_part_of_a_mail() -> None:
    assert len(png(PLOT, Language.NB)) < 30_000


def test_labels_are_text_however_odd_they_are() -> None:
    """The template's language is not read in what people wrote."""
    odd = Plot((Bar('#panic("x") $ \\', 1, "1"), Bar("*" * 500, 0, "0")))

    assert size(png(odd, Language.EN))[0] == 2 * WIDTH


def test_one_number_or_only_zeros_are_nothing_to_compare() -> None:
    assert plot_of([Bar("a", 3, "3")]) is None
    assert plot_of([Bar("a", 0, "0"), Bar("b", 0, "0")]) is None
    assert plot_of([Bar("a", 0, "0"), Bar("b", 1, "1")]) is not None
