//! Sinks that are HTTP servers: webhooks, Slack, PagerDuty.

use bytes::Bytes;
use hyper::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use rustls::pki_types::CertificateDer;

use super::{BoxFuture, HeldSecret, Outcome, Sender};
use crate::alerts::http::{Answer, Client, HttpError, chain, is_success};
use crate::alerts::outbox::Entry;
use crate::alerts::signature::{SIGNATURE_HEADER, signature};
use crate::clock::WallTime;
use crate::config::certificates;
use crate::config::{Endpoint, Environment, PagerDutySink, SecretPlace, SlackSink, WebhookSink};
use crate::secret::{Secret, SecretError};

/// The header that is the same for every attempt to send a message
/// (<https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/>).
const KEY_HEADER: &str = "idempotency-key";

/// Characters of an answer that an error quotes.
const QUOTED_MAX: usize = 200;

/// An HTTP server of one's own.
pub(super) struct Webhook {
    client: Client,
    address: Address,
    secret: Option<HeldSecret>,
    authorization: Option<HeldSecret>,
}

/// Slack's incoming webhook.
pub(super) struct Slack {
    client: Client,
    address: Address,
}

/// PagerDuty's Events API v2.
pub(super) struct PagerDuty {
    client: Client,
    endpoint: Endpoint,
    routing_key: HeldSecret,
}

/// Where to send to.
enum Address {
    Open(Endpoint),
    Secret(HeldSecret),
}

/// Why nothing was sent, and whether it may work later.
struct Unsent(Outcome);

impl Webhook {
    pub(super) fn of(settings: &WebhookSink, environment: &Environment) -> Result<Self, String> {
        let place = SecretPlace::of(settings.url_env.as_ref(), settings.url_file.as_ref());
        let address = match (&settings.url, place) {
            (Some(endpoint), _) => Address::Open(endpoint.clone()),
            (None, Some(place)) => Address::Secret(held(place, environment)?),
            (None, None) => return Err("has no address".to_owned()),
        };
        let secret = SecretPlace::of(settings.secret_env.as_ref(), settings.secret_file.as_ref());
        let authorization = SecretPlace::of(
            settings.authorization_env.as_ref(),
            settings.authorization_file.as_ref(),
        );
        let authorities = settings.ca_file.as_deref().map(certificates).transpose()?;
        Ok(Self {
            client: client(authorities.unwrap_or_default(), environment)?,
            address,
            secret: secret.map(|place| held(place, environment)).transpose()?,
            authorization: authorization.map(|place| held(place, environment)).transpose()?,
        })
    }

    async fn post(&self, entry: &Entry, now: WallTime) -> Result<Outcome, Unsent> {
        let body = Bytes::copy_from_slice(&entry.message.payload);
        let (endpoint, mut secrets) = self.address.endpoint()?;
        let mut headers = HeaderMap::new();
        let key = HeaderValue::from_str(&entry.message.key());
        headers.insert(KEY_HEADER, key.map_err(|_| Unsent::refused("the key is no header"))?);
        if let Some(held) = &self.secret {
            let secret = held.secret()?;
            let signed = HeaderValue::from_str(&signature(&secret, &body, now));
            let signed = signed.map_err(|_| Unsent::refused("the signature is no header"))?;
            headers.insert(SIGNATURE_HEADER, signed);
            secrets.push(secret);
        }
        if let Some(held) = &self.authorization {
            let secret = held.secret()?;
            let value = HeaderValue::from_str(secret.expose());
            let mut value = value.map_err(|_| Unsent::refused("the authorization is no header"))?;
            value.set_sensitive(true);
            headers.insert(AUTHORIZATION, value);
            secrets.push(secret);
        }
        let answer = self.client.post(&endpoint, headers, body).await;
        Ok(outcome(answer, &secrets))
    }
}

impl Slack {
    pub(super) fn of(settings: &SlackSink, environment: &Environment) -> Result<Self, String> {
        let place = SecretPlace::of(settings.url_env.as_ref(), settings.url_file.as_ref());
        let place = place.ok_or("has no address")?;
        let address = Address::Secret(held(place, environment)?);
        Ok(Self { client: client(Vec::new(), environment)?, address })
    }

    async fn post(&self, entry: &Entry) -> Result<Outcome, Unsent> {
        let (endpoint, secrets) = self.address.endpoint()?;
        let body = Bytes::copy_from_slice(&entry.message.payload);
        let answer = self.client.post(&endpoint, HeaderMap::new(), body).await;
        Ok(outcome(answer, &secrets))
    }
}

impl PagerDuty {
    pub(super) fn of(settings: &PagerDutySink, environment: &Environment) -> Result<Self, String> {
        let place = SecretPlace::of(settings.secret_env.as_ref(), settings.secret_file.as_ref());
        let place = place.ok_or("has no integration key")?;
        Ok(Self {
            client: client(Vec::new(), environment)?,
            endpoint: settings.url.clone(),
            routing_key: held(place, environment)?,
        })
    }

    async fn post(&self, entry: &Entry) -> Result<Outcome, Unsent> {
        let secret = self.routing_key.secret()?;
        let body = with_routing_key(&entry.message.payload, &secret);
        let body = body.ok_or_else(|| Unsent::refused("the payload is not a JSON object"))?;
        let answer = self.client.post(&self.endpoint, HeaderMap::new(), body.into()).await;
        Ok(outcome(answer, &[secret]))
    }
}

/// `payload` with the key as its first member; every other byte stays as it is.
fn with_routing_key(payload: &[u8], secret: &Secret) -> Option<Vec<u8>> {
    let rest = payload.trim_ascii_start().strip_prefix(b"{")?;
    let key = serde_json::to_string(secret.expose()).ok()?;
    let comma = if rest.trim_ascii_start().starts_with(b"}") { "" } else { "," };
    Some([format!("{{\"routing_key\":{key}{comma}").as_bytes(), rest].concat())
}

impl Address {
    /// The address, and the secrets that no error may show.
    fn endpoint(&self) -> Result<(Endpoint, Vec<Secret>), Unsent> {
        match self {
            Self::Open(endpoint) => Ok((endpoint.clone(), Vec::new())),
            Self::Secret(held) => {
                let secret = held.secret()?;
                let endpoint = Endpoint::parse(secret.expose());
                let endpoint = endpoint.ok_or_else(|| Unsent::later("the address is none"))?;
                Ok((endpoint, vec![secret]))
            }
        }
    }
}

impl Unsent {
    fn refused(why: &str) -> Self {
        Self(Outcome::Refused { why: why.to_owned() })
    }

    fn later(why: &str) -> Self {
        Self(Outcome::Retry { after: None, why: why.to_owned() })
    }
}

impl From<SecretError> for Unsent {
    fn from(error: SecretError) -> Self {
        Self::later(&format!("a secret {error}"))
    }
}

/// What an answer means: RFC 9110 for most, RFC 6585 for 429.
fn outcome(answer: Result<Answer, HttpError>, secrets: &[Secret]) -> Outcome {
    let masked = |text: String| secrets.iter().fold(text, |text, secret| secret.mask(&text));
    let answer = match answer {
        Ok(answer) => answer,
        Err(error @ HttpError::Refused { .. }) => {
            return Outcome::Refused { why: masked(chain(&error)) };
        }
        Err(error) => return Outcome::Retry { after: None, why: masked(chain(&error)) },
    };
    let why = || {
        let text: String = masked(answer.text.clone()).chars().take(QUOTED_MAX).collect();
        let colon = if text.is_empty() { "" } else { ": " };
        format!("it answered with status {}{colon}{text}", answer.status)
    };
    match answer.status {
        status if is_success(status) => Outcome::Delivered,
        408 | 425 | 429 | 500..=599 => Outcome::Retry { after: answer.retry_after, why: why() },
        300..=399 => Outcome::Refused { why: format!("{}; redirects are not followed", why()) },
        _ => Outcome::Refused { why: why() },
    }
}

fn held(place: SecretPlace, environment: &Environment) -> Result<HeldSecret, String> {
    HeldSecret::of(place, environment).map_err(|error| format!("a secret {error}"))
}

fn client(
    authorities: Vec<CertificateDer<'static>>,
    environment: &Environment,
) -> Result<Client, String> {
    Client::new(authorities, environment)
        .map_err(|error| format!("cannot use the certificates: {error}"))
}

impl Sender for Webhook {
    fn send<'a>(&'a self, batch: &'a [Entry], now: WallTime) -> BoxFuture<'a, Vec<Outcome>> {
        Box::pin(async move {
            let mut outcomes = Vec::new();
            for entry in batch {
                outcomes.push(self.post(entry, now).await.unwrap_or_else(|Unsent(why)| why));
            }
            outcomes
        })
    }
}

impl Sender for Slack {
    fn send<'a>(&'a self, batch: &'a [Entry], _: WallTime) -> BoxFuture<'a, Vec<Outcome>> {
        Box::pin(async move {
            let mut outcomes = Vec::new();
            for entry in batch {
                outcomes.push(self.post(entry).await.unwrap_or_else(|Unsent(why)| why));
            }
            outcomes
        })
    }
}

impl Sender for PagerDuty {
    fn send<'a>(&'a self, batch: &'a [Entry], _: WallTime) -> BoxFuture<'a, Vec<Outcome>> {
        Box::pin(async move {
            let mut outcomes = Vec::new();
            for entry in batch {
                outcomes.push(self.post(entry).await.unwrap_or_else(|Unsent(why)| why));
            }
            outcomes
        })
    }
}

#[cfg(test)]
mod tests {
    use super::with_routing_key;
    use crate::secret::Secret;

    #[test]
    fn a_routing_key_is_put_in_and_nothing_else_is_touched() {
        let secret = Secret::new("R0\"key").unwrap();
        let with = |payload: &str| {
            with_routing_key(payload.as_bytes(), &secret)
                .map(|body| String::from_utf8(body).unwrap())
        };
        assert_eq!(
            with(r#"{"a":"b\u202e"}"#).unwrap(),
            r#"{"routing_key":"R0\"key","a":"b\u202e"}"#
        );
        assert_eq!(with(" { }").unwrap(), r#"{"routing_key":"R0\"key" }"#);
        assert_eq!(with("[]"), None);
        assert_eq!(with(""), None);
    }
}
