//! The page of `progress --format html`, as a browser shows it: headless Chromium, where there is one.
//!
//! `BACKLINGS_BROWSER=required` (as in CI) makes its absence a failure.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use support::{Exercise, Sandbox, stdout, write};

/// What the page is asked, in the page: the answers are put where `--dump-dom` shows them.
const QUESTIONS: &str = r#"<script>
const colour = element => getComputedStyle(element).backgroundColor;
const answers = {
  overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  language: document.documentElement.lang,
  headings: [...document.querySelectorAll("h1, h2, h3")].map(heading => heading.tagName + " " + heading.textContent),
  unnamed: [...document.querySelectorAll("progress, section, [role=region]")]
    .filter(element => !element.ariaLabel && !document.getElementById(element.getAttribute("aria-labelledby"))).length,
  cells: document.querySelectorAll(".heat td[title]").length,
  worked: document.querySelectorAll(".heat td:not(.h0)[title]").length,
  rows: [...document.querySelectorAll(".list tbody tr")].map(row => row.innerText.replace(/\s+/g, " ").trim()),
  columns: [...document.querySelectorAll(".list th[scope=col]")].length,
  stops: [...document.querySelectorAll(".map ol li")].map(stop => stop.className),
  requests: performance.getEntriesByType("resource").length,
  ground: colour(document.body),
  dark: matchMedia("(prefers-color-scheme: dark)").matches,
};
document.body.setAttribute("data-answers", JSON.stringify(answers));
</script>"#;

fn browser() -> Option<PathBuf> {
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let found = names.iter().find_map(|name| which::which(name).ok());
    let required = std::env::var("BACKLINGS_BROWSER").is_ok_and(|value| value == "required");
    assert!(
        found.is_some() || !required,
        "BACKLINGS_BROWSER=required, but there is no Chromium"
    );
    if found.is_none() {
        eprintln!("no Chromium here: the page was not looked at");
    }
    found
}

/// A workspace with a roadmap, a day's work and a title that is no markup.
fn sandbox() -> Sandbox {
    let odd = Exercise::answer("second").with_toml("");
    let mut first = Exercise::answer("first");
    first.toml = first.toml.replace("The title of first", "Less < & more");
    let sandbox = Sandbox::track(&[first, odd]);
    let path = sandbox.track_dir().join("info.toml");
    let info = fs::read_to_string(&path).unwrap();
    let roadmap = "\n[[roadmap]]\nname = \"way\"\ntitle = \"The way\"\ngoal = \"there\"\nphase = [{ title = \"All\", block = [{ weeks = \"1\", topics = [\"basics\"] }] }]\n";
    write(&path, &format!("{info}{roadmap}"));
    assert!(sandbox.init(&["--roadmap", "way"]).status.success());
    sandbox.solve("first");
    assert_eq!(sandbox.verdict("first").0, 0);
    sandbox
}

/// The page's answers in a window of this size.
fn ask(browser: &Path, sandbox: &Sandbox, size: &str, more: &[&str]) -> Value {
    let page = stdout(&sandbox.run(&["progress", "--format", "html"]));
    let file = sandbox.path().join("page.html");
    write(
        &file,
        &page.replace("</body>", &format!("{QUESTIONS}</body>")),
    );
    show(browser, &file, size, more)
}

/// The answers that a page puts into itself.
fn show(browser: &Path, file: &Path, size: &str, more: &[&str]) -> Value {
    let profile = tempfile::tempdir().unwrap();
    let output = Command::new(browser)
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
        ])
        .args([
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .arg(format!("--window-size={size}"))
        .args(more)
        .arg("--dump-dom")
        .arg(format!("file://{}", file.display()))
        .output()
        .unwrap();
    let dom = stdout(&output);
    let (_, rest) = dom.split_once("data-answers=\"").unwrap_or_else(|| {
        panic!(
            "no answers: {}\n{}",
            dom,
            String::from_utf8_lossy(&output.stderr)
        )
    });
    let (answers, _) = rest.split_once('"').unwrap();
    let answers = answers
        .replace("&quot;", "\"")
        .replace("&lt;", "<")
        .replace("&amp;", "&");
    serde_json::from_str(&answers).unwrap()
}

#[test]
fn the_page_needs_nothing_else() {
    let sandbox = sandbox();
    let page = stdout(&sandbox.run(&["progress", "--format", "html"]));
    for word in ["http:", "https:", "<script", "<link", "@import", "url("] {
        assert!(!page.contains(word), "{word}");
    }
    assert!(page.contains("Less &lt; &amp; more") && !page.contains("Less < &"));
    assert!(page.contains("<html lang=\"en\">") && page.contains("width=device-width"));
}

#[test]
fn the_page_says_in_a_browser_what_was_done() {
    let Some(browser) = browser() else { return };
    let sandbox = sandbox();
    let seen = ask(&browser, &sandbox, "1000,900", &[]);
    assert_eq!(seen["overflow"], 0, "{seen}");
    assert_eq!(seen["language"], "en");
    assert_eq!(seen["headings"][0], "H1 The way");
    assert_eq!(seen["unnamed"], 0, "{seen}");
    assert_eq!(seen["requests"], 0, "{seen}");
    assert_eq!(seen["columns"], 7);
    assert_eq!(seen["worked"], 1, "{seen}");
    assert!(seen["cells"].as_u64().unwrap() > 150, "{seen}");
    assert_eq!(seen["stops"][0], "begun");
    let rows = seen["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 2);
    let first = rows[0].as_str().unwrap();
    assert!(
        first.starts_with("Less < & more first done easy 1 0"),
        "{first}"
    );
}

#[test]
fn the_page_fits_a_phone_and_follows_the_night() {
    let Some(browser) = browser() else { return };
    let sandbox = sandbox();
    let day = ask(&browser, &sandbox, "500,800", &[]);
    assert_eq!(day["overflow"], 0, "{day}");
    // A window has a least width; a frame can be as narrow as a phone.
    let frame = sandbox.path().join("frame.html");
    let script = "<script>onload = () => { const inner = document.querySelector('iframe').contentDocument.documentElement; document.body.setAttribute('data-answers', JSON.stringify({ overflow: inner.scrollWidth - inner.clientWidth, width: inner.clientWidth })); }</script>";
    write(
        &frame,
        &format!(
            "<body><iframe src=\"page.html\" style=\"width: 340px; height: 700px; border: 0\"></iframe>{script}</body>"
        ),
    );
    let phone = show(
        &browser,
        &frame,
        "500,800",
        &["--allow-file-access-from-files"],
    );
    assert!(phone["width"].as_u64().unwrap() <= 340, "{phone}");
    assert_eq!(phone["overflow"], 0, "{phone}");
    let night = ask(
        &browser,
        &sandbox,
        "500,800",
        &["--blink-settings=preferredColorScheme=0"],
    );
    assert_eq!(
        (&day["dark"], &night["dark"]),
        (&false.into(), &true.into()),
        "{night}"
    );
    assert_ne!(day["ground"], night["ground"]);
}
