//! What is timed: manifests by name, made from a seed, so that the same name is the same bytes everywhere.
//!
//! `cargo bench --bench stages -- --write FOLDER` writes them as files.

#[path = "generate/boutique.rs"]
mod boutique;
#[path = "generate/dump.rs"]
mod dump;
#[path = "generate/extremes.rs"]
mod extremes;
#[path = "generate/kyaml.rs"]
mod kyaml;
#[path = "generate/pods.rs"]
mod pods;

use std::path::{Path, PathBuf};

const SEED: u64 = 1;
/// Namespaces over which Services are spread, as a company's teams.
const TEAMS: usize = 50;

/// What every stage is timed on.
pub(crate) const INPUTS: [&str; 14] = [
    "seed",
    "boutique",
    "boutique-real",
    "pods-100",
    "pods-1000",
    "pods-10000",
    "dump-100",
    "kyaml-1000",
    "one-selects-all",
    "all-select-one",
    "ports",
    "namespaces",
    "equal-labels",
    "broken-names",
];

/// What is written besides, for whole processes.
const LARGE: [&str; 3] = ["boutique-1000", "limits", "dump-1000"];

/// The manifests of a name. Only of a real file, which may not be there, there are none.
///
/// A number is the Services': `pods-100` has ten Pods for each. `limits` are 10,000 Services and 150,000 Pods, as many as
/// Kubernetes is tested with.
pub(crate) fn text(name: &str) -> Option<String> {
    let (sort, services) = match name.rsplit_once('-') {
        Some((sort, number)) => number.parse().map_or((name, 0), |number: usize| (sort, number)),
        None => (name, 0),
    };
    Some(match sort {
        "seed" => include_str!("../static/examples/node-port.yaml").to_owned(),
        "boutique" => boutique::boutique(if services == 0 { 12 } else { services }, SEED),
        "boutique-real" => return real(),
        "pods" => pods::pods(services, services * 10),
        "limits" => pods::pods(10_000, 150_000),
        "dump" => dump::dump(services, services * 10, SEED),
        "kyaml" => kyaml::kyaml(services),
        "one-selects-all" => extremes::one_selects_all(100_000),
        "all-select-one" => extremes::all_select_one(10_000),
        "ports" => extremes::ports(5_000),
        "namespaces" => extremes::namespaces(1_000),
        "equal-labels" => extremes::equal_labels(300),
        "broken-names" => extremes::broken_names(1_000),
        _ => return None,
    })
}

/// Writes everything that can be made, and answers where.
pub(crate) fn write(folder: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    for name in INPUTS.into_iter().chain(LARGE) {
        if let Some(text) = text(name) {
            std::fs::write(folder.join(name).with_extension("yaml"), text)?;
        }
    }
    Ok(())
}

/// Online Boutique itself, which is not ours to copy: `$PODWIRE_CORPUS`, or a folder beside the repository.
fn real() -> Option<String> {
    const NAME: &str = "GoogleCloudPlatform+microservices-demo/release/kubernetes-manifests.yaml";
    let named = std::env::var_os("PODWIRE_CORPUS").map(PathBuf::from);
    let folder = named.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus"));
    let text = std::fs::read_to_string(folder.join(NAME)).ok();
    if text.is_none() {
        eprintln!("SKIPPED: there is no {NAME} in {}; set PODWIRE_CORPUS", folder.display());
    }
    text
}

/// A small generator of numbers (`SplitMix64`), so that the manifests need no crate and never change.
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % limit
    }
}
