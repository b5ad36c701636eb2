"""What people do with the page, from logging in to a restart of the daemon."""
from selenium.webdriver.common.keys import Keys

from case import LIVE, Case

SQUARE = [(.25, .30), (.70, .30), (.70, .80), (.25, .80)]
FLOOR = [(.15, .95), (.85, .95), (.65, .55), (.35, .55)]


class PageTest(Case):
    def setUp(self):
        if self._testMethodName != "test_01_log_in":
            self.log_in("admin")

    def test_01_log_in(self):
        b = self.browser
        b.load()
        b.type("form.login input", "not-a-token")
        b.click("form.login button")
        b.one("[role=alert]", "does not know")
        b.picture("login")
        self.log_in("admin")
        b.until(lambda: len(b.all(LIVE)) == 2, "two live pictures")
        b.one(".card .facts-line b", "°C")
        self.assertEqual("", b.js("return document.cookie"), "no script can read the cookie")
        b.picture("wall")

    def test_02_watch_a_camera(self):
        b = self.browser
        b.open("camera/boiler")
        b.one(".stage .picture.live")
        first = self.canvas()
        b.until(lambda: self.canvas() != first, "another picture")
        self.assertEqual({"raw", "overlay", "temp"}, {e.get_attribute("data-view") for e in b.all("[data-view]")})
        button = b.one("[data-view=temp]")
        button.send_keys(Keys.ENTER)
        b.until(lambda: button.get_attribute("aria-pressed") == "true", "the view chosen by the keyboard")
        b.one(".stage .picture.live")
        b.until(lambda: any("M" in (e.get_attribute("d") or "") for e in b.all(".plot > svg .curve")), "a curve")
        b.one("td", "Camera frozen")
        b.one("dd", "H.264 320×240")
        b.picture("camera")
        b.driver.find_element("tag name", "body").send_keys("]")
        b.one("h1", "Lobby")

    def test_03_an_alarm_arrives_and_is_acknowledged(self):
        b = self.browser
        b.open("alarms")
        b.one("h1", "Alarms")
        asked = "return performance.getEntriesByType('resource').filter((e) => /v1.alarms\\?limit=50/.test(e.name)).length"
        b.until(lambda: b.js(asked), "the list to be asked for")
        self.assertEqual("", self.row_text("Camera dark"))
        before = b.js(asked)
        self.stage.simulator.fault("lobby", "black", 0)
        b.until(lambda: self.row_text("Camera dark"), "the alarm")
        self.assertEqual(before, b.js(asked), "it came as an event, not by asking again")
        b.until(lambda: b.js("return document.title").startswith("("), "its count in the title")
        self.assertIn("Lobby", self.row_text("Camera dark"))
        b.until(lambda: b.js("return [...document.querySelectorAll('img.thumb')].some((i) => i.naturalWidth > 0)"), "its picture")
        b.until(lambda: self.row("Camera dark").find_element("css selector", "[data-do='alarms.ack']").click() or True, "to acknowledge")
        b.until(lambda: "acknowledged by admin-tester" in self.row_text("Camera dark"), "who acknowledged")
        alarm = next(a for a in self.stage.get("alarms?state=raised")["alarms"] if a["kind"] == "camera_dark")
        self.assertEqual("admin-tester", alarm["acknowledged_by"])
        b.picture("alarms")

    def test_04_its_clip_plays_and_it_goes_to_the_history(self):
        b = self.browser
        b.open("alarms")
        b.until(lambda: self.row_text("Camera dark"), "the alarm")
        self.stage.until(lambda: any(a["kind"] == "camera_dark" and a["clip"] for a in self.stage.get("alarms")["alarms"]), 60)
        b.click("tr[data-alarm] button.title", "Camera dark")
        b.until(lambda: b.js("return (document.querySelector('dialog video')?.readyState ?? 0) >= 2"), "the clip's first picture")
        b.js("document.querySelector('dialog video').play()")
        b.until(lambda: b.js("return document.querySelector('dialog video').currentTime > 0.1"), "the clip to play")
        b.picture("alarm")
        b.driver.find_element("tag name", "body").send_keys(Keys.ESCAPE)
        b.gone("dialog")
        self.simulator_goes_on()
        b.until(lambda: not self.row_text("Camera dark"), "the alarm to clear")
        b.choose("State", "cleared")
        b.until(lambda: "cleared" in self.row_text("Camera dark"), "it in the history")

    def test_05_a_zone_is_drawn_and_applied(self):
        b = self.browser
        b.open("setup/lobby/zones")
        b.click("[data-do=zone]")
        self.draw(SQUARE)
        b.type(".shapes input:not([type=checkbox])", "exit")
        b.one(".board .dot").send_keys(Keys.ARROW_RIGHT * 5)
        b.picture("zone")
        b.click("[data-do=apply]")
        b.one(".message.fine", "In force")
        polygon = self.drawn("lobby")["zones"]["exit"]["polygon"]
        self.assertEqual(4, len(polygon))
        for (x, y), (want_x, want_y) in zip(polygon, [(.26, .30)] + SQUARE[1:]):
            self.assertAlmostEqual(want_x, x, delta=.01)
            self.assertAlmostEqual(want_y, y, delta=.01)

    def test_06_a_zone_that_crosses_itself_changes_nothing(self):
        b = self.browser
        before = self.drawn("lobby")
        b.open("setup/lobby")
        b.one(".shapes input")
        b.click("[data-do=zone]")
        self.draw([SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3]])
        b.click("[data-do=apply]")
        b.one(".message.bad", "zones")
        self.assertEqual(before, self.drawn("lobby"))

    def test_07_the_floor_is_calibrated(self):
        b = self.browser
        b.open("setup/lobby/ground")
        self.draw(FLOOR)
        inputs = b.all(".setup input[type=number]")
        inputs[0].send_keys("4")
        inputs[1].send_keys("6")
        b.until(lambda: len(b.all(".board .grid")) > 8, "a grid in metres")
        b.click(".setup button", "Measure")
        b.one(".figure", "m between")
        b.picture("ground")
        b.click("[data-do=apply]")
        b.one(".message.fine", "In force")
        ground = self.drawn("lobby")["ground"]["homography"]
        self.assertEqual([[0, 0], [4, 0], [4, 6], [0, 6]], ground["metres"])
        self.assertIn("exit", self.drawn("lobby")["zones"], "what another tool set stays")

    def test_07b_the_live_picture_shows_what_was_drawn(self):
        b = self.browser
        b.open("camera/lobby")
        b.one(".stage .picture.live")
        b.click("[data-do=marks]")
        b.until(lambda: b.all(".marks .zone") and len(b.all(".marks .grid")) > 8, "zone and grid")
        b.picture("marks")

    def test_08_distances_that_cannot_be_are_refused(self):
        b = self.browser
        b.open("setup/lobby/ground")
        b.one(".board[data-ready]")
        b.choose("What is known", "distances")
        inputs = b.all(".setup input[type=number]")
        self.assertEqual(5, len(inputs))
        self.assertAlmostEqual(7.211, float(inputs[4].get_attribute("value")), delta=.01, msg="the diagonal of 4 by 6")
        inputs[4].clear()
        inputs[4].send_keys("50")
        b.one(".message.bad", "No four points")

    def test_09_the_scale_of_a_thermal_camera_is_marked(self):
        b = self.browser
        b.open("setup/boiler/scale")
        self.draw([(.9, .12), (.94, .9)])
        b.click("[data-do=apply]")
        b.one(".message.fine", "In force")
        bar = self.drawn("boiler")["analyzers"]["pipes"]["scale"]["bar"]
        for want, got in zip((.9, .12, .04, .78), bar):
            self.assertAlmostEqual(want, got, delta=.01)

    def test_10_deliveries_and_a_test_of_a_sink(self):
        b = self.browser
        b.open("deliveries")
        b.click("[data-sink=nobody] button", "Send a test")
        b.one("[data-sink=nobody] .message.bad", "Not taken")
        b.until(lambda: b.all("tr[data-delivery]"), "what is owed")
        b.click("tr[data-delivery] button", "Send now")
        b.picture("deliveries")

    def test_11_system_tells_of_the_daemon_and_its_configuration(self):
        b = self.browser
        b.open("system")
        b.one(".tile .figure", "MiB")
        b.one(".tile .figure", "cores")
        b.one("td code", "cameras.lobby.zones.exit.polygon")
        b.click("button", "Read it again")
        b.one(".message.fine", "kept")
        b.picture("system")

    def test_12_the_site_is_shelved_and_not(self):
        b = self.browser
        b.open("alarms")
        b.choose("Shelve the whole site", "10")
        b.one(".notice.warning", "shelved")
        self.assertIsNotNone(self.stage.get("shelve")["shelved_until"])
        b.click(".notice.warning button", "End it")
        b.gone(".notice.warning")

    def test_13_a_camera_is_switched_off_and_on(self):
        b = self.browser
        b.open("camera/boiler")
        b.click("button", "Switch off")
        b.until(self.alert, "the question whether")
        self.alert().accept()
        b.one(".head .badge", "switched off")
        b.until(lambda: "live" not in b.one(".stage .picture").get_attribute("class").split(), "no picture told live")
        b.click("button", "Switch on")
        b.one(".stage .picture.live")

    def test_14_a_restart_of_the_daemon_needs_no_reload(self):
        b = self.browser
        b.open("")
        b.until(lambda: len(b.all(LIVE)) == 2, "two live pictures")
        b.js("window.still = true")
        b.complaints()
        self.stage.stop()
        b.one("#link", "does not answer")
        b.until(lambda: len(b.all(".card .picture.stale")) == 2, "pictures told old")
        b.one(".card .badge", "not known")
        b.picture("down")
        self.stage.start()
        b.gone("#link")
        b.until(lambda: len(b.all(LIVE)) == 2, "live pictures again")
        self.stage.simulator.fault("lobby", "black", 0)
        b.one(".card.warning[data-camera=lobby]")
        self.simulator_goes_on()
        b.one(".card:not(.warning)[data-camera=lobby]")
        self.assertTrue(b.js("return window.still"), "the page was not loaded again")
        b.load()
        b.until(lambda: len(b.all(LIVE)) == 2, "live pictures after loading it again, still logged in")
        b.complaints()  # of the time when nobody answered

    def test_15_who_may_only_look_is_offered_no_more(self):
        b = self.browser
        self.log_out()
        self.log_in("view")
        b.open("alarms")
        b.one("h1", "Alarms")
        self.assertFalse([e for e in b.all("[data-do='alarms.ack']")])
        b.open("setup/lobby/zones")
        b.one(".board[data-ready]")
        self.assertFalse(b.all("[data-do=apply]"))
        b.one("small", "admin")
        self.log_out()
