//! Signed calls of the services that speak JSON, by the SDK's own orchestrator.
//!
//! The SDK has a crate for each service, of which those for CloudTrail and EventBridge take a
//! minute and more to build for the few calls that are made here. Retries, signatures, clocks
//! and credentials are the SDK's own all the same.

use std::error::Error as StdError;
use std::fmt;

use aws_runtime::auth::sigv4::{self, SigV4AuthScheme};
use aws_runtime::auth::{SigV4OperationSigningConfig, SigningOptions};
use aws_runtime::retries::classifiers::AwsErrorCodeClassifier;
use aws_runtime::service_clock_skew::ServiceClockSkewInterceptor;
use aws_smithy_runtime::client::orchestrator::operation::Operation;
use aws_smithy_runtime::client::retries::classifiers::{
    HttpStatusCodeClassifier, TransientErrorClassifier,
};
use aws_smithy_runtime_api::client::auth::static_resolver::StaticAuthSchemeOptionResolver;
use aws_smithy_runtime_api::client::auth::{
    AuthSchemeOptionResolverParams, SharedAuthScheme, SharedAuthSchemeOptionResolver,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse, OrchestratorError};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponentsBuilder;
use aws_smithy_runtime_api::client::runtime_plugin::StaticRuntimePlugin;
use aws_smithy_types::DateTime;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::Layer;
use aws_smithy_types::date_time::Format;
use aws_smithy_types::error::metadata::{ErrorMetadata, ProvideErrorMetadata};
use aws_types::SigningName;
use aws_types::region::{Region, SigningRegion};
use cloudtrail::Timestamp;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use crate::connection::Connection;
use crate::error::{Error, Needs, Refusal};

/// Largest answer that is taken, in bytes. A page of `LookupEvents` has 50 events of at most
/// 256 KB each.
const ANSWER_BYTES_MAX: usize = 64 * 1024 * 1024;
/// How the program names itself in calls that are made here.
const USER_AGENT: &str = concat!("rolecall/", env!("CARGO_PKG_VERSION"));

/// A service as its interface describes it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Service {
    /// Name for settings, as in `AWS_ENDPOINT_URL_CLOUDTRAIL`.
    pub(crate) id: &'static str,
    /// First part of the host's name.
    pub(crate) host: &'static str,
    /// Name in signatures.
    pub(crate) signing_name: &'static str,
}

/// One operation of a service.
#[derive(Clone, Debug)]
pub(crate) struct Call<'a> {
    pub(crate) service: Service,
    /// The operation's name.
    pub(crate) operation: &'static str,
    /// Where in the service it is.
    pub(crate) route: Route,
    /// The permission that the operation needs.
    pub(crate) needs: Needs<'a>,
    /// What is being done, for the error: `cannot …`.
    pub(crate) doing: &'a str,
}

/// How a service tells its operations apart.
#[derive(Clone, Debug)]
pub(crate) enum Route {
    /// By the field `Action` of a form: AWS Query, which answers in XML.
    Form,
    /// By a path that is only read.
    Get(&'static str),
    /// By a path.
    Path(&'static str),
    /// By a header: AWS JSON 1.1.
    Target(String),
}

/// What AWS answers.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Answer {
    pub(crate) body: Vec<u8>,
    /// The header `Date`.
    pub(crate) date: Option<Timestamp>,
}

/// What AWS says when it refuses.
#[derive(Debug)]
struct Refused(ErrorMetadata);

impl fmt::Display for Refused {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl StdError for Refused {}

impl ProvideErrorMetadata for Refused {
    fn meta(&self) -> &ErrorMetadata {
        &self.0
    }
}

impl Connection {
    /// Calls an operation with `input` and returns what it answers.
    pub(crate) async fn call(&self, call: Call<'_>, input: &Value) -> Result<Vec<u8>, Error> {
        self.call_dated(call, input).await.map(|answer| answer.body)
    }

    /// As [`call`](Self::call), with the time that AWS says it is.
    pub(crate) async fn call_dated(&self, call: Call<'_>, input: &Value) -> Result<Answer, Error> {
        let region = self.config().region().cloned().ok_or(Error::RegionMissing)?;
        let operation = self.operation(&call, &region);
        let answer = operation.invoke(body(&call.route, input)).await;
        answer.map_err(|error| Error::Call {
            doing: call.doing.to_owned(),
            source: Refusal::of(&error, call.needs),
        })
    }

    fn operation(&self, call: &Call<'_>, region: &Region) -> Operation<String, Answer, Refused> {
        let config = self.config();
        let url = self.endpoint_url(call.service.id);
        let url = url.unwrap_or_else(|| {
            let is_fips = config.use_fips() == Some(true);
            let is_dual_stack = config.use_dual_stack() == Some(true);
            endpoint(call.service.host, region.as_ref(), is_fips, is_dual_stack)
        });
        let mut builder = Operation::builder()
            .service_name(call.service.id)
            .operation_name(call.operation)
            .endpoint_url(&url)
            .with_connection_poisoning()
            .interceptor(ServiceClockSkewInterceptor::new())
            .retry_classifier(TransientErrorClassifier::<Refused>::new())
            .retry_classifier(AwsErrorCodeClassifier::<Refused>::new())
            .retry_classifier(HttpStatusCodeClassifier::default())
            .runtime_plugin(self.signing(call.service, region));
        if let Some(client) = config.http_client() {
            builder = builder.http_client(client);
        }
        if let Some(retries) = config.retry_config() {
            builder = builder.standard_retry(retries);
        }
        if let Some(timeouts) = config.timeout_config() {
            builder = builder.timeout_config(timeouts.clone());
        }
        if let Some(sleep) = config.sleep_impl() {
            builder = builder.sleep_impl(sleep);
        }
        if let Some(time) = config.time_source() {
            builder = builder.time_source(time);
        }
        let route = call.route.clone();
        builder.serializer(move |body| request(&route, body)).deserializer(answer).build()
    }

    /// What signs the requests.
    fn signing(&self, service: Service, region: &Region) -> StaticRuntimePlugin {
        let mut layer = Layer::new("signing");
        layer.store_put(AuthSchemeOptionResolverParams::new(()));
        layer.store_put(SigningName::from_static(service.signing_name));
        layer.store_put(SigningRegion::from(region.clone()));
        layer.store_put(SigV4OperationSigningConfig {
            signing_options: SigningOptions::default(),
            ..SigV4OperationSigningConfig::default()
        });
        let schemes = StaticAuthSchemeOptionResolver::new(vec![sigv4::SCHEME_ID]);
        let mut components = RuntimeComponentsBuilder::new("signing")
            .with_auth_scheme(SharedAuthScheme::new(SigV4AuthScheme::new()))
            .with_auth_scheme_option_resolver(Some(SharedAuthSchemeOptionResolver::new(schemes)))
            .with_identity_cache(self.config().identity_cache());
        if let Some(credentials) = self.config().credentials_provider() {
            components.set_identity_resolver(sigv4::SCHEME_ID, credentials);
        }
        StaticRuntimePlugin::new().with_config(layer.freeze()).with_runtime_components(components)
    }
}

/// The endpoint of a service in a Region (AWS general reference, "AWS service endpoints").
fn endpoint(host: &str, region: &str, is_fips: bool, is_dual_stack: bool) -> String {
    let suffix = match (region.starts_with("cn-"), is_dual_stack) {
        (false, false) => "amazonaws.com",
        (false, true) => "api.aws",
        (true, false) => "amazonaws.com.cn",
        (true, true) => "api.amazonwebservices.com.cn",
    };
    let fips = if is_fips { "-fips" } else { "" };
    format!("https://{host}{fips}.{region}.{suffix}")
}

/// What a request says of `input`.
fn body(route: &Route, input: &Value) -> String {
    let escaped = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    match route {
        Route::Form => {
            let fields = input.as_object().into_iter().flatten();
            let fields = fields.filter_map(|(name, value)| Some((name, value.as_str()?)));
            let fields =
                fields.map(|(name, value)| format!("{}={}", escaped(name), escaped(value)));
            fields.collect::<Vec<_>>().join("&")
        }
        Route::Get(_) => String::new(),
        Route::Path(_) | Route::Target(_) => input.to_string(),
    }
}

fn request(route: &Route, body: String) -> Result<HttpRequest, Box<dyn StdError + Send + Sync>> {
    let request = match route {
        Route::Form | Route::Target(_) => http::Request::post("/"),
        Route::Get(path) => http::Request::get(*path),
        Route::Path(path) => http::Request::post(*path),
    };
    let request = request.header("user-agent", USER_AGENT);
    let request = match route {
        Route::Form => request.header("content-type", "application/x-www-form-urlencoded"),
        Route::Get(_) => request,
        Route::Path(_) => request.header("content-type", "application/json"),
        Route::Target(target) => request
            .header("content-type", "application/x-amz-json-1.1")
            .header("x-amz-target", target),
    };
    Ok(request.body(SdkBody::from(body))?.try_into()?)
}

fn answer(response: &HttpResponse) -> Result<Answer, OrchestratorError<Refused>> {
    let body = response.body().bytes().unwrap_or_default();
    if !response.status().is_success() {
        return Err(OrchestratorError::operation(Refused(refusal(response, body))));
    }
    if body.len() > ANSWER_BYTES_MAX {
        return Err(OrchestratorError::other("the answer is too long"));
    }
    let date = response.headers().get("date");
    let date = date.and_then(|date| DateTime::from_str(date, Format::HttpDate).ok());
    Ok(Answer { body: body.to_vec(), date: date.map(|date| Timestamp(date.secs())) })
}

/// Code and message of an error (AWS JSON protocol: `__type` or `code`, or a header; the code
/// may come with a namespace before it and an address behind it).
fn refusal(response: &HttpResponse, body: &[u8]) -> ErrorMetadata {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let text = |names: &[&str]| {
        let found = names.iter().find_map(|name| body.get(name)?.as_str());
        found.map(str::to_owned)
    };
    let code = response.headers().get("x-amzn-errortype").map(str::to_owned);
    let code = code.or_else(|| text(&["__type", "code", "Code"]));
    let code = code.map(|code| bare(&code).to_owned());
    let mut builder = ErrorMetadata::builder();
    builder = builder.code(code.unwrap_or_else(|| response.status().as_u16().to_string()));
    if let Some(message) = text(&["message", "Message", "errorMessage"]) {
        builder = builder.message(message);
    }
    builder.build()
}

/// A code without namespace and address.
fn bare(code: &str) -> &str {
    let code = code.split_once(':').map_or(code, |(code, _)| code);
    code.rsplit_once('#').map_or(code, |(_, code)| code)
}

#[cfg(test)]
mod tests {
    use super::{bare, endpoint};

    #[test]
    fn a_code_is_bared_of_what_surrounds_it() {
        assert_eq!(
            bare("com.amazonaws.cloudtrail#TrailNotFoundException"),
            "TrailNotFoundException"
        );
        assert_eq!(
            bare("ValidationException:http://internal.amazon.com/coral/"),
            "ValidationException"
        );
        assert_eq!(bare("AccessDenied"), "AccessDenied");
    }

    #[test]
    fn endpoints_follow_the_partition_and_the_settings() {
        let at =
            |region, is_fips, is_dual_stack| endpoint("cloudtrail", region, is_fips, is_dual_stack);
        let plain = "https://cloudtrail.eu-central-1.amazonaws.com";
        assert_eq!(at("eu-central-1", false, false), plain);
        assert_eq!(
            at("cn-north-1", false, false),
            "https://cloudtrail.cn-north-1.amazonaws.com.cn"
        );
        assert_eq!(at("us-east-1", true, false), "https://cloudtrail-fips.us-east-1.amazonaws.com");
        assert_eq!(at("us-east-1", false, true), "https://cloudtrail.us-east-1.api.aws");
    }
}
