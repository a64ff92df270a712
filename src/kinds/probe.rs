//! Probes: what the kubelet asks of a container, and on which of its ports.
//!
//! <https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#container-probes>

use crate::source::{Problem, Span};

use super::fields::{Fields, IntOrString, Written};

/// A probe that asks on a port; one that runs a command asks on none.
#[derive(Debug, Clone)]
pub struct Probe {
    /// What depends on its answer.
    pub purpose: Purpose,
    /// How it asks.
    pub action: Action,
    /// The port: a number as it is, a name as one of the container's own ports has it; 0 where none is written.
    pub port: Written<IntOrString>,
    /// The whole of `httpGet`, `tcpSocket` or `grpc`.
    pub span: Span,
}

/// What depends on a probe's answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Whether the container has started: until then nothing else is asked, and it is not ready.
    Startup,
    /// Whether the container is ready for traffic.
    Readiness,
    /// Whether the container is killed and started again.
    Liveness,
}

/// How a probe asks on a port.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// `httpGet`
    HttpGet,
    /// `tcpSocket`
    TcpSocket,
    /// `grpc`, whose port is a number.
    Grpc,
}

impl Action {
    const ALL: [Self; 3] = [Self::HttpGet, Self::TcpSocket, Self::Grpc];

    /// The field that has it.
    pub const fn field(self) -> &'static str {
        match self {
            Self::HttpGet => "httpGet",
            Self::TcpSocket => "tcpSocket",
            Self::Grpc => "grpc",
        }
    }
}

impl Purpose {
    const ALL: [Self; 3] = [Self::Startup, Self::Readiness, Self::Liveness];

    /// The field that has the probe.
    pub const fn field(self) -> &'static str {
        match self {
            Self::Startup => "startupProbe",
            Self::Readiness => "readinessProbe",
            Self::Liveness => "livenessProbe",
        }
    }
}

impl Probe {
    /// Reads the probes of a container.
    pub fn read_all(container: &Fields<'_, '_>, problems: &mut Vec<Problem>) -> Vec<Self> {
        let mut read = |purpose: Purpose| {
            container.map(purpose.field(), problems, |probe, problems| Self::read(purpose, probe, problems))
        };
        let mut probes = Vec::new();
        for probe in Purpose::ALL.into_iter().filter_map(&mut read) {
            probes.reserve_exact(1);
            probes.push(probe);
        }
        probes
    }

    /// Of several actions the kubelet takes the first of this order.
    fn read(purpose: Purpose, probe: &Fields<'_, '_>, problems: &mut Vec<Problem>) -> Option<Self> {
        if probe.has("exec") {
            return None;
        }
        let action = Action::ALL.into_iter().find(|action| probe.has(action.field()))?;
        probe.map(action.field(), problems, |fields, problems| {
            let port = if action == Action::Grpc {
                let number = fields.int32("port", problems);
                number.map(|port| Written { value: IntOrString::Int(port.value), span: port.span })
            } else {
                fields.int_or_string("port", problems)
            };
            let port = port.unwrap_or(Written { value: IntOrString::Int(0), span: None });
            Some(Self { purpose, action, port, span: fields.span })
        })
    }

    /// The name of the port, where it is asked for by name.
    pub fn port_name(&self) -> Option<&str> {
        match &self.port.value {
            IntOrString::String(name) => Some(name),
            IntOrString::Int(_) => None,
        }
    }
}
