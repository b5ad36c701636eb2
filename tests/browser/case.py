"""What the tests of the page share: one stage and one browser for all of them, logging in, drawing."""
import hashlib
import pathlib
import unittest

from selenium.common.exceptions import NoAlertPresentException
from selenium.webdriver.common.action_chains import ActionChains

from browser import Browser
from stage import Stage

LIVE = ".card .picture.live"


class Case(unittest.TestCase):
    """In the order of the names: who logged in first stays logged in."""
    stage = browser = None

    @classmethod
    def begin(cls, pictures):
        Case.stage = Stage(pathlib.Path(pictures).resolve().parent / "browser-cache")
        Case.browser = Browser(Case.stage.port, pictures)

    @classmethod
    def end(cls):
        if Case.browser:
            Case.browser.close()
        if Case.stage:
            Case.stage.close()

    def log_in(self, role):
        b = self.browser
        if not b.driver.current_url.startswith(b.url):
            b.load()
        b.until(lambda: b.all("form.login, #bar nav a"), "the page or its login")
        if b.all("form.login"):
            b.type("form.login input", self.stage.tokens[role])
            b.click("form.login button")
            b.one("#bar nav a")

    def log_out(self):
        self.browser.click(".tools button", "Log out")
        self.browser.one("form.login")

    def draw(self, points):
        """Clicks on the picture as somebody with a mouse does."""
        b = self.browser
        b.one(".board[data-ready] > svg")
        for n, (x, y) in enumerate(points):
            board = b.one(".board > svg")
            b.js("arguments[0].scrollIntoView({block: 'center'})", board)
            box = board.rect
            ActionChains(b.driver, duration=0).move_to_element_with_offset(
                board, round((x - .5) * box["width"]), round((y - .5) * box["height"])).click().perform()
            b.until(lambda: len(b.all(".board .dot")) > n, "a point where it was clicked")

    def drawn(self, camera):
        return self.stage.get(f"cameras/{camera}/settings")

    def canvas(self):
        return hashlib.sha1(self.browser.js("return document.querySelector('.stage canvas').toDataURL()").encode()).hexdigest()

    def row(self, text):
        """The row of this alarm; it is written anew at each change: only what is asked within until() may be kept."""
        return next((row for row in self.browser.all("tr[data-alarm]") if text in row.text), None)

    def row_text(self, text):
        """What it says, at one moment; "" where there is none."""
        return self.browser.js("""return [...document.querySelectorAll('tr[data-alarm]')].map((r) => r.innerText)
                                    .find((all) => all.includes(arguments[0])) ?? ''""", text)

    def alert(self):
        try:
            return self.browser.driver.switch_to.alert
        except NoAlertPresentException:
            return None

    def simulator_goes_on(self):
        self.stage.simulator.process.stdin.write("end lobby\n")
        self.stage.simulator.process.stdin.flush()
        self.stage.simulator.process.stdout.readline()
