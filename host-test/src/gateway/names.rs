//! From names to addresses: a name of Meta's never leads into the operator's own network, whoever answers for it.

use std::collections::HashSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// How long a connection may take to come about. Shorter than the default time-out of a request, so that a dead network is
/// reported as "nothing was sent".
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

type Answer = BoxFuture<'static, std::io::Result<Vec<IpAddr>>>;

/// How the built-in client reaches the network.
#[derive(Clone)]
pub struct NetworkOptions {
    pub(super) connect_timeout: Duration,
    own_names: HashSet<String>,
    look_up: Arc<dyn Fn(String) -> Answer + Send + Sync>,
}

impl Default for NetworkOptions {
    fn default() -> Self {
        Self {
            connect_timeout: CONNECT_TIMEOUT,
            own_names: HashSet::new(),
            look_up: Arc::new(|name| of_this_system(name).boxed()),
        }
    }
}

impl NetworkOptions {
    /// How long a connection may take to come about, name and TLS included. Default: 10 s. What takes longer is reported as "nothing was
    /// sent", so it should be less than the time-out of a request.
    #[must_use]
    pub fn connect_timeout(mut self, limit: Duration) -> Self {
        self.connect_timeout = limit;
        self
    }

    pub(crate) fn no_slower_than(mut self, limit: Duration) -> Self {
        self.connect_timeout = self.connect_timeout.min(limit);
        self
    }

    /// Lets this name lead to any address. Every other name has to lead to a public one: not to this machine, a private network, a link-local
    /// address (where clouds keep their metadata) or the like. [`HostBuilder`](crate::HostBuilder) does it for the names in the base URLs that
    /// were allowed by hand.
    #[must_use]
    pub fn own_name(mut self, name: impl Into<String>) -> Self {
        self.own_names.insert(name.into().to_ascii_lowercase());
        self
    }

    /// Asks this for the addresses of a name, in place of the operating system.
    #[must_use]
    pub fn look_up<F>(
        mut self,
        answer: impl Fn(String) -> F + Clone + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = std::io::Result<Vec<IpAddr>>> + Send + 'static,
    {
        self.look_up = Arc::new(move |name| answer(name).boxed());
        self
    }

    async fn addresses(self, name: String) -> Result<Addrs, LookUpError> {
        let found = (self.look_up)(name.clone()).await;
        let found = found.map_err(|problem| LookUpError::NotFound(problem.to_string()))?;
        let is_own = self.own_names.contains(&name.to_ascii_lowercase());
        let (good, bad): (Vec<_>, Vec<_>) = found
            .into_iter()
            .partition(|address| is_own || is_public(*address));
        match (good.is_empty(), bad.first()) {
            (true, Some(address)) => Err(LookUpError::NotPublic {
                name,
                address: *address,
            }),
            (true, None) => Err(LookUpError::NotFound("it has no address".to_owned())),
            // The port is that of the URL.
            _ => Ok(Box::new(
                good.into_iter().map(|address| SocketAddr::new(address, 0)),
            )),
        }
    }
}

impl std::fmt::Debug for NetworkOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NetworkOptions")
            .field("connect_timeout", &self.connect_timeout)
            .field("own_names", &self.own_names)
            .finish_non_exhaustive()
    }
}

impl Resolve for NetworkOptions {
    fn resolve(&self, name: Name) -> Resolving {
        let addresses = self.clone().addresses(name.as_str().to_owned());
        Box::pin(async move { addresses.await.map_err(Into::into) })
    }
}

/// Why a name leads nowhere.
#[derive(Debug, thiserror::Error)]
pub(super) enum LookUpError {
    #[error("the name was not found: {0}")]
    NotFound(String),
    #[error(
        "the name {name} leads to {address}, which is not a public address; if that is a gateway of your own, start the host with its base URL \
         allowed (`allow_base_url`, or WHATSAPP_BASE_URL), else look for who answers for the name"
    )]
    NotPublic { name: String, address: IpAddr },
}

async fn of_this_system(name: String) -> std::io::Result<Vec<IpAddr>> {
    let found = tokio::net::lookup_host((name, 0)).await?;
    Ok(found.map(|address| address.ip()).collect())
}

/// Whether an address belongs to the public internet. Source: IANA's registries of special-purpose addresses.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let special = match address.octets() {
        // This network; shared address space of carriers; protocol assignments; benchmarks; multicast, reserved and broadcast.
        [0 | 224.., ..] | [100, 64..=127, ..] | [192, 0, 0, _] | [198, 18 | 19, ..] => true,
        _ => {
            address.is_loopback()
                || address.is_private()
                || address.is_link_local()
                || address.is_documentation()
        }
    };
    !special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let v4 = |high: u16, low: u16| {
        let [[a, b], [c, d]] = [high.to_be_bytes(), low.to_be_bytes()];
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match address.segments() {
        // An IPv4 address: written as IPv6, behind NAT64, or behind 6to4.
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => v4(high, low),
        [0x2002, high, low, ..] => v4(high, low),
        // Teredo and other protocol assignments; documentation.
        [0x2001, 0..=0x1ff | 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => false,
        // Everything global is in 2000::/3; the rest is this machine, local networks, multicast, or nobody's.
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_this_machine_and_of_its_networks_are_not_public() {
        for address in [
            "127.0.0.1",
            "127.255.0.3",
            "0.0.0.0",
            "10.0.0.1",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "192.0.0.170",
            "192.0.2.1",
            "198.18.0.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b:1::1",
            "2002:7f00:1::",
            "2001::1",
            "2001:db8::1",
            "fc00::1",
            "fd12:3456::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert!(!is_public(address.parse().unwrap()), "{address}");
        }
    }

    #[test]
    fn addresses_of_the_internet_are_public() {
        for address in [
            "157.240.1.35",
            "172.32.0.1",
            "100.128.0.1",
            "11.0.0.1",
            "2a03:2880:f12f:83:face:b00c:0:25de",
            "64:ff9b::9df0:123",
            "::ffff:157.240.1.35",
        ] {
            assert!(is_public(address.parse().unwrap()), "{address}");
        }
    }

    fn leading_to(addresses: &'static [&'static str]) -> NetworkOptions {
        NetworkOptions::default().look_up(move |_| async move {
            Ok(addresses
                .iter()
                .map(|address| address.parse().unwrap())
                .collect())
        })
    }

    async fn addresses(options: NetworkOptions, name: &str) -> Result<Vec<String>, String> {
        let found = options.addresses(name.to_owned()).await;
        let found = found.map_err(|problem| problem.to_string())?;
        Ok(found.map(|address| address.ip().to_string()).collect())
    }

    #[tokio::test]
    async fn of_several_addresses_only_the_public_ones_are_used() {
        let options = leading_to(&["127.0.0.1", "157.240.1.35", "fd00::1"]);
        let found = addresses(options, "graph.facebook.com").await;
        assert_eq!(found, Ok(vec!["157.240.1.35".to_owned()]));
    }

    #[tokio::test]
    async fn a_name_that_leads_inside_is_refused_unless_it_was_allowed_by_hand() {
        let options = leading_to(&["169.254.169.254"]);
        let text = addresses(options.clone(), "graph.facebook.com")
            .await
            .unwrap_err();
        assert!(
            text.contains("graph.facebook.com leads to 169.254.169.254")
                && text.contains("WHATSAPP_BASE_URL"),
            "{text}"
        );
        let allowed = options.own_name("Gateway.Example");
        let found = addresses(allowed.clone(), "gateway.example").await;
        assert_eq!(found, Ok(vec!["169.254.169.254".to_owned()]));
        assert!(addresses(allowed, "graph.facebook.com").await.is_err());
    }

    #[tokio::test]
    async fn a_name_without_addresses_is_not_found() {
        let text = addresses(leading_to(&[]), "graph.facebook.com").await;
        assert!(text.unwrap_err().contains("not found"));
    }
}
