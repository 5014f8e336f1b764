//! Stopping in good order: one side says so, everything that runs long listens.

use tokio::sync::watch;

/// The side that says "stop". Dropping it says so too.
#[derive(Debug)]
pub struct Trigger(watch::Sender<bool>);

/// The side that listens; cheap to clone.
#[derive(Debug, Clone)]
pub struct Shutdown(watch::Receiver<bool>);

/// A connected pair.
#[must_use]
pub fn channel() -> (Trigger, Shutdown) {
    let (sender, receiver) = watch::channel(false);
    (Trigger(sender), Shutdown(receiver))
}

impl Trigger {
    /// Asks everything to stop.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }
}

impl Shutdown {
    /// Returns once stopping was asked for, at once if that was earlier.
    pub async fn asked(&self) {
        // An error means that the trigger is gone, which asks for the same.
        let _ = self.0.clone().wait_for(|stop| *stop).await;
    }

    /// Stops on an interrupt from the keyboard or on the system's request to end.
    ///
    /// # Errors
    /// When the process may not listen for signals.
    pub fn on_signals() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut terminate = signal(SignalKind::terminate())?;
        let (trigger, shutdown) = channel();
        tokio::spawn(async move {
            tokio::select! { _ = interrupt.recv() => (), _ = terminate.recv() => () }
            tracing::info!("stopping");
            trigger.stop();
        });
        Ok(shutdown)
    }
}
