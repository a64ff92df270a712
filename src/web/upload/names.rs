//! Names of uploaded files: relative, printable, each of its own.

use std::collections::HashMap;

/// Longer names are cut from the left, where the folders are.
const LONGEST: usize = 400;

/// Makes a name relative to what was given: no root, no drive, no `..`, no control characters.
pub(super) fn clean(name: &str) -> String {
    let printable: String = name
        .chars()
        .map(|c| if c == '\\' { '/' } else { c })
        .filter(|c| !c.is_control() && !turns_text_around(*c))
        .collect();
    let is_drive = |part: &str| part.len() == 2 && part.ends_with(':');
    let parts: Vec<_> = printable
        .split('/')
        .map(str::trim)
        .filter(|part| !matches!(*part, "" | "." | "..") && !is_drive(part))
        .collect();
    let clean = parts.join("/");
    let surplus = clean.chars().count().saturating_sub(LONGEST);
    let clean: String = clean.chars().skip(surplus).collect();
    if clean.is_empty() { "unnamed".to_owned() } else { clean }
}

/// Whether a file of this name is read where many come at once.
pub(crate) fn is_manifest(name: &str) -> bool {
    let extension = name.rsplit('/').next().unwrap_or(name).rsplit_once('.').map(|(_, extension)| extension);
    extension.is_some_and(|extension| {
        ["yaml", "yml", "json"].iter().any(|known| extension.eq_ignore_ascii_case(known))
    })
}

/// Gives names out once; with each, the number that its next namesake gets.
#[derive(Default)]
pub(crate) struct Names(HashMap<String, usize>);

impl Names {
    /// The name itself the first time, then `web (2).yaml`, `web (3).yaml`.
    pub(crate) fn distinct(&mut self, name: String) -> String {
        let Some(&first) = self.0.get(&name) else {
            self.0.insert(name.clone(), 2);
            return name;
        };
        let file = name.rfind('/').map_or(0, |slash| slash + 1);
        let dot = name[file..].rfind('.').filter(|&dot| dot > 0).map_or(name.len(), |dot| file + dot);
        let (stem, extension) = name.split_at(dot);
        let mut count = first;
        loop {
            let other = format!("{stem} ({count}){extension}");
            count += 1;
            if !self.0.contains_key(&other) {
                self.0.insert(other.clone(), 2);
                self.0.insert(name, count);
                return other;
            }
        }
    }
}

/// Unicode's direction marks, with which `lmay.yaml` can be made to look like another name.
fn turns_text_around(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_relative() {
        for (given, clean_name) in [
            ("web.yaml", "web.yaml"),
            ("shop/base/web.yaml", "shop/base/web.yaml"),
            ("/etc/passwd", "etc/passwd"),
            ("../../../etc/passwd", "etc/passwd"),
            ("a/../b.yaml", "a/b.yaml"),
            ("./a//b.yaml", "a/b.yaml"),
            ("C:\\Users\\me\\web.yaml", "Users/me/web.yaml"),
            ("\\\\host\\share\\web.yaml", "host/share/web.yaml"),
            ("we\u{0}b\n\u{1b}[31m.yaml", "web[31m.yaml"),
            ("\u{202e}lmay.bew", "lmay.bew"),
            ("größe.yaml", "größe.yaml"),
            ("..", "unnamed"),
            ("", "unnamed"),
        ] {
            assert_eq!(clean(given), clean_name, "{given}");
        }
        assert!(clean(&"é/".repeat(1000)).chars().count() <= LONGEST);
    }

    #[test]
    fn manifests_are_known_by_their_extension() {
        for name in ["a.yaml", "b/c.YML", "d.json", "e.b.yaml"] {
            assert!(is_manifest(name), "{name}");
        }
        for name in ["a", "README.md", "a.yaml/b", "yaml", "a.yaml.gz", "a.yaml.bak"] {
            assert!(!is_manifest(name), "{name}");
        }
    }

    #[test]
    fn a_name_is_given_once() {
        let mut names = Names::default();
        let given = ["a.yaml", "a.yaml", "a (2).yaml", "a.yaml", "b/.yaml", "b/.yaml", "c", "c", "-", "-"];
        let distinct: Vec<_> = given.into_iter().map(|name| names.distinct(name.to_owned())).collect();
        assert_eq!(
            distinct,
            [
                "a.yaml",
                "a (2).yaml",
                "a (2) (2).yaml",
                "a (3).yaml",
                "b/.yaml",
                "b/.yaml (2)",
                "c",
                "c (2)",
                "-",
                "- (2)"
            ]
        );
    }
}
