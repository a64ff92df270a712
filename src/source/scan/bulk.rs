//! What is read and not kept.

/// On the way to what nobody looks at: `metadata.managedFields[].fieldsV1`, the half of many a dump, in which anything may
/// stand. Its text is read as all other is, but no tree is made of it.
#[derive(Clone, Copy, Default)]
pub(super) struct Bulk {
    /// How deep the map stands in which `metadata` is; 0 where there is none.
    metadata: u8,
    /// The same of `managedFields`.
    managed: u8,
    pub(super) is_here: bool,
}

impl Bulk {
    /// The way on into a key's value, from a map that stands so deep.
    pub(super) fn into(self, key: &str, depth: u8) -> Self {
        match key.as_bytes() {
            b"metadata" => Self { metadata: depth, managed: 0, ..self },
            b"managedFields" if self.metadata > 0 && self.metadata + 1 == depth => {
                Self { managed: self.metadata, ..self }
            }
            b"managedFields" => Self { managed: 0, ..self },
            b"fieldsV1" if self.managed > 0 && self.managed + 2 == depth => Self { is_here: true, ..self },
            _ => self,
        }
    }
}
