//! Addresses for uploads that have none: manifests on disk know no node, no pod and no cluster IP.
//!
//! They are the ones of the note that Podwire began from: a laptop and a node in one network, pods in another.

use core::net::IpAddr;

use super::Face;
use crate::kinds::service::Service;
use crate::wiring::Families;

/// The laptop's address.
pub fn laptop(v6: bool) -> &'static str {
    if v6 { "fd00::10" } else { "192.168.1.10" }
}

/// The node's address, in the laptop's network.
pub fn node(v6: bool) -> &'static str {
    if v6 { "fd00::2" } else { "192.168.1.2" }
}

/// The pods' network.
pub fn pod_network(v6: bool) -> &'static str {
    if v6 { "fd00:10:244::/64" } else { "10.244.0.0/16" }
}

/// The address of the pod of a number, counted from 0.
pub fn pod(number: u64, v6: bool) -> String {
    let host = number + 2;
    if v6 {
        return format!("fd00:10:244::{:x}", host & 0xffff);
    }
    format!("10.244.{}.{}", (host >> 8) & 0xff, host & 0xff)
}

/// The cluster IP of the Service of a number, counted from 0.
pub fn cluster_ip(number: usize, v6: bool) -> String {
    let host = number + 11;
    if v6 {
        return format!("fd00:10:96::{:x}", host & 0xffff);
    }
    format!("10.96.{}.{}", (host >> 8) & 0xff, host & 0xff)
}

/// The number of the pod that an address is the example of.
pub fn pod_of(ip: IpAddr) -> Option<u64> {
    let number = u64::from(last(ip)).checked_sub(2)?;
    (pod(number, ip.is_ipv6()).parse() == Ok(ip)).then_some(number)
}

/// The number of the Service that an address is the example of.
pub fn service_of(ip: IpAddr) -> Option<usize> {
    let number = usize::from(last(ip)).checked_sub(11)?;
    (cluster_ip(number, ip.is_ipv6()).parse() == Ok(ip)).then_some(number)
}

/// The part of an address that counts.
fn last(ip: IpAddr) -> u16 {
    match ip {
        IpAddr::V4(ip) => u16::from_be_bytes([ip.octets()[2], ip.octets()[3]]),
        IpAddr::V6(ip) => ip.segments()[7],
    }
}

/// Whether a Service has IPv6 addresses only, and so its examples must be such.
pub fn is_only_v6(service: &Service) -> bool {
    Families::of(service) == Families { v4: false, v6: true }
}

/// The virtual addresses of a Service: its own, else examples of its families, the first of them first.
pub fn cluster_ips(service: &Service, number: usize) -> Vec<(String, Face)> {
    let real: Vec<_> = service.virtual_ips().map(|ip| (ip.to_owned(), Face::Mono)).collect();
    if !real.is_empty() {
        return real;
    }
    let families = Families::of(service);
    let v6_first = service.ip_families.first().is_some_and(|family| family.value == "IPv6");
    let asked = [v6_first, !v6_first].into_iter().filter(|v6| if *v6 { families.v6 } else { families.v4 });
    asked.map(|v6| (cluster_ip(number, v6), Face::Example)).collect()
}

/// An address and how it is set: the real one, else an example.
pub fn or_example(real: Option<&str>, example: impl FnOnce() -> String) -> (String, Face) {
    real.map_or_else(|| (example(), Face::Example), |real| (real.to_owned(), Face::Mono))
}

#[cfg(test)]
mod tests {
    #[test]
    fn an_example_is_known_again() {
        for v6 in [false, true] {
            for number in [0, 5, 300, 65_000] {
                assert_eq!(super::pod_of(super::pod(number, v6).parse().expect("an address")), Some(number));
                let ip = super::cluster_ip(number as usize, v6).parse().expect("an address");
                assert_eq!(super::service_of(ip), Some(number as usize));
            }
        }
        for other in ["10.244.0.1", "10.97.0.12", "fd00:10:244:1::2", "192.168.1.2"] {
            let ip = other.parse().expect("an address");
            assert_eq!((super::pod_of(ip), super::service_of(ip)), (None, None), "{other}");
        }
    }

    #[test]
    fn addresses_stay_in_their_networks() {
        assert_eq!(super::pod(0, false), "10.244.0.2");
        assert_eq!(super::pod(300, false), "10.244.1.46");
        assert_eq!(super::pod(300, true), "fd00:10:244::12e");
        assert_eq!(super::cluster_ip(0, false), "10.96.0.11");
        assert_eq!(super::cluster_ip(5, true), "fd00:10:96::10");
    }
}
