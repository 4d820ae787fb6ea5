package io.caravan.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.By;
import org.openqa.selenium.JavascriptException;
import org.openqa.selenium.Keys;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/**
 * The browser that the system has (Debian: {@code chromium} and {@code chromium-driver}), used as a
 * person uses it. Nothing is downloaded.
 */
final class Chromium implements AutoCloseable {

  private static final Path SHOTS = Path.of("target/screenshots");
  private static final List<String> BROWSERS = List.of("chromium", "chromium-browser");

  private final ChromeDriver driver;
  private final String base;

  private Chromium(ChromeDriver driver, String base) {
    this.driver = driver;
    this.base = base;
  }

  /** Opens a browser; where there is none, the test that asks for it skips itself. */
  static Chromium open(PackagedGateway gateway) {
    var browser = BROWSERS.stream().map(Chromium::program).filter(p -> p != null).findFirst();
    var driver = program("chromedriver");
    Assumptions.assumeTrue(
        browser.isPresent() && driver != null,
        "There is no chromium with chromedriver here: the tests of the page are left out.");
    var service = new ChromeDriverService.Builder().usingDriverExecutable(driver.toFile()).build();
    return new Chromium(new ChromeDriver(service, options(browser.get())), gateway.url());
  }

  private static ChromeOptions options(Path browser) {
    var logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    logs.enable(LogType.PERFORMANCE, Level.ALL);
    var options = new ChromeOptions();
    options.setBinary(browser.toFile());
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--hide-scrollbars",
        "--lang=en",
        "--disable-dev-shm-usage",
        "--window-size=1280,860");
    options.setCapability(ChromeOptions.LOGGING_PREFS, logs);
    return options;
  }

  private static Path program(String name) {
    return Stream.of(System.getenv("PATH").split(":"))
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst()
        .orElse(null);
  }

  /** Shows a page of the application by its link, as a person does. */
  void visit(String name) {
    if (!driver.getCurrentUrl().startsWith(base)) driver.get(base + "/");
    click("#nav a[data-page='" + name + "']");
    see("main h1");
  }

  /** Loads an address anew, also if only its end behind the # is another. */
  void load(String path) {
    driver.get("about:blank");
    driver.get(base + path);
    see("main h1");
  }

  /** Waits until an element is there. */
  WebElement see(String css) {
    Await.until(
        css + " is there in\n" + text("body"),
        () -> !driver.findElements(By.cssSelector(css)).isEmpty());
    return driver.findElement(By.cssSelector(css));
  }

  /** Waits until a part of the page shows a text. */
  void seeText(String css, String text) {
    try {
      Await.until("text", () -> text(css).contains(text));
    } catch (AssertionError e) {
      throw new AssertionError(
          "'" + text + "' does not show in " + css + " but:\n" + text("body"), e);
    }
  }

  /**
   * What a part of the page shows, whatever its elements do meanwhile; empty if it is not there.
   */
  String text(String css) {
    var found = run("return document.querySelector(arguments[0])?.innerText ?? ''", css);
    return found.toString();
  }

  void click(String css) {
    again(() -> see(css).click());
  }

  /** Clicks on what has this label, for eyes or for screen readers. */
  void press(String label) {
    var quoted = label.contains("'") ? '"' + label + '"' : "'" + label + "'";
    var path =
        "//*[self::button or self::a][normalize-space()=%1$s or @aria-label=%1$s]"
            .formatted(quoted);
    Await.until(label + " is there in\n" + text("body"), () -> visible(path) != null);
    again(() -> visible(path).click());
  }

  private WebElement visible(String path) {
    var found =
        driver.findElements(By.xpath(path)).stream().filter(WebElement::isDisplayed).toList();
    return found.isEmpty() ? null : found.get(found.size() - 1);
  }

  /** News may replace an element between looking for it and using it. */
  private static void again(Runnable action) {
    Await.until(
        "an element stays long enough",
        () -> {
          try {
            action.run();
            return true;
          } catch (StaleElementReferenceException | NullPointerException e) {
            return false;
          }
        });
  }

  /** Types into the field with this label, in place of what is there. */
  void type(String label, String text) {
    var field = field(label);
    field.sendKeys(Keys.chord(Keys.CONTROL, "a"), Keys.DELETE);
    field.sendKeys(text);
  }

  /** Chooses what a list offers under this text. */
  void choose(String label, String option) {
    var path = By.xpath(".//option[normalize-space()='" + option + "']");
    Await.until(option + " can be chosen", () -> !field(label).findElements(path).isEmpty());
    again(() -> field(label).findElement(path).click());
  }

  /** The field with this label; in a dialog, if one is open. */
  WebElement field(String label) {
    var css = "(document.querySelector('dialog[open]') ?? document).querySelectorAll('label')";
    var find =
        "return [..." + css + "].find(l => l.firstChild?.data?.trim() === arguments[0])?.control";
    Await.until(label + " is there in\n" + text("body"), () -> run(find, label) != null);
    return (WebElement) run(find, label);
  }

  Object run(String script, Object... arguments) {
    try {
      return driver.executeScript(script, arguments);
    } catch (JavascriptException e) {
      throw new AssertionError(e);
    }
  }

  ChromeDriver driver() {
    return driver;
  }

  void dark(boolean on) {
    var feature = Map.of("name", "prefers-color-scheme", "value", on ? "dark" : "light");
    driver.executeCdpCommand("Emulation.setEmulatedMedia", Map.of("features", List.of(feature)));
  }

  void size(int width, int height, boolean phone) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", phone));
  }

  /** Keeps a picture of what is shown, as build output. */
  void shoot(String name) throws IOException {
    var shot = driver.executeCdpCommand("Page.captureScreenshot", Map.of("format", "png"));
    Files.createDirectories(SHOTS);
    Files.write(
        SHOTS.resolve(name + ".png"), Base64.getDecoder().decode(shot.get("data").toString()));
  }

  /** What the browser has complained about since the last time. */
  List<String> complaints() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
        .map(entry -> entry.getMessage())
        .toList();
  }

  /** The bodies of answers that came since the last time and are over. */
  List<String> answers() {
    var bodies = new ArrayList<String>();
    for (var entry : driver.manage().logs().get(LogType.PERFORMANCE)) {
      var id = finished(entry.getMessage());
      if (id == null) continue;
      try {
        var body = driver.executeCdpCommand("Network.getResponseBody", Map.of("requestId", id));
        bodies.add(body.get("body").toString());
      } catch (WebDriverException forgotten) {
        continue; // the browser keeps no body of what it has shown before
      }
    }
    return bodies;
  }

  private static String finished(String message) {
    try {
      var event = io.caravan.json.Json.read(message).path("message");
      boolean over = event.path("method").asText().equals("Network.loadingFinished");
      return over ? event.path("params").path("requestId").asText() : null;
    } catch (IOException e) {
      throw new AssertionError(message, e);
    }
  }

  @Override
  public void close() {
    driver.quit();
  }
}
