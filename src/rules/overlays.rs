//! Services of sibling overlays, which may be meant for different clusters.

use crate::kinds::service::Service;
use crate::source::Span;

use super::Context;

/// Folders whose folders are overlays of one thing.
const PARENTS: [&str; 8] =
    ["overlays", "overlay", "environments", "envs", "env", "clusters", "stages", "variants"];

/// Folders that are overlays wherever they stand.
const ENVIRONMENTS: [&str; 17] = [
    "dev",
    "devel",
    "develop",
    "development",
    "test",
    "testing",
    "qa",
    "uat",
    "int",
    "integration",
    "stage",
    "staging",
    "preprod",
    "prod",
    "production",
    "local",
    "base",
];

/// Whether two Services come from overlays of one thing, of which a cluster gets only one: `overlays/dev/web.yaml` and
/// `overlays/prod/web.yaml`.
pub(super) fn siblings(context: Context<'_>, a: (&Service, Span), b: (&Service, Span)) -> bool {
    if a.1.file == b.1.file {
        return false;
    }
    let (left, right) = (context.file_name(a.1), context.file_name(b.1));
    let left: Vec<&str> = left.split('/').collect();
    let right: Vec<&str> = right.split('/').collect();
    let fork = left.iter().zip(&right).take_while(|(a, b)| a == b).count();
    // The paths part at a folder, not at the file.
    if fork + 1 >= left.len() || fork + 1 >= right.len() {
        return false;
    }
    let environment = |folder: &str| ENVIRONMENTS.contains(&folder);
    let same_file = left[fork + 1..] == right[fork + 1..] && a.0.meta.name.value == b.0.meta.name.value;
    same_file
        || (fork > 0 && PARENTS.contains(&left[fork - 1]))
        || (environment(left[fork]) && environment(right[fork]))
}
