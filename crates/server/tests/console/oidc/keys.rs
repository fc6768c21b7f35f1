//! Keys that an invented identity provider signs with.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use ring::rand::SystemRandom;
use ring::rsa::PublicKeyComponents;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair,
};
use serde_json::{Value, json};
use sha2::Sha256;

/// `ring` makes no keys of RSA: one that the tests of signed digests have.
const RSA: &[u8] = include_bytes!("../../../../integrity/fixtures/keys/one.der");

/// A key and its name.
pub(crate) struct Key {
    kid: String,
    pair: Pair,
}

enum Pair {
    Curve(Box<EcdsaKeyPair>),
    Rsa(Box<RsaKeyPair>),
}

/// What signs an ID token.
pub(crate) enum Signer {
    Key(Key),
    /// A key, and somebody who changes what it signed.
    Bent(Key, fn(&str) -> String),
    /// A secret, as HS256 has it.
    Secret(Vec<u8>),
    /// Nothing: `alg` is `none`.
    Nobody,
}

impl Key {
    /// A new key of the curve P-256.
    pub(crate) fn new(kid: &str) -> Self {
        let (algorithm, random) = (&ECDSA_P256_SHA256_FIXED_SIGNING, SystemRandom::new());
        let made = EcdsaKeyPair::generate_pkcs8(algorithm, &random).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(algorithm, made.as_ref(), &random).unwrap();
        Self { kid: kid.to_owned(), pair: Pair::Curve(Box::new(pair)) }
    }

    pub(crate) fn rsa(kid: &str) -> Self {
        let pair = Box::new(RsaKeyPair::from_der(RSA).unwrap());
        Self { kid: kid.to_owned(), pair: Pair::Rsa(pair) }
    }

    /// The public half, as a provider lists it.
    pub(crate) fn listed(&self) -> Value {
        let kid = &self.kid;
        match &self.pair {
            Pair::Curve(pair) => {
                let point = pair.public_key().as_ref();
                let (x, y) = (base64(&point[1..33]), base64(&point[33..]));
                json!({"kty": "EC", "crv": "P-256", "use": "sig", "kid": kid, "x": x, "y": y})
            }
            Pair::Rsa(pair) => {
                let public = PublicKeyComponents::<Vec<u8>>::from(pair.public());
                let (n, e) = (base64(&public.n), base64(&public.e));
                json!({"kty": "RSA", "use": "sig", "kid": kid, "n": n, "e": e})
            }
        }
    }

    /// The public half in each form that a confused verifier might take for a secret.
    pub(crate) fn public_forms(&self) -> Vec<Vec<u8>> {
        let der = match &self.pair {
            Pair::Curve(pair) => {
                let head = b"\x30\x59\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a";
                let head = [&head[..], b"\x86\x48\xce\x3d\x03\x01\x07\x03\x42\x00"].concat();
                [&head, pair.public_key().as_ref()].concat()
            }
            Pair::Rsa(pair) => pair.public_key().as_ref().to_vec(),
        };
        let text = base64::prelude::BASE64_STANDARD.encode(&der);
        let pem = format!("-----BEGIN PUBLIC KEY-----\n{text}\n-----END PUBLIC KEY-----\n");
        let raw = match &self.pair {
            Pair::Curve(pair) => pair.public_key().as_ref().to_vec(),
            Pair::Rsa(pair) => PublicKeyComponents::<Vec<u8>>::from(pair.public()).n,
        };
        vec![der, pem.into_bytes(), raw, self.listed().to_string().into_bytes(), Vec::new()]
    }

    fn sign(&self, text: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match &self.pair {
            Pair::Curve(pair) => pair.sign(&random, text).unwrap().as_ref().to_vec(),
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, text, &mut signature).unwrap();
                signature
            }
        }
    }
}

impl Signer {
    /// The first line of a token: how it is signed.
    fn header(&self) -> Value {
        match self {
            Self::Key(key) | Self::Bent(key, _) => {
                let algorithm = if matches!(key.pair, Pair::Rsa(_)) { "RS256" } else { "ES256" };
                json!({"alg": algorithm, "kid": key.kid})
            }
            Self::Secret(_) => json!({"alg": "HS256"}),
            Self::Nobody => json!({"alg": "none"}),
        }
    }

    /// A token that says `claims`, in its compact form.
    pub(crate) fn token(&self, claims: &Value) -> String {
        let head = base64(self.header().to_string().as_bytes());
        let text = format!("{head}.{}", base64(claims.to_string().as_bytes()));
        let signature = match self {
            Self::Key(key) | Self::Bent(key, _) => key.sign(text.as_bytes()),
            Self::Secret(secret) => {
                let mut mac = Hmac::<Sha256>::new_from_slice(secret).unwrap();
                mac.update(text.as_bytes());
                mac.finalize().into_bytes().to_vec()
            }
            Self::Nobody => Vec::new(),
        };
        let token = format!("{text}.{}", base64(&signature));
        match self {
            Self::Bent(_, bend) => bend(&token),
            Self::Key(_) | Self::Secret(_) | Self::Nobody => token,
        }
    }
}

pub(crate) fn base64(bytes: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}
