"""Printing: nothing that the reader has not scrolled to is left out."""

from playwright.sync_api import expect

from tests.browser.view import View

# What a printer would get, instead of the dialog, for which Chromium would wait.
PRINT = """window.print = () => {
  dispatchEvent(new Event("beforeprint"));
  const panels = [...document.querySelectorAll(".panels:not([hidden]) .panel, .cards .panel")];
  const pictures = (panel) => panel.querySelectorAll(".printed, svg, table").length;
  window.onPaper = panels.map((panel) => [panel.id, panel.dataset.state, pictures(panel) > 0]);
  window.missing = [...document.querySelectorAll("p.printed")].map((one) => one.textContent);
  dispatchEvent(new Event("afterprint"));
  document.body.dataset.printed = "yes";
}"""


def unloaded(view: View) -> int:
    return view.page.locator(".panel:visible:not([data-state])").count()


def printed(view: View) -> list[list[object]]:
    view.page.wait_for_selector("body[data-printed]")
    found: list[list[object]] = view.page.evaluate("window.onPaper")
    return found


def test_the_shortcut_loads_every_panel_and_then_prints(view: View) -> None:
    view.page.add_init_script(PRINT)
    view.open()
    assert unloaded(view) > 3
    view.page.keyboard.press("Control+p")
    found = printed(view)
    assert len(found) > 15
    assert [one for one in found if one[1:] != ["drawn", True]] == []
    assert view.page.evaluate("window.missing") == []
    expect(view.page.locator(".printed")).to_have_count(0)  # the screen is as before


def test_the_button_does_the_same(view: View) -> None:
    view.page.add_init_script(PRINT)
    view.open("?view=portfolio")
    view.page.get_by_role("button", name="Print").click()
    assert [one for one in printed(view) if one[1:] != ["drawn", True]] == []


def test_the_browsers_own_menu_says_what_is_missing_and_has_it_the_next_time(view: View) -> None:
    """It waits for no answer: `beforeprint` is the last moment, and all that it can do is to ask."""
    view.page.add_init_script(PRINT)
    view.open()
    view.page.evaluate("window.print()")
    assert [one for one in printed(view) if one[1] is None]
    (words,) = view.page.evaluate("window.missing")
    assert words.startswith("Some panels had not been loaded when this was printed.")
    view.settle()
    assert unloaded(view) == 0
    view.page.evaluate("window.print()")
    assert [one for one in printed(view) if one[1:] != ["drawn", True]] == []
    assert view.page.evaluate("window.missing") == []
