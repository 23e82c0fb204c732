//! The HTTPS client: proxies from the environment, and the certificates of `AWS_CA_BUNDLE`.
//!
//! The SDK's own default client knows the proxy variables but not the bundle, and panics on a
//! certificate that it cannot read; so the bundle is read and checked here.

use std::path::Path;

use aws_sdk_iam::config::SharedHttpClient;
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use aws_smithy_http_client::{Builder, ConnectorBuilder};
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use crate::source::{ExitCode, Problem};

/// Builds the client. As with the AWS CLI, a bundle stands in for the system's certificates.
pub(super) fn client(
    bundle: Option<&Path>,
    proxy: ProxyConfig,
) -> Result<SharedHttpClient, Problem> {
    let trust = match bundle {
        Some(path) => read_bundle(path)?,
        None => TrustStore::default(),
    };
    let tls = TlsContext::builder()
        .with_trust_store(trust)
        .build()
        .map_err(|error| Problem::new("cannot set up TLS", error.to_string()))?;
    let client = Builder::new().build_with_connector_fn(move |settings, components| {
        let mut connector = ConnectorBuilder::default()
            .tls_provider(Provider::Rustls(CryptoMode::AwsLc))
            .tls_context(tls.clone())
            .proxy_config(proxy.clone());
        connector.set_connector_settings(settings.cloned());
        if let Some(components) = components {
            connector.set_sleep_impl(components.sleep_impl());
        }
        connector.build()
    });
    Ok(client)
}

fn read_bundle(path: &Path) -> Result<TrustStore, Problem> {
    let bad = |why: String| {
        Problem::new(
            format!("cannot use the certificates in {}", path.display()),
            why,
        )
        .next("Let AWS_CA_BUNDLE (or ca_bundle of the profile) name a file of PEM certificates.")
        .next("`iamscope --demo` needs no connection.")
        .exit(ExitCode::Usage)
    };
    let pem = std::fs::read(path).map_err(|error| bad(error.to_string()))?;
    check(&pem).map_err(bad)?;
    Ok(TrustStore::empty().with_pem_certificate(pem))
}

/// Reads the certificates as the client will, which has no way to report a bad one.
fn check(pem: &[u8]) -> Result<(), String> {
    let mut roots = RootCertStore::empty();
    for (n, certificate) in CertificateDer::pem_slice_iter(pem).enumerate() {
        certificate
            .map_err(|error| error.to_string())
            .and_then(|der| roots.add(der).map_err(|error| error.to_string()))
            .map_err(|error| format!("certificate {}: {error}", n + 1))?;
    }
    if roots.is_empty() {
        return Err("it holds no certificate".to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bundle_that_cannot_be_used_is_told_before_the_client_meets_it() {
        assert_eq!(check(b"hello"), Err("it holds no certificate".into()));
        let garbage = b"-----BEGIN CERTIFICATE-----\naGVsbG8=\n-----END CERTIFICATE-----\n";
        assert!(check(garbage).unwrap_err().starts_with("certificate 1:"));
        let endless = b"-----BEGIN CERTIFICATE-----\naGVsbG8=\n";
        assert!(check(endless).is_err());
    }
}
