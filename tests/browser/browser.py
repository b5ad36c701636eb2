"""A headless Chromium and what the tests ask it: waits on conditions, never on time; screenshots are kept."""
import pathlib
import shutil
import tempfile

from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException, TimeoutException
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

PATIENCE_S = 60  # on a machine that is busy with something else
FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking",
         "--disable-component-update", "--disable-default-apps", "--disable-extensions", "--no-first-run", "--mute-audio",
         "--force-device-scale-factor=1", "--hide-scrollbars", "--lang=en-US"]


class Browser:
    def __init__(self, port, pictures):
        self.url = f"http://127.0.0.1:{port}/"
        self.pictures = pathlib.Path(pictures)
        self.pictures.mkdir(parents=True, exist_ok=True)
        self.profile = tempfile.mkdtemp(prefix="lynceus-chromium-")
        options = Options()
        options.binary_location = shutil.which("chromium")
        for flag in FLAGS + [f"--user-data-dir={self.profile}"]:
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(service=Service(shutil.which("chromedriver")), options=options)
        self.size(1400, 900)
        self.prefer("dark")

    def close(self):
        self.driver.quit()
        shutil.rmtree(self.profile, ignore_errors=True)

    def size(self, width, height):
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride",
                                    {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500})

    def prefer(self, scheme):
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})

    def open(self, place=""):
        """A view as somebody gets there who follows a link: the page itself stays."""
        if self.driver.current_url.startswith(self.url):
            self.driver.execute_script("""if (location.hash === arguments[0]) dispatchEvent(new Event('hashchange'));
                                          else location.hash = arguments[0]""", f"#/{place}")
        else:
            self.driver.get(f"{self.url}#/{place}")

    def load(self, place=""):
        self.driver.get("about:blank")
        self.driver.get(f"{self.url}#/{place}")

    def js(self, script, *words):
        return self.driver.execute_script(script, *words)

    def all(self, css):
        return self.driver.find_elements(By.CSS_SELECTOR, css)

    def until(self, good, what):
        """What `good` gives once it is true; elements that are written anew meanwhile are looked for again."""
        waiting = WebDriverWait(self.driver, PATIENCE_S, poll_frequency=0.1, ignored_exceptions=[StaleElementReferenceException])
        try:
            return waiting.until(lambda _: good())
        except TimeoutException:
            self.picture("failed")
            raise AssertionError(f"not within {PATIENCE_S} s: {what}; the page says: {self.js('return document.body.innerText')[:1500]}") from None

    def one(self, css, text=None):
        """The first element of this kind that is shown, with this text if one is named."""
        def found():
            return next((e for e in self.all(css) if e.is_displayed() and (text is None or text in e.text)), None)
        return self.until(found, f"{css} {text or ''}")

    def click(self, css, text=None):
        def clicked():
            element = next((e for e in self.all(css) if e.is_displayed() and e.is_enabled() and (text is None or text in e.text)), None)
            if element is None:
                return False
            self.js("arguments[0].scrollIntoView({block: 'center'})", element)
            element.click()
            return True
        self.until(clicked, f"{css} {text or ''} to click")

    def type(self, css, text):
        field = self.one(css)
        field.clear()
        field.send_keys(text)

    def choose(self, label, value):
        """In the list that carries this label."""
        self.one("select")
        self.js("""const s = [...document.querySelectorAll('select')].find((one) =>
                     (one.labels[0]?.textContent ?? one.getAttribute('aria-label')) === arguments[0]);
                   s.value = arguments[1]; s.dispatchEvent(new Event('change', { bubbles: true }));""", label, value)

    def gone(self, css):
        self.until(lambda: not any(e.is_displayed() for e in self.all(css)), f"{css} to go")

    def picture(self, name):
        self.driver.save_screenshot(str(self.pictures / f"{name}.png"))

    def complaints(self):
        """What the console was told of since the last time."""
        return [f"{entry['level']} {entry['message']}" for entry in self.driver.get_log("browser") if entry["level"] == "SEVERE"]
