//! Addresses for uploads that have none: manifests on disk know no node, no pod and no cluster IP.
//!
//! They are the ones of the note that Podwire began from: a laptop and a node in one network, pods in another.

use super::Face;

/// The laptop's address.
pub const LAPTOP: &str = "192.168.1.10";
/// The node's address, in the laptop's network.
pub const NODE: &str = "192.168.1.2";
/// The pods' network.
pub const POD_NETWORK: &str = "10.244.0.0/16";

/// The address of the pod of a number, counted from 0.
pub fn pod(number: u64) -> String {
    let host = number + 2;
    format!("10.244.{}.{}", (host >> 8) & 0xff, host & 0xff)
}

/// The cluster IP of the Service of a number, counted from 0.
pub fn cluster_ip(number: usize) -> String {
    let host = number + 11;
    format!("10.96.{}.{}", (host >> 8) & 0xff, host & 0xff)
}

/// An address and how it is set: the real one, else an example.
pub fn or_example(real: Option<&str>, example: impl FnOnce() -> String) -> (String, Face) {
    real.map_or_else(|| (example(), Face::Example), |real| (real.to_owned(), Face::Mono))
}

#[cfg(test)]
mod tests {
    #[test]
    fn addresses_stay_in_their_networks() {
        assert_eq!(super::pod(0), "10.244.0.2");
        assert_eq!(super::pod(300), "10.244.1.46");
        assert_eq!(super::cluster_ip(0), "10.96.0.11");
    }
}
