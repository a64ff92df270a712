//! The container ports that sets of pods declare, read once for all ports of Services that look for one among them.

use std::collections::BTreeMap;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use crate::kinds::pod::ContainerPort;
use crate::names::near::Words;
use crate::port::Protocol;

use super::{Context, words};

/// The ports of some sets of pods, each set by its place, that speak one protocol.
type Key<'c> = (Vec<u32>, &'c Protocol);

/// What sets of pods declare.
#[derive(Default)]
pub(super) struct Declarations<'c>(FxHashMap<Key<'c>, Rc<Declared<'c>>>);

/// The ports that some pods declare for a protocol.
pub(super) struct Declared<'c> {
    /// The first of each name.
    pub(super) names: BTreeMap<&'c str, &'c ContainerPort>,
    /// The names, to be looked up by what is nearly one.
    pub(super) words: Words<'c>,
    /// The first of each number.
    pub(super) numbers: BTreeMap<i32, &'c ContainerPort>,
}

impl<'c> Declarations<'c> {
    /// What some sets of pods declare for a protocol.
    pub(super) fn of(
        &mut self,
        context: Context<'c>,
        sets: Vec<u32>,
        protocol: &'c Protocol,
    ) -> Rc<Declared<'c>> {
        let declared = self.0.entry((sets, protocol));
        let key = declared.key().0.clone();
        let read = || {
            let sets = key.iter().map(|set| context.cluster.sets[*set as usize].spec(context.cluster));
            let ports = sets.flat_map(|spec| &spec.containers).flat_map(|container| &container.ports);
            let (mut names, mut numbers) = (BTreeMap::new(), BTreeMap::new());
            for port in ports.filter(|port| port.protocol.value == *protocol) {
                if words::is_port(port.port.value) {
                    numbers.entry(port.port.value).or_insert(port);
                }
                if !port.name.value.is_empty() {
                    names.entry(port.name.value.as_str()).or_insert(port);
                }
            }
            Rc::new(Declared { words: Words::new(names.keys().copied()), names, numbers })
        };
        Rc::clone(declared.or_insert_with(read))
    }
}
