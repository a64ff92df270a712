//! What is the matter with an upload, in numbers alone: pictures of it go where no name of it should.

/// How many Services there are, and what is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// All Services.
    pub services: usize,
    /// Services and what routes to them, with an error.
    pub broken: usize,
    /// The others of them, with a warning.
    pub partly: usize,
    /// All errors, whatever they are about.
    pub errors: usize,
    /// All warnings.
    pub warnings: usize,
}

/// How an upload is, in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Health {
    /// Nothing is wrong.
    Good,
    /// Something may be wrong.
    Doubtful,
    /// Something is wrong.
    Bad,
}

impl Health {
    /// Its shape in 12 by 12 pixels, to be stroked: a tick, a triangle or a cross.
    pub fn shape(self) -> &'static str {
        match self {
            Self::Good => "M1.5 6.5l3 3l6-7",
            Self::Doubtful => "M6 1.5l5 9h-10zM6 5v2.5",
            Self::Bad => "M2 2l8 8m0-8l-8 8",
        }
    }
}

impl Tally {
    /// How it is, and the number that says so.
    pub fn verdict(&self) -> (Health, String) {
        if self.broken > 0 {
            return (Health::Bad, format!("{} broken", self.broken));
        }
        if self.errors > 0 {
            return (Health::Bad, counted(self.errors, "error"));
        }
        if self.warnings > 0 {
            return (Health::Doubtful, counted(self.warnings, "warning"));
        }
        (Health::Good, "none broken".to_owned())
    }

    /// `12 services`
    pub fn of_services(&self) -> String {
        counted(self.services, "service")
    }

    /// `12 services · 1 broken`
    pub fn sentence(&self) -> String {
        format!("{} \u{b7} {}", self.of_services(), self.verdict().1)
    }
}

/// `1 error`, `2 errors`.
fn counted(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_is_said() {
        let all = Tally { services: 12, broken: 1, partly: 2, errors: 3, warnings: 4 };
        for (tally, health, said) in [
            (all, Health::Bad, "12 services \u{b7} 1 broken"),
            (Tally { broken: 0, ..all }, Health::Bad, "12 services \u{b7} 3 errors"),
            (Tally { broken: 0, errors: 0, ..all }, Health::Doubtful, "12 services \u{b7} 4 warnings"),
            (Tally { services: 1, ..Tally::default() }, Health::Good, "1 service \u{b7} none broken"),
        ] {
            assert_eq!((tally.verdict().0, tally.sentence().as_str()), (health, said));
        }
    }
}
