//! What the server counts, as Prometheus reads it. No label has anything from an upload: routes are patterns.

use std::sync::LazyLock;
use std::time::Instant;

use prometheus::core::Collector;
use prometheus::{
    Encoder as _, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge, Opts, PullingGauge,
    Registry, TextEncoder,
};

/// Everything that is counted; a process has one of each.
pub struct Metrics {
    registry: Registry,
    requests: IntCounterVec,
    request_seconds: HistogramVec,
    analysis_seconds: HistogramVec,
    /// Analyses that run now.
    pub running: IntGauge,
    /// Uploads that wait for their turn now.
    pub waiting: IntGauge,
    /// Uploads that were sent away, since too many waited.
    pub refused: IntCounter,
    /// Requests that were sent away, since their client sends too many.
    pub limited: IntCounter,
    /// Connections that are open now.
    pub connections: IntGauge,
    /// Connections that were sent away, since their client has too many.
    pub connections_refused: IntCounter,
    store_seconds: HistogramVec,
    store_errors: IntCounterVec,
}

/// The metrics of this process.
pub static METRICS: LazyLock<Metrics> = LazyLock::new(Metrics::new);

/// From a cached page to the longest request.
const SECONDS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 2.5, 10.0, 30.0];

/// Adds one for as long as it is there.
pub struct During(&'static IntGauge);

impl Metrics {
    fn new() -> Self {
        let registry = Registry::new();
        let seconds = |name, help, labels: &[&str]| {
            let options = HistogramOpts::new(name, help).buckets(SECONDS.to_vec());
            registered(&registry, HistogramVec::new(options, labels))
        };
        let counts = |name, help, labels: &[&str]| {
            registered(&registry, IntCounterVec::new(Opts::new(name, help), labels))
        };
        Self {
            requests: counts(
                "podwire_requests_total",
                "Requests that were answered.",
                &["method", "route", "status"],
            ),
            request_seconds: seconds(
                "podwire_request_seconds",
                "Time from a request to the head of its answer.",
                &["route"],
            ),
            analysis_seconds: seconds(
                "podwire_analysis_seconds",
                "Time that an analysis ran, without waiting.",
                &[],
            ),
            running: registered(
                &registry,
                IntGauge::new("podwire_analyses_running", "Analyses that run now."),
            ),
            waiting: registered(
                &registry,
                IntGauge::new("podwire_analyses_waiting", "Uploads that wait for their turn now."),
            ),
            refused: registered(
                &registry,
                IntCounter::new(
                    "podwire_analyses_refused_total",
                    "Uploads that were sent away, since too many waited.",
                ),
            ),
            limited: registered(
                &registry,
                IntCounter::new(
                    "podwire_limited_total",
                    "Requests that were sent away, since their client sends too many.",
                ),
            ),
            connections: registered(
                &registry,
                IntGauge::new("podwire_connections_open", "Connections that are open now."),
            ),
            connections_refused: registered(
                &registry,
                IntCounter::new(
                    "podwire_connections_refused_total",
                    "Connections that were sent away, since their client has too many.",
                ),
            ),
            store_seconds: seconds(
                "podwire_store_seconds",
                "Time that the store took, failures included.",
                &["operation"],
            ),
            store_errors: counts(
                "podwire_store_errors_total",
                "What the store did not do as asked.",
                &["operation"],
            ),
            registry,
        }
    }

    /// A request was answered. The method and the route are of a fixed set, whatever was asked.
    pub fn answered(&self, method: &'static str, route: &str, status: u16, since: Instant) {
        self.requests.with_label_values(&[method, route, &status.to_string()]).inc();
        self.request_seconds.with_label_values(&[route]).observe(since.elapsed().as_secs_f64());
    }

    /// An analysis ended.
    pub fn analysed(&self, since: Instant) {
        self.analysis_seconds.with_label_values::<&str>(&[]).observe(since.elapsed().as_secs_f64());
    }

    /// The store answered.
    pub fn stored(&self, operation: &'static str, well: bool, since: Instant) {
        self.store_seconds.with_label_values(&[operation]).observe(since.elapsed().as_secs_f64());
        let errors = self.store_errors.with_label_values(&[operation]);
        errors.inc_by(u64::from(!well));
    }

    /// Tells from now on how many lines the log lost.
    pub fn tell_lost_lines(&self, lost: impl Fn() -> usize + Send + Sync + 'static) {
        let lost = Box::new(move || lost() as f64);
        let gauge =
            PullingGauge::new("podwire_log_lines_lost", "Lines of the log that were not read in time.", lost);
        registered(&self.registry, gauge);
    }

    /// All of it, in Prometheus' text format, in the order of names.
    pub fn text(&self) -> String {
        let mut text = Vec::new();
        // Writing to memory does not fail.
        let _ = TextEncoder::new().encode(&self.registry.gather(), &mut text);
        String::from_utf8(text).unwrap_or_default()
    }
}

impl During {
    /// Adds one, until it is dropped.
    pub fn new(gauge: &'static IntGauge) -> Self {
        gauge.inc();
        Self(gauge)
    }
}

impl Drop for During {
    fn drop(&mut self) {
        self.0.dec();
    }
}

/// Names and labels are written here, once: a wrong one does not get past the first test.
#[expect(clippy::expect_used, reason = "the names are constants, and a test makes them all")]
fn registered<C: Collector + Clone + 'static>(registry: &Registry, made: prometheus::Result<C>) -> C {
    let collector = made.expect("a metric's name and labels are plain");
    registry.register(Box::new(collector.clone())).expect("a metric's name is used once");
    collector
}
