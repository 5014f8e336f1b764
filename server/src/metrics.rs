//! Figures for whoever keeps the server running, as Prometheus reads them. They say how much and how fast, never who or what.
//!
//! Each server has its own: nothing here is global, so several may run in one process.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use metrics::{Key, KeyName, Label, Level, Metadata, Recorder as _, Unit};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusRecorder};

/// What the figures belong to, as the library asks to know.
const ABOUT: Metadata<'static> = Metadata::new("dutylog", Level::INFO, None);
/// Upper ends of the buckets of answering times, seconds.
const SECONDS: [f64; 8] = [0.005, 0.02, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0];

const REQUESTS: &str = "dutylog_requests_total";
const REQUEST_SECONDS: &str = "dutylog_request_seconds";
const INGESTED: &str = "dutylog_ingest_entries_total";
const REMARKS: &str = "dutylog_ingest_remarks_total";
const STREAMS: &str = "dutylog_event_streams";
const SEGMENTS: &str = "dutylog_site_segments";
const FOLD_LAG: &str = "dutylog_site_fold_lag_segments";
const FRESHNESS: &str = "dutylog_site_last_contact_age_seconds";
const DATABASE: &str = "dutylog_database_bytes";

/// The figures; cheap to clone.
#[derive(Clone)]
pub struct Metrics(Arc<PrometheusRecorder>);

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Metrics")
    }
}

impl Default for Metrics {
    fn default() -> Self {
        let builder = PrometheusBuilder::new().set_buckets(&SECONDS);
        let recorder = builder.expect("there is more than one bucket").build_recorder();
        describe(&recorder);
        Self(Arc::new(recorder))
    }
}

fn describe(recorder: &PrometheusRecorder) {
    let name = |name: &'static str| KeyName::from_const_str(name);
    recorder.describe_counter(name(REQUESTS), None, "Requests answered, by route and status".into());
    recorder.describe_histogram(name(REQUEST_SECONDS), Some(Unit::Seconds), "How long answers took".into());
    recorder.describe_counter(name(INGESTED), None, "Entries taken into the logs".into());
    recorder.describe_counter(name(REMARKS), None, "Segments refused or remarked on, by code".into());
    recorder.describe_gauge(name(STREAMS), None, "Pages that listen for news".into());
    recorder.describe_gauge(name(SEGMENTS), None, "Segments in a site's log".into());
    recorder.describe_gauge(name(FOLD_LAG), None, "Segments that the views do not show yet".into());
    recorder.describe_gauge(name(FRESHNESS), Some(Unit::Seconds), "Since any phone was in touch".into());
    recorder.describe_gauge(name(DATABASE), Some(Unit::Bytes), "Size of the database file".into());
}

/// How a site stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteFigures {
    /// The site, in hexadecimal digits.
    pub site: String,
    /// Segments in its log.
    pub segments: u64,
    /// Segments that are not folded yet.
    pub lag: u64,
    /// Since any of its phones was in touch; none if none ever was.
    pub silent: Option<Duration>,
}

impl Metrics {
    fn counter(&self, name: &'static str, labels: Vec<Label>) -> metrics::Counter {
        self.0.register_counter(&Key::from_parts(name, labels), &ABOUT)
    }

    fn gauge(&self, name: &'static str, labels: Vec<Label>) -> metrics::Gauge {
        self.0.register_gauge(&Key::from_parts(name, labels), &ABOUT)
    }

    /// A request was answered.
    pub fn answered(&self, route: &str, status: u16, took: Duration) {
        let route = Label::new("route", route.to_owned());
        self.counter(REQUESTS, vec![route.clone(), Label::new("status", status.to_string())]).increment(1);
        self.0.register_histogram(&Key::from_parts(REQUEST_SECONDS, vec![route]), &ABOUT).record(took);
    }

    /// Entries were taken into a log.
    pub fn ingested(&self, entries: u64) {
        self.counter(INGESTED, Vec::new()).increment(entries);
    }

    /// A segment was refused, or taken with a remark.
    pub fn remarked(&self, code: &'static str) {
        self.counter(REMARKS, vec![Label::from_static_parts("code", code)]).increment(1);
    }

    /// A page listens for news until what is returned is dropped.
    #[must_use]
    pub fn stream(&self) -> OpenStream {
        let gauge = self.gauge(STREAMS, Vec::new());
        gauge.increment(1.0);
        OpenStream(gauge)
    }

    /// How a site stands now.
    pub fn site(&self, figures: &SiteFigures) {
        let of_site = || vec![Label::new("site", figures.site.clone())];
        self.gauge(SEGMENTS, of_site()).set(as_float(figures.segments));
        self.gauge(FOLD_LAG, of_site()).set(as_float(figures.lag));
        if let Some(silent) = figures.silent {
            self.gauge(FRESHNESS, of_site()).set(silent.as_secs_f64());
        }
    }

    /// How large the database is now.
    pub fn database(&self, bytes: u64) {
        self.gauge(DATABASE, Vec::new()).set(as_float(bytes));
    }

    /// All figures in Prometheus' text form.
    #[must_use]
    pub fn render(&self) -> String {
        self.0.handle().render()
    }
}

/// A page that listens.
pub struct OpenStream(metrics::Gauge);

impl fmt::Debug for OpenStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OpenStream")
    }
}

impl Drop for OpenStream {
    fn drop(&mut self) {
        self.0.decrement(1.0);
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "figures for people: 53 bits are exact up to nine quadrillion"
)]
const fn as_float(n: u64) -> f64 {
    n as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_servers_in_one_process_have_their_own_figures() {
        let (one, other) = (Metrics::default(), Metrics::default());
        one.answered("/healthz", 200, Duration::from_millis(3));
        one.ingested(5);
        let open = one.stream();
        assert!(one.render().contains("dutylog_event_streams 1"));
        drop(open);
        for line in [
            "dutylog_requests_total{route=\"/healthz\",status=\"200\"} 1",
            "dutylog_request_seconds_bucket{route=\"/healthz\",le=\"0.005\"} 1",
            "dutylog_ingest_entries_total 5",
            "dutylog_event_streams 0",
        ] {
            assert!(one.render().contains(line), "{line}: {}", one.render());
        }
        assert!(!other.render().contains("dutylog_ingest_entries_total 5"));
    }
}
