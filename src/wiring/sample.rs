//! Clusters for tests, from a few lines of YAML.

use crate::cluster::Cluster;
use crate::kinds::{self, Reading};
use crate::source::SourceFile;
use crate::source::split::{Content, How, Part, read};

/// The cluster that a text describes.
pub(super) fn cluster(text: &str) -> Cluster {
    let file = SourceFile::new("-", text.as_bytes().to_vec());
    let readings = read(0, &file, How::default(), |part| match part {
        Part::Document(document) => match document.content {
            Content::Tree(root) => kinds::read(&root).readings,
            _ => Vec::new(),
        },
        Part::Item { list, item } => kinds::read_item(list, &item).readings,
    });
    let objects = readings.into_iter().flatten().filter_map(|reading| match reading {
        Reading::Object(object) => Some(object),
        _ => None,
    });
    Cluster::new(objects.collect(), None)
}
