//! Files that stand beside each other for different clusters.

use crate::source::Span;

use super::Context;

/// Whether two objects, by a place in each and their names, come from overlays of one thing, of which a cluster gets only
/// one: `overlays/dev/web.yaml` and `overlays/prod/web.yaml`.
pub(super) fn siblings(context: Context<'_>, (a, a_name): (Span, &str), (b, b_name): (Span, &str)) -> bool {
    const PARENTS: [&str; 8] =
        ["overlays", "overlay", "environments", "envs", "env", "clusters", "stages", "variants"];
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
    if a.file == b.file {
        return false;
    }
    let (left, right) = (context.file_name(a), context.file_name(b));
    let left: Vec<&str> = left.split('/').collect();
    let right: Vec<&str> = right.split('/').collect();
    let fork = left.iter().zip(&right).take_while(|(a, b)| a == b).count();
    // The paths part at a folder, not at the file.
    if fork + 1 >= left.len() || fork + 1 >= right.len() {
        return false;
    }
    let environment = |folder: &str| ENVIRONMENTS.contains(&folder);
    let same_file = left[fork + 1..] == right[fork + 1..] && a_name == b_name;
    same_file
        || (fork > 0 && PARENTS.contains(&left[fork - 1]))
        || (environment(left[fork]) && environment(right[fork]))
}
