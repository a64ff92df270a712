//! Port numbers, protocols and target ports, as Kubernetes writes them.

use std::fmt;

use crate::names::Short;

/// The protocol of a port. The names are case-sensitive; omitted means TCP.
///
/// <https://kubernetes.io/docs/reference/networking/service-protocols/>
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Protocol {
    /// `TCP`, the default.
    #[default]
    Tcp,
    /// `UDP`.
    Udp,
    /// `SCTP`.
    Sctp,
    /// Anything else, which Kubernetes refuses; kept as written.
    Other(Box<Short>),
}

/// Where a Service sends traffic on the pod: a number, or a container port's name.
///
/// A name is looked up on every selected pod, so one Service can reach different numbers.
/// <https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports>
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum TargetPort {
    /// Goes straight to this number; the container need not declare it.
    Number(i32),
    /// Goes to the container port of this name and the same protocol.
    Name(Short),
}

/// The node ports that Kubernetes hands out unless the API server's flag says otherwise.
///
/// <https://kubernetes.io/docs/concepts/services-networking/service/#type-nodeport>
pub const NODE_PORT_RANGE: std::ops::RangeInclusive<i32> = 30000..=32767;

impl Protocol {
    /// Reads the protocol as written; an empty one is TCP.
    pub fn new(text: &str) -> Self {
        match text {
            "" | "TCP" => Self::Tcp,
            "UDP" => Self::Udp,
            "SCTP" => Self::Sctp,
            other => Self::Other(Box::new(other.into())),
        }
    }

    /// As Kubernetes spells it.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Tcp => "TCP",
            Self::Udp => "UDP",
            Self::Sctp => "SCTP",
            Self::Other(text) => text,
        }
    }
}

impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl TargetPort {
    /// The name, where it is one.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Number(_) => None,
            Self::Name(name) => Some(name),
        }
    }
}

impl fmt::Display for TargetPort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Name(name) => f.write_str(name),
        }
    }
}
