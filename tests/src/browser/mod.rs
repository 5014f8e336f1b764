//! A real Chromium, driven over its own protocol through two pipes: no port, no downloaded browser, no other program.

mod page;
mod wire;

use std::process::{Child, Command, Stdio};

use dutylog_gate::packages::chromium;
pub use page::{Look, Page};
use serde_json::{Value, json};
use wire::Wire;

/// A running browser; it ends with this value.
#[derive(Debug)]
pub struct Browser {
    child: Child,
    wire: Wire,
    _profile: tempfile::TempDir,
}

impl Browser {
    /// Starts one with an empty profile.
    ///
    /// # Panics
    /// When there is none, or it does not start: a test cannot go on without it.
    #[must_use]
    pub fn start() -> Self {
        let program = chromium().expect(
            "no Chromium on the path: install the package `chromium` (and `fonts-noto-cjk`) / 没有找到 Chromium，请安装软件包 chromium",
        );
        let profile = tempfile::tempdir().expect("a folder");
        // The browser reads commands on descriptor 3 and writes answers on 4; a shell puts our pipes there.
        let script = r#"exec "$0" "$@" 3<&0 4>&1 0</dev/null 1>/dev/null 2>&1"#;
        let mut child = Command::new("sh")
            .args(["-c", script])
            .arg(program)
            .args([
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
            ])
            .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
            .arg("--remote-debugging-pipe")
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the browser starts");
        let (commands, answers) = (child.stdin.take().expect("a pipe"), child.stdout.take().expect("a pipe"));
        Self { child, wire: Wire::new(commands, answers), _profile: profile }
    }

    /// A page with cookies of its own.
    pub fn page(&mut self, look: Look) -> Page<'_> {
        let context = self.wire.ask(None, "Target.createBrowserContext", &json!({}));
        let target = json!({ "url": "about:blank", "browserContextId": context["browserContextId"] });
        let target = self.wire.ask(None, "Target.createTarget", &target);
        let attached = json!({ "targetId": target["targetId"], "flatten": true });
        let attached = self.wire.ask(None, "Target.attachToTarget", &attached);
        let session = attached["sessionId"].as_str().expect("a session").to_owned();
        Page::open(&mut self.wire, session, look)
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        self.wire.tell(None, "Browser.close", &Value::Object(Default::default()));
        drop(self.child.wait());
    }
}
