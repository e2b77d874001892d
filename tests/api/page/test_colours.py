"""The ten colours of the page: any two can be told apart, and each from the cards that they are drawn on."""

import math
import re
from itertools import combinations
from pathlib import Path

import pytest

Lab = tuple[float, float, float]
STYLES = (Path(__file__).parents[3] / "api" / "page" / "static" / "style.css").read_text(encoding="utf-8")
LIGHT, DARK = (
    STYLES.split("@media (prefers-color-scheme: dark)")[0],
    STYLES.split("@media (prefers-color-scheme: dark)")[1],
)
THEMES = {"light": LIGHT, "dark": DARK[: DARK.index("\n}")]}


def linear(colour: str) -> tuple[float, ...]:
    """#rrggbb as linear light, each part from 0 to 1 (IEC 61966-2-1)."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return tuple(part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)


def lab(colour: str) -> Lab:
    """CIELAB under D65."""
    r, g, b = linear(colour)
    xyz = (
        (0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047,
        0.2126729 * r + 0.7151522 * g + 0.0721750 * b,
        (0.0193339 * r + 0.1191920 * g + 0.9503041 * b) / 1.08883,
    )
    x, y, z = (math.cbrt(t) if t > (6 / 29) ** 3 else t / (3 * (6 / 29) ** 2) + 4 / 29 for t in xyz)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def ciede2000(one: Lab, other: Lab) -> float:
    """ΔE 2000: Sharma, Wu and Dalal, "The CIEDE2000 Color-Difference Formula", 2005, equations 2 to 22."""
    (l1, a1, b1), (l2, a2, b2) = one, other
    mean_c = (math.hypot(a1, b1) + math.hypot(a2, b2)) / 2
    g = 0.5 * (1 - math.sqrt(mean_c**7 / (mean_c**7 + 25**7)))
    a1, a2 = (1 + g) * a1, (1 + g) * a2
    c1, c2 = math.hypot(a1, b1), math.hypot(a2, b2)
    h1, h2 = (math.degrees(math.atan2(b, a)) % 360 if a or b else 0.0 for a, b in ((a1, b1), (a2, b2)))
    dh = 0.0 if not c1 * c2 else (h2 - h1 + 180) % 360 - 180
    hue = 2 * math.sqrt(c1 * c2) * math.sin(math.radians(dh / 2))
    mean_l, mean_c = (l1 + l2) / 2, (c1 + c2) / 2
    if not c1 * c2:
        mean_h = h1 + h2
    elif abs(h1 - h2) <= 180:
        mean_h = (h1 + h2) / 2
    else:
        mean_h = (h1 + h2 + (360 if h1 + h2 < 360 else -360)) / 2
    cosine = {
        factor: math.cos(math.radians(factor * mean_h - shift)) for factor, shift in ((1, 30), (2, 0), (3, -6), (4, 63))
    }
    t = 1 - 0.17 * cosine[1] + 0.24 * cosine[2] + 0.32 * cosine[3] - 0.20 * cosine[4]
    rc = 2 * math.sqrt(mean_c**7 / (mean_c**7 + 25**7))
    rt = -math.sin(math.radians(60 * math.exp(-(((mean_h - 275) / 25) ** 2)))) * rc
    dl = (l2 - l1) / (1 + 0.015 * (mean_l - 50) ** 2 / math.sqrt(20 + (mean_l - 50) ** 2))
    dc, dhue = (c2 - c1) / (1 + 0.045 * mean_c), hue / (1 + 0.015 * mean_c * t)
    return math.sqrt(dl**2 + dc**2 + dhue**2 + rt * dc * dhue)


@pytest.mark.parametrize(
    ("one", "other", "difference"),
    [
        ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
        ((50.0, 3.1571, -77.2803), (50.0, 0.0, -82.7485), 2.8615),
        ((50.0, 0.0, 0.0), (50.0, -1.0, 2.0), 2.3669),
        ((50.0, 2.49, -0.001), (50.0, -2.49, 0.0009), 7.1792),
        ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
        ((50.0, 2.5, 0.0), (58.0, 24.0, 15.0), 19.4535),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_the_formula_gives_the_published_differences(one: Lab, other: Lab, difference: float) -> None:
    """Pairs 1, 2, 7, 9, 17, 20, 25 and 34 of table 1 of the paper."""
    assert ciede2000(one, other) == pytest.approx(difference, abs=5e-5)


def colours(theme: str) -> tuple[list[str], str]:
    """The ten colours of a theme, and that of its cards."""
    ten = re.findall(r"--series-\d: (#[0-9a-f]{6});", THEMES[theme])
    (card,) = re.findall(r"--card: (#[0-9a-f]{6});", THEMES[theme])
    return ten, card


@pytest.mark.parametrize("theme", THEMES)
def test_any_two_colours_can_be_told_apart(theme: str) -> None:
    ten, _ = colours(theme)
    assert len(ten) == 10
    closest = min(combinations(ten, 2), key=lambda pair: ciede2000(lab(pair[0]), lab(pair[1])))
    assert ciede2000(lab(closest[0]), lab(closest[1])) >= 20, closest


@pytest.mark.parametrize("theme", THEMES)
def test_each_colour_stands_out_from_its_card(theme: str) -> None:
    """WCAG 2.2, 1.4.11: at least 3 to 1."""
    ten, card = colours(theme)

    def luminance(colour: str) -> float:
        r, g, b = linear(colour)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    for colour in ten:
        light, dark = sorted((luminance(colour), luminance(card)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 3, colour
