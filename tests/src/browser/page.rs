//! One page: go somewhere, press, type, ask what is there; and what the browser complained of.

use serde_json::{Value, json};

use super::wire::Wire;

/// How a page is looked at.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// Width and height in pixels.
    pub size: (u32, u32),
    /// The language asked for.
    pub language: &'static str,
    /// Whether scripts run.
    pub scripts: bool,
    /// Whether the dark colours are asked for.
    pub dark: bool,
}

/// A page in the browser.
#[derive(Debug)]
pub struct Page<'a> {
    wire: &'a mut Wire,
    session: String,
    complaints: Vec<String>,
}

impl<'a> Page<'a> {
    pub(super) fn open(wire: &'a mut Wire, session: String, look: Look) -> Self {
        let mut page = Self { wire, session, complaints: Vec::new() };
        for domain in ["Page", "Runtime", "Log", "Network", "Audits"] {
            page.ask(&format!("{domain}.enable"), &json!({}));
        }
        let (width, height) = look.size;
        let metrics =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600 });
        page.ask("Emulation.setDeviceMetricsOverride", &metrics);
        page.ask("Network.setExtraHTTPHeaders", &json!({ "headers": { "Accept-Language": look.language } }));
        page.ask("Emulation.setScriptExecutionDisabled", &json!({ "value": !look.scripts }));
        let scheme = if look.dark { "dark" } else { "light" };
        let feature = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        page.ask("Emulation.setEmulatedMedia", &json!({ "features": feature }));
        page
    }

    fn ask(&mut self, method: &str, params: &Value) -> Value {
        self.wire.ask(Some(&self.session), method, params)
    }

    /// Goes to an address and waits until all of it is there.
    pub fn go(&mut self, address: &str) {
        self.gather();
        self.ask("Page.navigate", &json!({ "url": address }));
        self.loaded();
    }

    /// Does something that leads to another page, and waits for that.
    pub fn follow(&mut self, script: &str) {
        self.gather();
        self.value(script);
        self.loaded();
    }

    /// Presses what a selector finds, and waits for the page it leads to.
    pub fn press(&mut self, selector: &str) {
        self.follow(&format!("document.querySelector({}).click()", json!(selector)));
    }

    /// Types into a field.
    pub fn fill(&mut self, selector: &str, text: &str) {
        self.value(&format!("document.querySelector({}).focus()", json!(selector)));
        self.ask("Input.insertText", &json!({ "text": text }));
    }

    /// What an expression comes to.
    ///
    /// # Panics
    /// When it throws.
    pub fn value(&mut self, expression: &str) -> Value {
        let asked = json!({ "expression": expression, "returnByValue": true, "awaitPromise": true });
        let mut answer = self.ask("Runtime.evaluate", &asked);
        assert!(answer.get("exceptionDetails").is_none(), "{expression}: {answer}");
        answer["result"]["value"].take()
    }

    /// Waits until an expression is true; it is asked again at each of the page's frames, so nothing sleeps.
    pub fn wait_until(&mut self, expression: &str) {
        let poll = format!(
            "new Promise(done => {{ const look = () => {{ if ({expression}) done(true); else requestAnimationFrame(look); }}; look(); }})"
        );
        self.value(&poll);
    }

    /// What the browser complained of since it was last asked: errors, and what the content policy stopped.
    pub fn complaints(&mut self) -> Vec<String> {
        self.gather();
        std::mem::take(&mut self.complaints)
    }

    fn gather(&mut self) {
        let events = self.wire.events();
        self.complaints.extend(events.iter().filter_map(complaint));
    }

    fn loaded(&mut self) {
        loop {
            let event = self.wire.event();
            self.complaints.extend(complaint(&event));
            if event["method"] == "Page.loadEventFired" {
                return;
            }
        }
    }
}

fn complaint(event: &Value) -> Option<String> {
    let params = &event["params"];
    let bad = match event["method"].as_str()? {
        "Runtime.exceptionThrown" => true,
        "Runtime.consoleAPICalled" => params["type"] == "error",
        "Log.entryAdded" => params["entry"]["level"] == "error",
        "Audits.issueAdded" => params["issue"]["code"] == "ContentSecurityPolicyIssue",
        _ => false,
    };
    bad.then(|| params.to_string())
}
