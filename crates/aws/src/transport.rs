//! How bytes travel: one TLS stack for every client, the proxy and the certificates of the
//! environment.

use std::env;
use std::fs;

use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use aws_smithy_http_client::{Builder, Connector};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use crate::error::Error;

/// Names a file of certificates that are trusted instead of the machine's own (AWS SDKs and
/// tools reference guide, "`AWS_CA_BUNDLE`").
const CA_BUNDLE: &str = "AWS_CA_BUNDLE";

/// A client that honors `HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY` and `AWS_CA_BUNDLE`.
pub(crate) fn http_client() -> Result<SharedHttpClient, Error> {
    let trust = match env::var(CA_BUNDLE) {
        Ok(path) if !path.is_empty() => {
            let pem = certificates(&path)
                .map_err(|source| Error::Certificates { path: path.clone(), source })?;
            TrustStore::empty().with_pem_certificate(pem)
        }
        Ok(_) | Err(_) => TrustStore::default(),
    };
    let context = TlsContext::builder().with_trust_store(trust).build();
    let context = context.map_err(|source| Error::Certificates {
        path: env::var(CA_BUNDLE).unwrap_or_default(),
        source: source.into(),
    })?;
    Ok(Builder::new().build_with_connector_fn(move |settings, components| {
        let mut builder = Connector::builder()
            .proxy_config(ProxyConfig::from_env())
            .tls_provider(Provider::Rustls(CryptoMode::Ring))
            .tls_context(context.clone());
        builder.set_connector_settings(settings.cloned());
        builder.set_sleep_impl(components.and_then(RuntimeComponents::sleep_impl));
        builder.build()
    }))
}

/// The text of a file that holds at least one certificate and nothing broken: the client would
/// end the program over it.
fn certificates(path: &str) -> Result<Vec<u8>, Box<dyn std::error::Error + Send + Sync>> {
    let pem = fs::read(path)?;
    let mut store = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(&pem) {
        store.add(certificate?)?;
    }
    if store.is_empty() {
        return Err("it holds no certificate".into());
    }
    Ok(pem)
}

#[cfg(test)]
mod tests {
    use super::certificates;

    #[test]
    fn broken_certificates_are_an_error_and_no_panic() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bundle.pem");
        let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        for text in ["", "no certificate", broken] {
            std::fs::write(&path, text).unwrap();
            assert!(certificates(path.to_str().unwrap()).is_err(), "{text:?}");
        }
        assert!(certificates("").is_err());
    }
}
