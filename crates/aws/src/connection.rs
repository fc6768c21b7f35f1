//! Who calls AWS, from where and how: the usual environment of AWS's tools.

use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::sts::AssumeRoleProvider;
use aws_config::timeout::TimeoutConfig;
use aws_config::{AppName, BehaviorVersion, Region, SdkConfig};
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_types::service_config::ServiceConfigKey;

use crate::error::{Error, Needs, Refusal};
use crate::transport;

/// How often a call is tried in all, with growing pauses between.
const ATTEMPTS_MAX: u32 = 5;
/// Longest wait for a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Longest silence while an answer is awaited; a long poll of a queue lasts 20 seconds.
const READ_TIMEOUT: Duration = Duration::from_secs(60);
/// How the program names itself to AWS; it shows in the user agent of its own calls.
const APP_NAME: &str = concat!("rolecall-", env!("CARGO_PKG_VERSION"));
/// How sessions of a role that the program assumes are named unless the user says otherwise.
const SESSION_NAME: &str = "rolecall";

/// What a configuration says beyond the environment. Whatever is absent comes from there.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct ConnectionOptions {
    /// A profile of `~/.aws/config` instead of that of `AWS_PROFILE`.
    pub profile: Option<String>,
    /// A Region instead of that of `AWS_REGION` or the profile.
    pub region: Option<String>,
    /// A role to assume with the credentials found, such as one in the account of the logs.
    pub role: Option<Role>,
}

/// A role to assume.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Role {
    /// The ARN of the role.
    pub arn: String,
    /// The external id that its trust policy asks for.
    pub external_id: Option<String>,
    /// Name of the sessions; `rolecall` unless given.
    pub session_name: Option<String>,
}

/// Credentials, Region, endpoints and transport, ready for calls.
///
/// Clones share connections and the cache of credentials.
#[derive(Clone, Debug)]
pub struct Connection {
    config: SdkConfig,
}

/// Who the calls are made as.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Caller {
    /// The account.
    pub account: String,
    /// The ARN.
    pub arn: String,
    /// The unique id, `AROA…:session` for a session of a role.
    pub user_id: String,
}

impl Connection {
    /// Prepares calls by the usual environment of AWS's tools: variables, profiles, chains of
    /// roles, web identity, containers, instance metadata, `AWS_ENDPOINT_URL` and its forms for
    /// each service, `AWS_CA_BUNDLE`, proxies. Credentials are fetched by the first call.
    ///
    /// # Errors
    ///
    /// [`Error::Certificates`] only.
    pub async fn open(options: &ConnectionOptions) -> Result<Self, Error> {
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .read_timeout(READ_TIMEOUT)
            .build();
        let mut loader = aws_config::defaults(BehaviorVersion::v2026_01_12())
            .http_client(transport::http_client()?)
            .retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS_MAX))
            .timeout_config(timeouts);
        if let Ok(name) = AppName::new(APP_NAME) {
            loader = loader.app_name(name);
        }
        if let Some(profile) = &options.profile {
            loader = loader.profile_name(profile);
        }
        if let Some(region) = &options.region {
            loader = loader.region(Region::new(region.clone()));
        }
        let mut config = loader.load().await;
        if let Some(role) = &options.role {
            config = assumed(config, role).await;
        }
        Ok(Self { config })
    }

    /// The Region that is set, if one is.
    pub fn region(&self) -> Option<&str> {
        self.config.region().map(Region::as_ref)
    }

    /// The same connection to another Region.
    #[must_use]
    pub fn in_region(&self, region: &str) -> Self {
        let region = Region::new(region.to_owned());
        Self { config: self.config.to_builder().region(region).build() }
    }

    /// Who the calls are made as (`GetCallerIdentity`, which needs no permission).
    ///
    /// # Errors
    ///
    /// Where there are no valid credentials, or AWS cannot be reached.
    pub async fn caller(&self) -> Result<Caller, Error> {
        // STS has no answer without a Region, and any will do.
        let connection =
            self.region().map_or_else(|| self.in_region("us-east-1"), |_| self.clone());
        let answer =
            aws_sdk_sts::Client::new(&connection.config).get_caller_identity().send().await;
        let answer = answer.map_err(|error| Error::Call {
            doing: "tell whose credentials these are".to_owned(),
            source: Refusal::of(&error, Needs { action: "sts:GetCallerIdentity", resource: "*" }),
        })?;
        Ok(Caller {
            account: answer.account.unwrap_or_default(),
            arn: answer.arn.unwrap_or_default(),
            user_id: answer.user_id.unwrap_or_default(),
        })
    }

    pub(crate) fn config(&self) -> &SdkConfig {
        &self.config
    }

    /// The endpoint that the user has set for a service, or for all of them.
    pub(crate) fn endpoint_url(&self, service_id: &str) -> Option<String> {
        let key = ServiceConfigKey::builder()
            .service_id(service_id)
            .env("AWS_ENDPOINT_URL")
            .profile("endpoint_url")
            .build();
        let own = self.config.service_config().zip(key.ok());
        let own = own.and_then(|(settings, key)| settings.load_config(key));
        own.or_else(|| self.config.endpoint_url().map(str::to_owned))
    }

    /// The partition in the ARNs of the Region: `aws`, `aws-cn` or `aws-us-gov`.
    pub(crate) fn partition(&self) -> &'static str {
        match self.region() {
            Some(region) if region.starts_with("cn-") => "aws-cn",
            Some(region) if region.starts_with("us-gov-") => "aws-us-gov",
            Some(_) | None => "aws",
        }
    }
}

/// `config` with credentials of `role`.
async fn assumed(config: SdkConfig, role: &Role) -> SdkConfig {
    let session = role.session_name.as_deref().unwrap_or(SESSION_NAME);
    let mut builder =
        AssumeRoleProvider::builder(&role.arn).session_name(session).configure(&config);
    if let Some(external_id) = &role.external_id {
        builder = builder.external_id(external_id);
    }
    let provider = SharedCredentialsProvider::new(builder.build().await);
    config.to_builder().credentials_provider(provider).build()
}
