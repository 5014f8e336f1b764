//! The console in a real Chromium: sign in, look at every kind of page, acknowledge an incident; on a phone and on a desk, in Chinese and
//! in English, with scripts and without. Nothing may be wider than the screen, nothing may be complained of.

use dutylog_server::demo::{Demo, History, Login, Options};
use dutylog_server::shutdown::{self, Trigger};
use dutylog_tests::browser::{Browser, Look, Page};
use serde_json::json;

const PHONE: Look = Look { size: (390, 844), language: "zh-CN", scripts: true, dark: false };
const DESK: Look = Look { size: (1280, 900), language: "en", scripts: true, dark: false };

/// Five days of duty, and the accounts to look at them with.
struct World {
    origin: String,
    logins: Vec<Login>,
    _history: History,
    _folder: tempfile::TempDir,
    _trigger: Trigger,
}

impl World {
    async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let (trigger, stop) = shutdown::channel();
        let data = folder.path().join("demo");
        let demo = Demo::start(Options { data, days: 5, port: Some(0), seed: 42, live: false }, stop).await;
        let demo = demo.expect("starts");
        let (origin, logins) = (demo.origin().to_owned(), demo.logins().to_vec());
        let history = demo.make_history().await.expect("history");
        Self { origin, logins, _history: history, _folder: folder, _trigger: trigger }
    }

    fn sign_in(&self, page: &mut Page<'_>, name: &str) {
        let login = self.logins.iter().find(|login| login.name == name).expect("an account");
        page.go(&format!("{}/login", self.origin));
        holds(page, "/login");
        page.fill("[name=name]", login.name);
        page.fill("[name=password]", &login.password);
        page.press("main button[type=submit]");
        assert_eq!(page.value("location.pathname"), "/", "signed in");
    }
}

/// What must hold of every page, whatever it shows.
fn holds(page: &mut Page<'_>, at: &str) {
    // What is folded away must fit as well once somebody opens it.
    page.value("document.querySelectorAll('details').forEach(details => { details.open = true; })");
    let wide = page.value("document.documentElement.scrollWidth - document.documentElement.clientWidth");
    let beyond = page.value(
        "[...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth) \
         .map(e => e.outerHTML.slice(0, 80)).join('\\n')",
    );
    assert_eq!(wide, 0, "{at} is wider than the screen: {beyond}");
    let outside = page.value(
        "[...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1 \
         && !e.closest('.table-wrap, .visually-hidden, pre, svg')).map(e => e.outerHTML.slice(0, 80)).join('\\n')",
    );
    assert_eq!(outside, "", "{at} has parts outside of the screen");
    // As the browser itself names it to who cannot see.
    let unnamed = page.value(
        "[...document.querySelectorAll('input:not([type=hidden]), select, textarea')].filter(e => !e.labels.length).length",
    );
    assert_eq!(unnamed, 0, "{at} has controls without labels");
    let small = page.value(
        "[...document.querySelectorAll('button, select, input:not([type=hidden], [type=radio])')].filter(e => \
         e.getBoundingClientRect().height && e.getBoundingClientRect().height < 44).map(e => e.outerHTML.slice(0, 80)).join('\\n')",
    );
    assert_eq!(small, "", "{at} has controls too small for a finger");
    assert_eq!(page.complaints(), Vec::<String>::new(), "{at}");
}

fn look(world: &World, page: &mut Page<'_>, path: &str) {
    page.go(&format!("{}{path}", world.origin));
    assert_eq!(page.value("document.querySelectorAll('h1').length"), 1, "{path} is a page");
    holds(page, path);
}

fn first(page: &mut Page<'_>, selector: &str) -> String {
    let found =
        page.value(&format!("document.querySelector({})?.getAttribute('href') ?? ''", json!(selector)));
    let href = found.as_str().expect("text").to_owned();
    assert!(!href.is_empty(), "nothing at {selector}");
    href
}

/// Every kind of page of the first site.
fn walk(world: &World, page: &mut Page<'_>) {
    look(world, page, "/");
    let site = first(page, ".site h2 a");
    for (list, of) in [
        ("", ".proof a[href*='/entries/']"),
        ("/rounds", "main table a"),
        ("/incidents", "main table a"),
        ("/handovers", "main table a"),
    ] {
        look(world, page, &format!("{site}{list}"));
        let one = first(page, of);
        look(world, page, &one);
    }
    for alone in ["/people", "/phones", "/conflicts"] {
        look(world, page, &format!("{site}{alone}"));
    }
    look(world, page, "/account");
}

/// Gives this reader's word to an incident that waits for it.
fn acknowledge(world: &World, page: &mut Page<'_>) {
    let incident = open_incident(world, page, "!!document.querySelector('form.first button')");
    page.press("form.first button");
    done(page, "acknowledge");
    assert_eq!(page.value("!!document.querySelector('form.first')"), false, "once is enough");
    holds(page, &incident);
}

/// Writes a comment under an incident that is open.
fn comment(world: &World, page: &mut Page<'_>) {
    let incident = open_incident(world, page, "true");
    page.fill("#comment", "请补充现场照片 <b>");
    page.press(".remarks form button");
    done(page, "comment");
    let quoted =
        page.value("[...document.querySelectorAll('.remarks .quote')].map(e => e.textContent).join()");
    assert!(quoted.as_str().is_some_and(|text| text.contains("请补充现场照片 <b>")), "{quoted}");
    holds(page, &incident);
}

fn done(page: &mut Page<'_>, act: &str) {
    let query = page.value("location.search");
    let text = page.value("document.querySelector('main').innerText.slice(0, 600)");
    assert_eq!(query, format!("?done={act}"), "{text}");
    assert_eq!(page.value("!!document.querySelector('.notice.good')"), true, "it says so");
}

/// Opens the first open incident of which something is true, by way of the overview's figures.
fn open_incident(world: &World, page: &mut Page<'_>, wanted: &str) -> String {
    look(world, page, "/");
    for list in
        strings(page, "[...document.querySelectorAll('.site a.figure')].map(a => a.getAttribute('href'))")
    {
        look(world, page, &list);
        let open = "[...document.querySelectorAll('main table th a')].map(a => a.getAttribute('href'))";
        for incident in strings(page, open) {
            look(world, page, &incident);
            if page.value(wanted) == true {
                return incident;
            }
        }
    }
    panic!("the story leaves no such incident open: {wanted}");
}

fn strings(page: &mut Page<'_>, expression: &str) -> Vec<String> {
    let found = page.value(expression);
    found.as_array().into_iter().flatten().filter_map(|v| v.as_str().map(str::to_owned)).collect()
}

/// Something that a person does with the console.
type Act = fn(&World, &mut Page<'_>);

#[tokio::test(flavor = "multi_thread")]
async fn the_console_serves_phones_and_desks_with_scripts_and_without() {
    let world = World::new().await;
    tokio::task::spawn_blocking(move || {
        let mut browser = Browser::start();
        let acts: [(Look, &str, Act); 4] = [
            (Look { scripts: false, ..PHONE }, "reviewer", acknowledge),
            (Look { language: "en", dark: true, ..PHONE }, "reviewer", comment),
            (DESK, "admin", comment),
            (Look { language: "zh-CN", scripts: false, dark: true, ..DESK }, "admin", comment),
        ];
        for (look, name, act) in acts {
            let mut page = browser.page(look);
            world.sign_in(&mut page, name);
            assert_eq!(page.value("document.documentElement.lang"), look.language);
            walk(&world, &mut page);
            act(&world, &mut page);
        }
        fills_by_itself(&world, &mut browser);
    })
    .await
    .expect("looked at");
}

/// What somebody else writes shows on an open page, without anybody touching it.
fn fills_by_itself(world: &World, browser: &mut Browser) {
    let mut writer = browser.page(Look { scripts: false, ..DESK });
    world.sign_in(&mut writer, "admin");
    look(world, &mut writer, "/");
    let site = first(&mut writer, ".site h2 a");
    look(world, &mut writer, &format!("{site}/incidents"));
    let incident = first(&mut writer, "main table a");
    drop(writer);
    let mut reader = browser.page(PHONE);
    world.sign_in(&mut reader, "reviewer");
    look(world, &mut reader, &site);
    let newest = first(&mut reader, ".proof a[href*='/entries/']");
    // The page's own browser writes, as a form in another window would.
    let send = format!(
        "fetch({0}).then(r => r.text()).then(t => fetch({0}, {{ method: 'POST', body: new URLSearchParams({{ form_token: \
         t.match(/name=\"form_token\" value=\"([^\"]+)\"/)[1], act: 'comment', text: '请补充照片' }}) }})).then(r => r.status)",
        json!(incident)
    );
    assert_eq!(reader.value(&send), 200);
    let fresh = format!(
        "document.querySelector(\".proof a[href*='/entries/']\").getAttribute('href') !== {} || !document.getElementById('live-bar').hidden",
        json!(newest)
    );
    reader.wait_until(&fresh);
    assert_eq!(
        reader.value("document.getElementById('live-bar').hidden"),
        true,
        "it filled and asked nothing"
    );
    holds(&mut reader, &site);
}
