//! One API call: what was asked, what was answered.

use alloc::borrow::Cow;
use alloc::string::String;

/// The classes of record that a trail holds.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Kind {
    /// A management event of an API.
    Api,
    /// A sign-in to the console.
    ConsoleSignIn,
    /// A data event, such as reading an object.
    Data,
    /// Something that a service did by itself.
    ServiceEvent,
}

/// The part of a record that differs from call to call. An empty text stands for an absent field.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) kind: Kind,
    /// The service, without `.amazonaws.com`.
    pub(crate) service: &'static str,
    pub(crate) name: &'static str,
    pub(crate) is_read_only: bool,
    pub(crate) request: Cow<'static, str>,
    pub(crate) response: Cow<'static, str>,
    pub(crate) error_code: &'static str,
    pub(crate) error_message: String,
    pub(crate) additional: String,
    pub(crate) resources: String,
    pub(crate) details: String,
    pub(crate) shared_event_id: String,
    /// Left empty to get a fresh one.
    pub(crate) request_id: String,
}

impl Call {
    pub(crate) fn read(service: &'static str, name: &'static str) -> Self {
        Self {
            kind: Kind::Api,
            service,
            name,
            is_read_only: true,
            request: Cow::Borrowed("null"),
            response: Cow::Borrowed("null"),
            error_code: "",
            error_message: String::new(),
            additional: String::new(),
            resources: String::new(),
            details: String::new(),
            shared_event_id: String::new(),
            request_id: String::new(),
        }
    }

    pub(crate) fn write(service: &'static str, name: &'static str) -> Self {
        Self { is_read_only: false, ..Self::read(service, name) }
    }

    pub(crate) fn sign_in(name: &'static str) -> Self {
        Self { kind: Kind::ConsoleSignIn, ..Self::write("signin", name) }
    }

    pub(crate) fn service_event(service: &'static str, name: &'static str) -> Self {
        Self { kind: Kind::ServiceEvent, ..Self::write(service, name) }
    }

    pub(crate) fn request(mut self, request: impl Into<Cow<'static, str>>) -> Self {
        self.request = request.into();
        self
    }

    pub(crate) fn response(mut self, response: impl Into<Cow<'static, str>>) -> Self {
        self.response = response.into();
        self
    }

    pub(crate) fn additional(mut self, additional: String) -> Self {
        self.additional = additional;
        self
    }

    pub(crate) fn resources(mut self, resources: String) -> Self {
        self.resources = resources;
        self
    }

    /// The call as refused: what was asked for stands in the message alone.
    pub(crate) fn denied(mut self, code: &'static str, message: String) -> Self {
        self.request = Cow::Borrowed("null");
        self.response = Cow::Borrowed("null");
        self.error_code = code;
        self.error_message = message;
        self
    }
}
