//! Commands and what comes back: JSON, each message ended by a zero byte.

use std::collections::VecDeque;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{ChildStdin, ChildStdout};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::{Value, json};

/// A browser that says nothing for so long does not answer any more.
const PATIENCE: Duration = Duration::from_secs(60);

/// The two pipes.
#[derive(Debug)]
pub(super) struct Wire {
    commands: ChildStdin,
    messages: Receiver<Value>,
    /// What happened while an answer was awaited.
    events: VecDeque<Value>,
    last: u64,
}

impl Wire {
    pub(super) fn new(commands: ChildStdin, answers: ChildStdout) -> Self {
        let (sender, messages) = channel();
        std::thread::spawn(move || {
            let whole =
                |bytes: Vec<u8>| serde_json::from_slice(bytes.strip_suffix(b"\0").unwrap_or(&bytes)).ok();
            let read = BufReader::new(answers).split(0).map_while(Result::ok).filter_map(whole);
            // It ends when the browser does, or when nobody listens.
            for message in read {
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        Self { commands, messages, events: VecDeque::new(), last: 0 }
    }

    /// Says something; what comes back is not awaited.
    pub(super) fn tell(&mut self, session: Option<&str>, method: &str, params: &Value) -> u64 {
        self.last += 1;
        let mut command = json!({ "id": self.last, "method": method, "params": params });
        if let Some(session) = session {
            command["sessionId"] = session.into();
        }
        // A browser that is gone is noticed by who waits for its answer.
        let _gone = write!(self.commands, "{command}\0").and_then(|()| self.commands.flush());
        self.last
    }

    /// Says something and waits for the answer.
    pub(super) fn ask(&mut self, session: Option<&str>, method: &str, params: &Value) -> Value {
        let id = self.tell(session, method, params);
        loop {
            let mut message = self.next();
            if message["id"] == id {
                assert!(message.get("error").is_none(), "{method}: {message}");
                return message["result"].take();
            }
            self.events.push_back(message);
        }
    }

    /// The next event: one that came meanwhile, or one to come.
    pub(super) fn event(&mut self) -> Value {
        let kept = self.events.pop_front();
        kept.unwrap_or_else(|| self.next())
    }

    /// What has happened up to now.
    pub(super) fn events(&mut self) -> Vec<Value> {
        self.events.drain(..).chain(self.messages.try_iter()).collect()
    }

    fn next(&mut self) -> Value {
        self.messages.recv_timeout(PATIENCE).expect("the browser answers")
    }
}
