package org.exchequer.app.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.exchequer.platform.module.Role;

/**
 * A Chromium of the machine's own, driven by Playwright: {@code EXCHEQUER_CHROMIUM}, or one found in the usual places.
 * Without one the tests fail and say how to get it; {@link BrowserWanted} skips them where that is asked for.
 */
final class Chromium implements AutoCloseable {
    private static final double PATIENCE_MS = 15_000;

    private final Playwright playwright;
    private final Browser browser;

    private Chromium(Path executable) {
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(executable)
                        .setArgs(List.of(
                                "--headless=new",
                                "--no-sandbox",
                                "--disable-gpu",
                                "--no-first-run",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync")));
        PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MS);
    }

    static Chromium launch() {
        String configured = System.getenv("EXCHEQUER_CHROMIUM");
        Stream<String> places = configured != null && !configured.isBlank()
                ? Stream.of(configured)
                : Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome");
        Path executable = places.map(Path::of)
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no Chromium found: install it (apt-get install -y chromium),"
                        + " name one with EXCHEQUER_CHROMIUM, or set " + BrowserWanted.SKIP
                        + "=1 to skip these tests"));
        return new Chromium(executable);
    }

    /** A new window with no cookies. */
    Window window() {
        return window(new Browser.NewContextOptions().setViewportSize(1280, 800));
    }

    Window window(Browser.NewContextOptions options) {
        return new Window(browser.newContext(options));
    }

    /** A new window, logged in. */
    Window login(ConsoleRig rig, Role role) {
        return login(rig.link(role), rig);
    }

    /** A new window, logged in as somebody. */
    Window login(ConsoleRig rig, Role role, String name) {
        return login(rig.link(role, name), rig);
    }

    private Window login(String link, ConsoleRig rig) {
        Window window = window();
        window.page.navigate(link);
        window.page.waitForURL(rig.url() + "/console");
        return window;
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }

    /** One window with one page. On closing it checks that the browser had nothing to complain about. */
    static final class Window implements AutoCloseable {
        final Page page;
        private final BrowserContext context;
        private final List<String> complaints = new ArrayList<>();
        /** Who leaves a page gives up what it was asking for. */
        private final List<String> expected = new ArrayList<>(List.of("htmx:sendAbort", "htmx:afterRequest"));

        Window(BrowserContext context) {
            this.context = context;
            context.setDefaultTimeout(PATIENCE_MS);
            page = tab();
        }

        /** Another tab with the same cookies. */
        Page tab() {
            Page tab = context.newPage();
            tab.onConsoleMessage(message -> {
                if (message.type().equals("error") || message.type().equals("warning")) {
                    complaints.add(message.text() + " at " + message.location());
                }
            });
            tab.onPageError(complaints::add);
            tab.onDialog(dialog -> {
                complaints.add("a dialog said " + dialog.message());
                dialog.dismiss();
            });
            return tab;
        }

        void login(ConsoleRig rig, Role role) {
            page.navigate(rig.link(role));
            page.waitForURL(rig.url() + "/console");
        }

        /** The browser reports such answers as errors of its own; the test means to get them. */
        Window expecting(int status) {
            return expecting("the server responded with a status of " + status);
        }

        Window expecting(String complaint) {
            expected.add(complaint);
            return this;
        }

        Locator button(String name) {
            return page.getByRole(
                    AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
        }

        Locator link(String name) {
            return page.getByRole(
                    AriaRole.LINK, new Page.GetByRoleOptions().setName(name).setExact(true));
        }

        Locator heading(String name) {
            return page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setName(name));
        }

        /** The text of the page as a person sees it. */
        void shows(String text) {
            assertThat(page.locator("main")).containsText(text);
        }

        void isAt(String pathPattern) {
            page.waitForURL(address -> address.matches("https?://[^/]+" + pathPattern));
        }

        /** Nothing sticks out to the right. */
        void hasNoHorizontalOverflow() {
            Object excess = page.evaluate("""
                    () => document.documentElement.scrollWidth <= window.innerWidth ? [] :
                      [...document.querySelectorAll('body *')]
                        .filter(e => e.getBoundingClientRect().right > window.innerWidth)
                        .map(e => e.outerHTML.slice(0, 120))""");
            assertThat((List<?>) excess).as("what sticks out of %s", page.url()).isEmpty();
        }

        @Override
        public void close() {
            context.close();
            assertThat(complaints.stream()
                            .filter(complaint -> expected.stream().noneMatch(complaint::contains))
                            .toList())
                    .as("errors in the browser's console")
                    .isEmpty();
        }
    }
}
