//! IP addresses and networks.

use std::net::IpAddr;

/// A network, such as `203.0.113.0/24`; a bare address is the network of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    /// How many of its leading bits count.
    bits: u32,
}

impl Network {
    /// Reads an address or a network in CIDR form.
    pub fn parse(text: &str) -> Option<Self> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits)),
            None => (text, None),
        };
        let address: IpAddr = address.trim().parse().ok()?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = match bits {
            Some(bits) if bits.bytes().all(|byte| byte.is_ascii_digit()) => bits.parse().ok()?,
            Some(_) => return None,
            None => most,
        };
        (bits <= most).then_some(Self { address, bits })
    }

    /// The first and the last address.
    pub(crate) fn ends(&self) -> (IpAddr, IpAddr) {
        match self.address {
            IpAddr::V4(it) => {
                let inside = u32::MAX.checked_shr(self.bits).unwrap_or(0);
                let first = it.to_bits() & !inside;
                (
                    IpAddr::V4(first.into()),
                    IpAddr::V4((first | inside).into()),
                )
            }
            IpAddr::V6(it) => {
                let inside = u128::MAX.checked_shr(self.bits).unwrap_or(0);
                let first = it.to_bits() & !inside;
                (
                    IpAddr::V6(first.into()),
                    IpAddr::V6((first | inside).into()),
                )
            }
        }
    }

    /// Whether all of `other` lies inside. Networks of different families share nothing.
    pub fn contains(&self, other: &Self) -> bool {
        let differing = match (self.address, other.address) {
            (IpAddr::V4(one), IpAddr::V4(two)) => (one.to_bits() ^ two.to_bits()).leading_zeros(),
            (IpAddr::V6(one), IpAddr::V6(two)) => (one.to_bits() ^ two.to_bits()).leading_zeros(),
            _ => return false,
        };
        self.bits <= other.bits && differing >= self.bits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_holds_its_addresses() {
        for (network, address, expected) in [
            ("0.0.0.0/0", "203.0.113.7", true),
            ("0.0.0.0/0", "2001:db8::1", false),
            ("::/0", "2001:db8::1", true),
            ("::/0", "203.0.113.7", false),
            ("203.0.113.0/24", "203.0.113.255", true),
            ("203.0.113.0/24", "203.0.114.0", false),
            ("203.0.113.99/24", "203.0.113.1", true),
            ("203.0.113.7", "203.0.113.7", true),
            ("203.0.113.7", "203.0.113.6", false),
            ("2001:DB8:1234::/48", "2001:db8:1234:0:0::5", true),
            ("203.0.113.0/24", "203.0.113.0/25", true),
            ("203.0.113.0/25", "203.0.113.0/24", false),
        ] {
            let of = |text| Network::parse(text).unwrap();
            assert_eq!(
                of(network).contains(&of(address)),
                expected,
                "{network} {address}"
            );
        }
    }

    #[test]
    fn what_is_no_network_is_none() {
        for text in [
            "",
            "1.2.3",
            "1.2.3.4/33",
            "::/129",
            "1.2.3.4/",
            "1.2.3.4/+8",
            "1.2.3.4/8/8",
            "host",
            "256.0.0.1",
        ] {
            assert_eq!(Network::parse(text), None, "{text}");
        }
    }
}
