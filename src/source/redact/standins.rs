//! Stand-ins for names: whoever shares may keep those back, too.
//!
//! Names are replaced in masked text, each by the same stand-in wherever it stands, so that everything that was wired by a
//! name still is. What a name is made of stays: a host's domains, a pod's number at the end.

mod visit;

use std::collections::{BTreeMap, BTreeSet};

use super::paper;
use crate::names::ip::{is_cidr, parse_ip};
use crate::source::{FileId, SourceFile, Span, Style};
use visit::{Sort, visit};

/// The names of an upload, each with its stand-in.
#[derive(Debug, Default)]
pub struct Standins {
    words: BTreeMap<String, String>,
    /// The stand-ins alone.
    given: BTreeSet<String>,
    hashes: BTreeSet<String>,
}

/// The hosts and namespaces that masked text keeps, each once, in order.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Places {
    /// Names of hosts, nodes among them.
    pub hosts: Vec<String>,
    /// Names of namespaces.
    pub namespaces: Vec<String>,
}

/// Words that everybody has, and that Kubernetes gives a meaning.
const COMMON: &[&str] = &[
    "",
    "*",
    "masked",
    "default",
    "kube-system",
    "kube-public",
    "kube-node-lease",
    "kubernetes",
    "svc",
    "cluster",
    "local",
    "pod",
    "com",
    "net",
    "org",
    "io",
    "dev",
    "internal",
    "localhost",
    "k8s",
    "system",
    // Who keeps a slice.
    "endpointslice-controller",
    "endpointslicemirroring-controller",
    // No address at all.
    "None",
    "true",
    "false",
];

/// The most digits of a number that says which of several things one is, as at the end of a pod's name, or a version; a
/// longer one may be a customer's.
const MOST_DIGITS: usize = 3;

/// How many letters Kubernetes makes up for a pod's name, after the hash.
const POD: usize = 5;

/// What stands between the names in a text, and between the parts of a name.
const BETWEEN_NAMES: [char; 3] = ['/', ',', ' '];
const BETWEEN_PARTS: [char; 5] = ['.', ':', '/', ',', ' '];

impl Standins {
    /// Gives every name in masked files a stand-in.
    pub fn new(masked: &[SourceFile]) -> Self {
        let mut standins = Self::default();
        let mut names: Vec<(Sort, String)> = Vec::new();
        for (id, file) in masked.iter().enumerate() {
            visit(id as u32, file, &mut |sort, text, _| {
                if sort == Sort::Hash {
                    standins.hashes.insert(text.to_owned());
                } else {
                    names.push((sort, text.to_owned()));
                }
            });
        }
        let parts =
            names.iter().flat_map(|(sort, name)| standins.own_parts(*sort, name).map(|part| (*sort, part)));
        let mut parts: Vec<(Sort, String)> = parts.map(|(sort, part)| (sort, part.to_owned())).collect();
        // A word that is several things is first what comes first.
        parts.sort_by_key(|(sort, _)| *sort);
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        let mut words = BTreeMap::new();
        for (sort, part) in parts {
            let count = counts.entry(sort.word()).or_default();
            words.entry(part).or_insert_with(|| {
                *count += 1;
                format!("{}-{}", sort.word(), letters(*count))
            });
        }
        Self { given: words.values().cloned().collect(), words, ..standins }
    }

    /// What stands in for a name.
    pub fn word(&self, name: &str) -> String {
        let mut word = String::with_capacity(name.len());
        for (part, after) in parts(name) {
            let (base, number) = self.base(part);
            word.push_str(self.words.get(base).map_or(base, String::as_str));
            word.push_str(number);
            word.push_str(after);
        }
        word
    }

    /// A masked text with its names replaced, line for line; `None` where one cannot be.
    pub fn replace(&self, id: FileId, file: &SourceFile) -> Option<String> {
        let mut edits: Vec<(Span, String)> = Vec::new();
        visit(id, file, &mut |sort, text, span| {
            if sort == Sort::Number {
                // Nobody reads a number where a name belongs, so any other says as much.
                return edits.push((span, "0".to_owned()));
            }
            let own = sort.own(text);
            let word = self.word(own) + &text[own.len()..];
            if word != text {
                let is_quoted = file.text()[span.start as usize..].starts_with(['"', '\'']);
                let style = if is_quoted { Style::DoubleQuoted } else { Style::Plain };
                edits.push((span, paper::string(&word, style, false)));
            }
        });
        edits.sort_by_key(|(span, _)| (span.start, span.end));
        edits.dedup_by_key(|(span, _)| *span);
        let mut text = String::with_capacity(file.text().len());
        let mut end = 0;
        for (span, word) in edits {
            text.push_str(file.text().get(end..span.start as usize)?);
            text.push_str(&word);
            end = span.end as usize;
        }
        text.push_str(file.text().get(end..)?);
        // Whatever was not replaced as meant would still be there.
        let replaced = SourceFile::new(file.name.clone(), text.clone().into_bytes());
        let mut stays = false;
        visit(id, &replaced, &mut |sort, text, _| {
            let mut own = self.own_parts(sort, text);
            stays |= own.any(|part| self.words.contains_key(part) && !self.given.contains(part));
        });
        (!stays).then_some(text)
    }

    /// The parts of a name that are somebody's own.
    fn own_parts<'n>(&self, sort: Sort, name: &'n str) -> impl Iterator<Item = &'n str> {
        let parts = parts(sort.own(name)).map(|(part, _)| self.base(part).0);
        parts.filter(|part| !COMMON.contains(part) && !is_small(part))
    }

    /// A name without what stands at its end: a hash and what follows it, or numbers, the last of which says which of a
    /// `StatefulSet`'s pods it is.
    fn base<'p>(&self, part: &'p str) -> (&'p str, &'p str) {
        if self.hashes.contains(part) {
            return ("", part);
        }
        let mut dashes = part.match_indices('-').map(|(at, _)| at).filter(|at| *at > 0);
        let is_hash = |at: &usize| {
            let rest = &part[at + 1..];
            let (hash, pod) = rest.split_once('-').unwrap_or((rest, ""));
            self.hashes.contains(hash) && pod.len() <= POD
        };
        if let Some(at) = dashes.find(is_hash) {
            return part.split_at(at);
        }
        let mut base = part;
        while let Some((shorter, number)) = base.rsplit_once('-') {
            if shorter.is_empty() || number.is_empty() || !is_small(number) {
                break;
            }
            base = shorter;
        }
        part.split_at(base.len())
    }
}

/// The hosts and namespaces of masked files.
pub fn places(masked: &[SourceFile]) -> Places {
    let mut places = Places::default();
    for (id, file) in masked.iter().enumerate() {
        visit(id as u32, file, &mut |sort, text, _| match sort {
            Sort::Host if !are_addresses(text) => places.hosts.push(text.to_owned()),
            Sort::Node => places.hosts.push(text.to_owned()),
            Sort::Namespace => places.namespaces.push(text.to_owned()),
            _ => {}
        });
    }
    for names in [&mut places.hosts, &mut places.namespaces] {
        names.retain(|name| !name.is_empty() && name != super::MASK);
        names.sort();
        names.dedup();
    }
    places
}

/// The parts of a name, each with what stands after it; an address stands after a part that is empty.
fn parts(name: &str) -> impl Iterator<Item = (&str, &str)> {
    name.split_inclusive(BETWEEN_NAMES).flat_map(|piece| {
        let is_address = parse_ip(piece.trim_end_matches(BETWEEN_NAMES)).is_some();
        let parts = piece.split_inclusive(move |c| !is_address && BETWEEN_PARTS.contains(&c));
        parts.map(move |part| {
            part.split_at(if is_address { 0 } else { part.trim_end_matches(BETWEEN_PARTS).len() })
        })
    })
}

/// Addresses, ranges of them, or what says that there is none.
fn are_addresses(text: &str) -> bool {
    text.split(',').map(str::trim).all(|one| one == "None" || parse_ip(one).is_some() || is_cidr(one))
}

/// Whether a text is a number that says nothing of anybody, or is empty.
fn is_small(text: &str) -> bool {
    text.len() <= MOST_DIGITS && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// `a` to `z`, `aa` and so on.
fn letters(mut number: usize) -> String {
    let mut letters = Vec::new();
    while number > 0 {
        letters.push(char::from(b'a' + ((number - 1) % 26) as u8));
        number = (number - 1) / 26;
    }
    letters.iter().rev().collect()
}
