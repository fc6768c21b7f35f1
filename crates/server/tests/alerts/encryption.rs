//! Certificates are checked, against the public authorities or those that are given.

use std::sync::Arc;

use rcgen::{CertificateParams, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::TlsAcceptor;

use crate::server::Server;
use crate::world::{GRACE, World, status, until};

/// A certificate in PEM that signs itself, and a server that shows it.
pub(crate) async fn server_of(name: &str) -> (String, Server) {
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(vec![name.to_owned()]).unwrap();
    let certificate = certificate.self_signed(&key).unwrap();
    let der = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], der)
        .unwrap();
    (certificate.pem(), Server::start_tls(TlsAcceptor::from(Arc::new(config))).await)
}

pub(crate) fn sink(server: &Server, more: &str) -> String {
    format!(
        "[[sink]]\nname = \"hook\"\nkind = \"webhook\"\nurl = \"https://{}/\"\n{more}\n",
        server.address
    )
}

#[tokio::test(start_paused = true)]
async fn a_certificate_that_is_trusted_is_taken() {
    let world = World::new();
    let (pem, server) = server_of("127.0.0.1").await;
    let file = world.write("ca.pem", &pem);
    world.enqueue("hook", "a", 1);
    let dispatcher = world.start(world.sinks(&sink(&server, &format!("ca_file = \"{file}\""))));
    until("it is taken", || world.depth("hook").waiting == 0).await;
    assert_eq!(server.bodies(), ["{\"id\":\"a\",\"revision\":1}"]);
    assert!(dispatcher.stop(GRACE).await);
}

#[tokio::test(start_paused = true)]
async fn any_other_is_not() {
    let world = World::new();
    let (pem_of_another, _) = server_of("127.0.0.1").await;
    let another = world.write("another.pem", &pem_of_another);
    let (pem, misnamed) = server_of("127.0.0.2").await;
    let its_own = world.write("its-own.pem", &pem);
    let (_, unknown) = server_of("127.0.0.1").await;
    let cases = [
        (&unknown, String::new(), "UnknownIssuer"),
        (&unknown, format!("ca_file = \"{another}\""), "certificate"),
        (&misnamed, format!("ca_file = \"{its_own}\""), "not valid for name"),
    ];
    for (server, more, told) in cases {
        let world = World::new();
        world.enqueue("hook", "a", 1);
        let dispatcher = world.start(world.sinks(&sink(server, &more)));
        until("it failed", || status(&dispatcher, "hook").failures_in_a_row == 1).await;
        let (_, why) = status(&dispatcher, "hook").last_failure.unwrap();
        assert!(why.starts_with(&format!("cannot trust https://{}: ", server.address)), "{why}");
        assert!(why.contains(told), "{why}");
        assert_eq!((server.n_received(), world.depth("hook").waiting), (0, 1));
        drop(dispatcher);
    }
}
