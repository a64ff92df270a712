//! What one object says of another, as data. Nothing is looked up here: only `wiring` looks things up.

/// What an object points at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target<'k> {
    /// A port of a Service in its own namespace.
    ServicePort {
        /// The Service's name.
        service: &'k str,
        /// Its port; `None` where none is written.
        port: Option<PortRef<'k>>,
    },
    /// An object of another kind, which the controller alone knows.
    Resource {
        /// Its kind.
        kind: &'k str,
        /// Its name.
        name: &'k str,
    },
}

/// How a port of a Service is meant: by its number or by its name, never by where it leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PortRef<'k> {
    /// By `port`.
    Number(i32),
    /// By `name`.
    Name(&'k str),
}

impl std::fmt::Display for PortRef<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Name(name) => f.write_str(name),
        }
    }
}
