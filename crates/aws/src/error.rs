//! Why a call to AWS came to nothing, and what to do about it.

use std::error::Error as StdError;
use std::fmt;

use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

/// What stops this crate. Printed, each names the object and what was being done with it; the
/// cause is the error's source.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// AWS refused, or could not be asked.
    #[error("cannot {doing}")]
    Call {
        /// What was being done, and with what, such as ``read `s3://bucket/key` ``.
        doing: String,
        /// Why it did not work.
        source: Refusal,
    },
    /// An object is larger than the caller can bear.
    #[error("`{object}` has more than {bytes_max} bytes")]
    TooLarge {
        /// The object.
        object: String,
        /// The limit, in bytes.
        bytes_max: usize,
    },
    /// An address that cannot be understood.
    #[error("`{address}` is not {expected}")]
    Address {
        /// What was written.
        address: String,
        /// What was expected instead.
        expected: &'static str,
    },
    /// Nothing lies where logs were to be read.
    #[error("nothing lies under `{address}`")]
    NothingFound {
        /// The address.
        address: String,
    },
    /// No Region is known, and the service has one endpoint for each.
    #[error(
        "no AWS Region is known: set AWS_REGION, or `region` in the profile that AWS_PROFILE names"
    )]
    RegionMissing,
    /// The file of certificates that `AWS_CA_BUNDLE` names cannot be used.
    #[error("cannot use the certificates in `{path}`, which AWS_CA_BUNDLE names")]
    Certificates {
        /// The file.
        path: String,
        /// Why not.
        source: Box<dyn StdError + Send + Sync>,
    },
    /// The operating system gives no threads or timers.
    #[error("cannot prepare connections")]
    Runtime {
        /// Why not.
        source: std::io::Error,
    },
    /// AWS answered something that is not what its interface describes.
    #[error("cannot {doing}: the answer is not understood: {what}")]
    Answer {
        /// What was being done, and with what.
        doing: String,
        /// What is wrong with the answer.
        what: String,
    },
}

impl Error {
    /// What kind of failure this is.
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Call { source, .. } => source.kind,
            Self::Address { .. } | Self::RegionMissing | Self::Certificates { .. } => {
                Kind::Configuration
            }
            Self::NothingFound { .. } => Kind::NotFound,
            Self::Answer { .. } | Self::Runtime { .. } | Self::TooLarge { .. } => Kind::Other,
        }
    }

    /// Whether the same call may well succeed later, so that waiting is right and giving up is
    /// not. Retries were already made.
    pub const fn is_transient(&self) -> bool {
        matches!(self.kind(), Kind::Throttled | Kind::Unreachable)
    }

    /// The cause alone, without the object that the caller names anyway.
    pub fn reason(&self) -> String {
        match self {
            Self::Call { source, .. } => source.to_string(),
            Self::TooLarge { bytes_max, .. } => format!("longer than {bytes_max} bytes"),
            Self::Certificates { source, .. } => format!("{self}: {source}"),
            Self::Runtime { source } => format!("{self}: {source}"),
            Self::Address { .. }
            | Self::Answer { .. }
            | Self::NothingFound { .. }
            | Self::RegionMissing => self.to_string(),
        }
    }
}

/// What kind of failure a call ended in.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Kind {
    /// What the user wrote cannot be used; nobody was asked.
    Configuration,
    /// There are no credentials, or they have expired.
    Credentials,
    /// The credentials may not do this.
    Denied,
    /// There is no such bucket, object, queue or trail.
    NotFound,
    /// Anything else.
    Other,
    /// AWS wants fewer requests, or has an error of its own.
    Throttled,
    /// No answer came: no such host, no connection, no trust, no time.
    Unreachable,
}

/// Why AWS refused, or could not be asked.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Refusal {
    /// What kind of failure this is.
    pub kind: Kind,
    /// AWS's code, such as `AccessDenied`, or the status of an answer that has none.
    pub code: Option<String>,
    text: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

impl StdError for Refusal {}

/// A permission that a call needs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Needs<'a> {
    /// The action, such as `s3:GetObject`.
    pub(crate) action: &'a str,
    /// The ARN of what it is done with, or `*`.
    pub(crate) resource: &'a str,
}

/// Codes that mean the credentials may not do this.
const DENIED: [&str; 6] = [
    "403",
    "AccessDenied",
    "AccessDeniedException",
    "AuthorizationError",
    "Forbidden",
    "UnauthorizedOperation",
];
/// Codes that mean the credentials are not valid, or have expired.
const CREDENTIALS: [&str; 8] = [
    "ExpiredToken",
    "ExpiredTokenException",
    "IncompleteSignature",
    "InvalidAccessKeyId",
    "InvalidClientTokenId",
    "InvalidToken",
    "SignatureDoesNotMatch",
    "UnrecognizedClientException",
];
/// Codes that mean there is no such thing.
const NOT_FOUND: [&str; 9] = [
    "404",
    "AWS.SimpleQueueService.NonExistentQueue",
    "NoSuchBucket",
    "NoSuchKey",
    "NotFound",
    "QueueDoesNotExist",
    "ResourceNotFoundException",
    "TrailNotFoundException",
    "com.amazonaws.sqs#QueueDoesNotExist",
];
/// Codes that ask for patience.
const THROTTLED: [&str; 12] = [
    "500",
    "502",
    "503",
    "504",
    "InternalError",
    "InternalServerError",
    "RequestLimitExceeded",
    "ServiceUnavailable",
    "SlowDown",
    "ThrottledException",
    "Throttling",
    "ThrottlingException",
];

impl Refusal {
    /// What `error` means for a call that needs a permission.
    pub(crate) fn of<E>(error: &SdkError<E, HttpResponse>, needs: Needs<'_>) -> Self
    where
        E: ProvideErrorMetadata + StdError + 'static,
    {
        if let Some(error) = credentials_error(error) {
            let text = format!(
                "no usable AWS credentials ({}): set AWS_PROFILE or sign in, for instance with \
                 `aws sso login`",
                chain(error)
            );
            return Self { kind: Kind::Credentials, code: None, text };
        }
        let status = error.raw_response().map(|response| response.status().as_u16());
        if let SdkError::ServiceError(context) = error {
            let meta = context.err();
            let code = meta.code().map(str::to_owned).or(status.map(|it| it.to_string()));
            let message = meta.message().unwrap_or_default();
            return Self::answered(code.unwrap_or_default(), message, needs);
        }
        let (kind, what) = match error {
            SdkError::ConstructionFailure(_) => (Kind::Other, "cannot be asked"),
            SdkError::ResponseError(_) => (Kind::Unreachable, "the answer is not understood"),
            SdkError::DispatchFailure(_)
            | SdkError::TimeoutError(_)
            | SdkError::ServiceError(_)
            | _ => (Kind::Unreachable, "no connection"),
        };
        Self { kind, code: None, text: format!("{what}: {}", causes(error)) }
    }

    /// What AWS's answer `code` means for a call that needs a permission.
    pub(crate) fn answered(code: String, message: &str, needs: Needs<'_>) -> Self {
        let Needs { action, resource } = needs;
        let kind = kind(&code);
        let said = if message.is_empty() { code.clone() } else { format!("{code}: {message}") };
        let text = match kind {
            Kind::Denied if message.contains("kms:") => {
                format!("access denied: the credentials need `kms:Decrypt` on the key: {message}")
            }
            Kind::Denied => {
                format!("access denied: the credentials need `{action}` on `{resource}` ({code})")
            }
            Kind::Credentials => format!("AWS does not take the credentials: {said}"),
            Kind::NotFound => format!("does not exist ({code})"),
            Kind::Throttled => format!("AWS asks for patience: {said}"),
            Kind::Configuration | Kind::Other | Kind::Unreachable => said,
        };
        Self { kind, code: Some(code), text }
    }
}

impl Refusal {
    /// What it means that the stream of an answer ends in `error`.
    pub(crate) fn broken_off(error: &(dyn StdError + 'static)) -> Self {
        let text = format!("the answer broke off: {}", chain(error));
        Self { kind: Kind::Unreachable, code: None, text }
    }
}

fn kind(code: &str) -> Kind {
    let kinds = [
        (&DENIED[..], Kind::Denied),
        (&CREDENTIALS[..], Kind::Credentials),
        (&NOT_FOUND[..], Kind::NotFound),
        (&THROTTLED[..], Kind::Throttled),
    ];
    let found = kinds.iter().find(|(codes, _)| codes.contains(&code));
    found.map_or(Kind::Other, |(_, kind)| *kind)
}

/// The first cause that is about credentials.
fn credentials_error<'a>(error: &'a (dyn StdError + 'static)) -> Option<&'a CredentialsError> {
    every(error).find_map(|error| error.downcast_ref::<CredentialsError>())
}

/// `error` and its causes.
fn every<'a>(
    error: &'a (dyn StdError + 'static),
) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    let mut next = Some(error);
    std::iter::from_fn(move || {
        let error = next?;
        next = error.source();
        Some(error)
    })
}

/// `error` and its causes in one line.
fn chain(error: &(dyn StdError + 'static)) -> String {
    let mut words: Vec<String> = every(error).map(ToString::to_string).collect();
    // Some errors repeat their cause in their own words.
    words.dedup();
    words.join(": ")
}

/// The causes of `error` in one line.
fn causes(error: &(dyn StdError + 'static)) -> String {
    error.source().map_or_else(|| error.to_string(), chain)
}

#[cfg(test)]
mod tests {
    use super::{Error, Kind, Needs, Refusal};

    const NEEDS: Needs<'_> = Needs { action: "s3:GetObject", resource: "arn:aws:s3:::bucket/*" };

    fn refusal(code: &str) -> Refusal {
        Refusal::answered(code.to_owned(), "message", NEEDS)
    }

    #[test]
    fn a_denial_says_what_to_allow() {
        let refusal = refusal("AccessDenied");
        assert_eq!(refusal.kind, Kind::Denied);
        let text = refusal.to_string();
        assert!(text.contains("`s3:GetObject` on `arn:aws:s3:::bucket/*`"), "{text}");
    }

    #[test]
    fn kinds_are_told_by_code() {
        assert_eq!(refusal("NoSuchKey").kind, Kind::NotFound);
        assert_eq!(refusal("SlowDown").kind, Kind::Throttled);
        assert_eq!(refusal("ExpiredToken").kind, Kind::Credentials);
        assert_eq!(refusal("InvalidParameter").kind, Kind::Other);
    }

    #[test]
    fn only_what_may_pass_is_transient() {
        let call = |code: &str| Error::Call { doing: "read it".to_owned(), source: refusal(code) };
        assert!(call("SlowDown").is_transient());
        assert!(!call("AccessDenied").is_transient());
        assert!(!Error::RegionMissing.is_transient());
    }
}
