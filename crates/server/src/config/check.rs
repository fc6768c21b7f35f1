//! Checks what a configuration refers to: names, files, and secrets that must be there.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

use super::Config;
use super::find::Environment;
use super::problem::{Origin, Problem};
use super::sections::Console;
use super::sinks::{PagerDutySink, SecretPlace, Sink, SinkSettings, SlackSink, WebhookSink};
use super::sources::{Source, SourceSettings};
use super::values::{Endpoint, LinkBase, VariableName};
use crate::secret::{Secret, SecretError};

/// What `ip_ranges` says where AWS's address ranges are not wanted.
const NO_RANGES: &str = "none";

/// Everything that is wrong with what `config` refers to.
///
/// Files are looked at and secrets are read, but nothing is connected to.
pub(crate) fn check(
    config: &Config,
    origins: &BTreeMap<String, Origin>,
    environment: &Environment,
) -> Vec<Problem> {
    let mut checking = Checking { origins, environment, problems: Vec::new() };
    checking.files(config);
    for source in &config.sources {
        checking.source(source);
    }
    if config.sources.is_empty() {
        let text = "there is no source: add a section `[[source]]`, or give a folder to watch";
        checking.note("source", text.to_owned());
    }
    for sink in &config.sinks {
        checking.sink(sink);
    }
    checking.console(&config.console);
    checking.problems
}

struct Checking<'c> {
    origins: &'c BTreeMap<String, Origin>,
    environment: &'c Environment,
    problems: Vec<Problem>,
}

impl Checking<'_> {
    fn note(&mut self, key: &str, text: String) {
        let origin = self.origins.get(key).cloned().unwrap_or(Origin::Default);
        self.problems.push(Problem { origin, key: key.to_owned(), text });
    }

    fn files(&mut self, config: &Config) {
        if config.store.path.exists() && !config.store.path.is_dir() {
            self.note("store.path", "is not a folder".to_owned());
        }
        for path in &config.analysis.inventory {
            self.file("analysis.inventory", path);
        }
        for path in &config.analysis.geo {
            self.file("analysis.geo", path);
        }
        let ranges = config.analysis.ip_ranges.as_deref();
        if let Some(path) = ranges.filter(|path| *path != Path::new(NO_RANGES)) {
            self.file("analysis.ip_ranges", path);
        }
        for path in &config.verify.public_keys {
            self.file("verify.public_keys", path);
        }
    }

    /// The console is open to nobody by mistake.
    fn console(&mut self, console: &Console) {
        let is_https = |url: &LinkBase| url.as_str().starts_with("https://");
        let is_local = console.address.ip().is_loopback();
        if console.enabled && !is_local {
            if console.oidc_issuer.is_none() && console.tokens.is_empty() {
                let text = "is not on this machine: that needs `oidc_issuer` or `tokens`";
                self.note("console.address", text.to_owned());
            }
            if !console.public_url.as_ref().is_some_and(is_https) {
                let text = "is not on this machine: that needs a `public_url` with `https://`";
                self.note("console.address", text.to_owned());
            }
        }
        let Some(issuer) = &console.oidc_issuer else {
            return;
        };
        if Endpoint::parse(issuer.as_str()).is_none() {
            let text = "is an address with `https://`, or with `http://` on this machine";
            self.note("console.oidc_issuer", text.to_owned());
        }
        if console.oidc_client_id.is_none() {
            let text = "is needed where there is an `oidc_issuer`";
            self.note("console.oidc_client_id", text.to_owned());
        }
        if console.public_url.is_none() {
            let text = "is needed where there is an `oidc_issuer`: the provider leads back to it";
            self.note("console.public_url", text.to_owned());
        }
        if console.oidc_roles.is_empty() {
            self.note("console.oidc_roles", "gives nobody a role".to_owned());
        }
        let variable = console.oidc_client_secret_env.as_ref();
        if variable.is_some_and(|name| !self.environment.contains_key(name.as_str())) {
            let text = "names an environment variable that is not set";
            self.note("console.oidc_client_secret_env", text.to_owned());
        }
    }

    fn file(&mut self, key: &str, path: &Path) {
        if let Err(error) = fs::File::open(path) {
            self.note(key, format!("cannot open `{}`: {error}", path.display()));
        } else if path.is_dir() {
            self.note(key, format!("`{}` is a folder", path.display()));
        }
    }

    fn source(&mut self, source: &Source) {
        let key = |key: &str| format!("source.{}.{key}", source.name);
        match &source.settings {
            SourceSettings::Folder(folder) => {
                let is_glob = folder.path.to_string_lossy().contains(['*', '?', '[', '{']);
                if !is_glob && let Err(error) = fs::metadata(&folder.path) {
                    let path = folder.path.display();
                    self.note(&key("path"), format!("cannot open `{path}`: {error}"));
                }
            }
            SourceSettings::LookupEvents(lookup) if lookup.regions.is_empty() => {
                self.note(&key("regions"), "names no region".to_owned());
            }
            SourceSettings::LookupEvents(_) | SourceSettings::S3(_) | SourceSettings::Sqs(_) => {}
        }
    }

    fn sink(&mut self, sink: &Sink) {
        match &sink.settings {
            SinkSettings::PagerDuty(pager) => self.pager_duty(sink, pager),
            SinkSettings::Slack(slack) => self.slack(sink, slack),
            SinkSettings::Webhook(webhook) => self.webhook(sink, webhook),
            SinkSettings::EventBridge(_)
            | SinkSettings::SecurityHub(_)
            | SinkSettings::Stdout(_) => {}
        }
    }

    fn pager_duty(&mut self, sink: &Sink, pager: &PagerDutySink) {
        let pair = (pager.secret_env.as_ref(), pager.secret_file.as_ref());
        if self.secret(sink, "secret", pair).is_none() && pair == (None, None) {
            self.missing(sink, "the integration key", "secret");
        }
    }

    fn slack(&mut self, sink: &Sink, slack: &SlackSink) {
        let pair = (slack.url_env.as_ref(), slack.url_file.as_ref());
        if !self.endpoint(sink, pair) && pair == (None, None) {
            self.missing(sink, "the address of the incoming webhook", "url");
        }
    }

    fn webhook(&mut self, sink: &Sink, webhook: &WebhookSink) {
        let pair = (webhook.url_env.as_ref(), webhook.url_file.as_ref());
        let is_elsewhere = pair != (None, None);
        self.endpoint(sink, pair);
        match (&webhook.url, is_elsewhere) {
            (None, false) => self.missing(sink, "the address, in `url` or", "url"),
            (Some(_), true) => {
                let text = "is one address too many: `url_env` or `url_file` gives it, too";
                self.note(&format!("sink.{}.url", sink.name), text.to_owned());
            }
            (None, true) | (Some(_), false) => {}
        }
        let pair = (webhook.secret_env.as_ref(), webhook.secret_file.as_ref());
        self.secret(sink, "secret", pair);
        let pair = (webhook.authorization_env.as_ref(), webhook.authorization_file.as_ref());
        self.secret(sink, "authorization", pair);
        if let Some(path) = &webhook.ca_file
            && let Err(reason) = certificates(path)
        {
            self.note(&format!("sink.{}.ca_file", sink.name), reason);
        }
    }

    fn missing(&mut self, sink: &Sink, what: &str, key: &str) {
        let text = format!("needs {what} in `{key}_env` or `{key}_file`");
        let origin = self.origins.get(&format!("sink.{}.name", sink.name));
        let origin = origin.cloned().unwrap_or(Origin::Default);
        self.problems.push(Problem { origin, key: format!("sink.{}", sink.name), text });
    }

    /// Whether the address that lies in a secret is one that something may be sent to.
    fn endpoint(&mut self, sink: &Sink, pair: (Option<&VariableName>, Option<&PathBuf>)) -> bool {
        let Some((key, secret)) = self.secret(sink, "url", pair) else {
            return false;
        };
        let is_endpoint = Endpoint::parse(secret.expose()).is_some();
        if !is_endpoint {
            let expected = <Endpoint as super::setting::Setting>::expected();
            self.note(&key, format!("names something else than {expected}"));
        }
        is_endpoint
    }

    /// The secret that one of two settings names, and the key of that one.
    fn secret(
        &mut self,
        sink: &Sink,
        what: &str,
        (variable, file): (Option<&VariableName>, Option<&PathBuf>),
    ) -> Option<(String, Secret)> {
        let key = |kind: &str| format!("sink.{}.{what}_{kind}", sink.name);
        if variable.is_some() && file.is_some() {
            let text = format!("is one place too many: `{what}_env` names another");
            self.note(&key("file"), text);
        }
        let place = SecretPlace::of(variable, file)?;
        let key = key(if variable.is_some() { "env" } else { "file" });
        match place.read(self.environment) {
            Ok(secret) => Some((key, secret)),
            Err(error) => {
                self.note(&key, error.to_string());
                None
            }
        }
    }
}

impl SecretPlace {
    /// The secret that lies there.
    ///
    /// # Errors
    ///
    /// Where there is none, without a word of what is there instead.
    pub fn read(&self, environment: &Environment) -> Result<Secret, SecretError> {
        match self {
            Self::File(path) => Secret::read(path),
            Self::Variable(name) => {
                let value = environment.get(name.as_str()).ok_or(SecretError::NotSet)?;
                Secret::new(value)
            }
        }
    }
}

/// The certificates (PEM) in the file at `path`, or why there are none.
pub(crate) fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let read = CertificateDer::pem_file_iter(path).and_then(Iterator::collect);
    let certificates: Vec<_> = read.map_err(|error| format!("cannot be read: {error}"))?;
    if certificates.is_empty() {
        return Err("holds no certificate in PEM".to_owned());
    }
    Ok(certificates)
}
