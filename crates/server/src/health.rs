//! Metrics, health and readiness, for machines, on an address of their own.

mod metrics;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::json;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use crate::listen::{Limits, Serving};
pub use metrics::{EventResult, Metrics, ObjectResult};

/// Longest time that one check may take.
const CHECK_TIMEOUT: Duration = Duration::from_secs(2);

/// What connections of machines may take.
const LIMITS: Limits = Limits {
    connections: 32,
    head: Duration::from_secs(10),
    connection: Some(Duration::from_secs(60)),
};

/// The text format of Prometheus
/// (<https://prometheus.io/docs/instrumenting/exposition_formats/>).
const METRICS_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

type Probe = Arc<dyn Fn() -> Result<(), String> + Send + Sync>;

/// What is told to machines: `/healthz`, `/readyz` and `/metrics`.
#[derive(Clone)]
pub struct Health {
    metrics: Metrics,
    checks: Vec<(&'static str, Probe)>,
    before_metrics: Arc<dyn Fn() + Send + Sync>,
}

impl Health {
    /// Tells `metrics`, and that everything is ready.
    pub fn new(metrics: Metrics) -> Self {
        Self { metrics, checks: Vec::new(), before_metrics: Arc::new(|| {}) }
    }

    /// Is ready only while `probe` finds nothing wrong, such as a store that cannot be written.
    ///
    /// It may block, and counts as wrong after two seconds. What it says is shown to whoever may
    /// connect: it has no secrets in it.
    #[must_use]
    pub fn check(
        mut self,
        name: &'static str,
        probe: impl Fn() -> Result<(), String> + Send + Sync + 'static,
    ) -> Self {
        self.checks.push((name, Arc::new(probe)));
        self
    }

    /// Calls `refresh`, which may block, before metrics are told.
    #[must_use]
    pub fn before_metrics(mut self, refresh: impl Fn() + Send + Sync + 'static) -> Self {
        self.before_metrics = Arc::new(refresh);
        self
    }

    /// Listens on `address`.
    ///
    /// # Errors
    ///
    /// Where the address cannot be listened on.
    pub async fn listen(self, address: SocketAddr) -> io::Result<Serving> {
        let app = Router::new()
            .route("/healthz", get(async || "ok\n"))
            .route("/readyz", get(readiness))
            .route("/metrics", get(metrics))
            .with_state(self);
        Serving::start(address, app, LIMITS).await
    }
}

async fn readiness(State(health): State<Health>) -> Response {
    let mut is_ready = true;
    let mut checks = Vec::new();
    for (name, probe) in health.checks {
        let probed = timeout(CHECK_TIMEOUT, spawn_blocking(move || probe())).await;
        let result = match probed {
            Ok(Ok(result)) => result,
            Ok(Err(_)) => Err("the check broke off".to_owned()),
            Err(_) => Err(format!("no answer within {} seconds", CHECK_TIMEOUT.as_secs())),
        };
        is_ready &= result.is_ok();
        checks.push(match result {
            Ok(()) => json!({"name": name, "ready": true}),
            Err(reason) => json!({"name": name, "ready": false, "reason": reason}),
        });
    }
    let body = json!({"checks": checks, "ready": is_ready}).to_string();
    let status = if is_ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let head = [(header::CONTENT_TYPE, "application/json")];
    (status, head, report::escape::json(body) + "\n").into_response()
}

async fn metrics(State(health): State<Health>) -> Response {
    let refresh = Arc::clone(&health.before_metrics);
    // What could not be refreshed is told as it was.
    let _ = timeout(CHECK_TIMEOUT, spawn_blocking(move || refresh())).await;
    ([(header::CONTENT_TYPE, METRICS_TYPE)], health.metrics.text()).into_response()
}
