//! Takes away what was left behind: disabled now, removed later, or set back to what it was.

mod access;
mod compute;
mod data;
mod entity;
mod function;
mod hanging;
mod machine;
mod policies;

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use detect::Left;
use evidence::ArtifactKind;

use crate::case::Case;
use crate::grammar::Refused;
use crate::place::Place;
use crate::step::{Doing, Phase, Risk, Step};

/// Something left behind, and where.
pub(crate) struct Thing<'c> {
    pub(crate) case: &'c Case<'c>,
    pub(crate) left: &'c Left,
    pub(crate) place: Place,
}

/// What is done now, and what is done later.
#[derive(Default)]
pub(crate) struct Steps {
    pub(crate) now: Vec<Step>,
    pub(crate) later: Vec<Step>,
    /// Ids of those of now that set what stood there before.
    pub(crate) is_as_before: BTreeSet<String>,
}

impl Steps {
    fn now(step: Step) -> Self {
        Self { now: [step].into(), ..Self::default() }
    }

    fn and_later(mut self, step: Step) -> Self {
        self.later.push(step);
        self
    }

    fn and_now(mut self, step: Step) -> Self {
        self.now.push(step);
        self
    }
}

/// Services whose things lie in no Region.
const GLOBAL: [&str; 3] = ["iam.amazonaws.com", "organizations.amazonaws.com", "sts.amazonaws.com"];

/// The steps about everything that was left behind, each once.
pub(crate) fn steps(case: &Case<'_>) -> Steps {
    let mut all = Steps::default();
    let mut later: Vec<Vec<Step>> = Vec::new();
    for left in &case.extent.left_behind {
        let arn = if left.caller_arn.is_empty() {
            format!("arn:{}:x:::x", case.home.partition())
        } else {
            String::from(&*left.caller_arn)
        };
        let is_global = GLOBAL.contains(&&*left.event_source);
        let region = if is_global { "" } else { &*left.region };
        let place = Place::of(&arn, &left.account_id, region);
        let steps = of(&Thing { case, left, place });
        all.now.extend(steps.now.into_iter().map(reopens));
        all.is_as_before.extend(steps.is_as_before);
        later.push(steps.later);
    }
    // What was made last is removed first: IAM deletes nothing on which something hangs.
    all.later = later.into_iter().rev().flatten().collect();
    all
}

/// Says of a `step` that can be undone what that does.
fn reopens(mut step: Step) -> Step {
    if !step.undo.is_empty() {
        let rest = step.undo_note.map(|note| format!(" {note}")).unwrap_or_default();
        step.undo_note = Some(format!(
            "Going back lets the attacker in again: what your templates say is better.{rest}"
        ));
    }
    step
}

fn of(thing: &Thing<'_>) -> Steps {
    use ArtifactKind as A;
    match thing.left.artifact {
        A::AccessKey => entity::access_key(thing),
        A::IamUser => entity::user(thing),
        A::LoginProfile => entity::login_profile(thing),
        A::Group => entity::group(thing),
        A::GroupMembership => entity::group_membership(thing),
        A::Role => entity::role(thing),
        A::MfaDevice => access::mfa_device(thing),
        A::ServiceSpecificCredential => access::service_specific_credential(thing),
        A::SshPublicKey => access::ssh_public_key(thing),
        A::SigningCertificate => access::signing_certificate(thing),
        A::SamlProvider => access::provider(thing, "saml-provider"),
        A::OidcProvider => access::provider(thing, "oidc-provider"),
        A::TrustAnchor => access::trust_anchor(thing),
        A::FederationToken => access::federation_token(thing),
        A::RootSession => access::root_session(thing),
        A::IdentityCenterUser => access::identity_center_user(thing),
        A::AccountAssignment => access::account_assignment(thing),
        A::PermissionSet => access::permission_set(thing),
        A::OrganizationAccount | A::OrganizationMembership => access::organization(thing),
        A::PolicyAttachment => policies::attachment(thing),
        A::InlinePolicy => policies::inline(thing),
        A::PolicyVersion => policies::version(thing),
        A::TrustPolicy => policies::trust(thing),
        A::PermissionsBoundary => policies::boundary(thing),
        A::RoleSettings => policies::role_settings(thing),
        A::LambdaFunction => function::function(thing),
        A::LambdaPermission => function::function_permission(thing),
        A::EventRule => function::rule(thing),
        A::Instance => machine::instance(thing),
        A::InstanceProfile => machine::instance_profile(thing),
        A::InstanceConnectKey => machine::instance_connect(thing),
        A::KeyPair => machine::key_pair(thing),
        A::UserData => machine::user_data(thing),
        A::EksAccessEntry => compute::access_entry(thing),
        A::PodIdentityAssociation => compute::pod_identity(thing),
        A::TaskDefinition => compute::task_definition(thing),
        A::BuildProject => compute::build_project(thing),
        A::Stack => compute::stack(thing),
        A::LifecycleConfiguration => compute::lifecycle_configuration(thing),
        A::SsmActivation => compute::activation(thing),
        A::SsmDocument => compute::document(thing),
        A::BucketPolicy => data::bucket(thing),
        A::KmsKeyPolicy => data::kms_key(thing),
        A::ResourcePolicy => data::resource_policy(thing),
        A::SharedImage => data::shared_image(thing),
    }
}

impl Thing<'_> {
    /// Whether the call was `event_name`, in whichever version of its API.
    fn is(&self, event_name: &str) -> bool {
        self.left.event_name.starts_with(event_name)
    }

    /// A step that disables, or sets back, now.
    fn now(&self, kind: &str, title: &str, why: &str) -> Step {
        self.step(Phase::RemovePersistence, kind, title, why)
    }

    /// A step that removes for good.
    fn later(&self, kind: &str, title: &str, why: &str) -> Step {
        self.step(Phase::Recover, kind, title, why).risk(Risk::Destructive).only_if(
            "Only after the evidence is kept and the verification, the last section of this \
                 plan, came out clean.",
        )
    }

    fn step(&self, phase: Phase, kind: &str, title: &str, why: &str) -> Step {
        let left = self.left;
        let name = left.access_key_id.as_deref().unwrap_or(&left.name);
        let id = match &*left.detail {
            "" => format!("{kind}/{}/{name}", left.account_id),
            detail => format!("{kind}/{}/{name}/{detail}", left.account_id),
        };
        let event = left.event_id.as_deref().unwrap_or("without an id");
        let why = format!(
            "{why} Left behind by {} at {} (event {event}).",
            left.event_name, left.event_time
        );
        Step::new(phase, &id, title, &why).at(&self.place)
    }

    /// What is known of the value before, in words.
    fn before_words(&self) -> String {
        match &self.left.earlier {
            Some(earlier) => format!(
                "What it was before was written by {} at {} (event {}).",
                earlier.event_name,
                earlier.event_time,
                earlier.event_id.as_deref().unwrap_or("without an id")
            ),
            None => "These logs do not hold what it was before.".into(),
        }
    }

    /// A page of a service in the thing's Region.
    fn page(&self, service: &str, fragment: &str) -> Option<String> {
        self.place.service_page(service, fragment)
    }

    /// The thing's name, as `grammar` accepts it, in an account that is one.
    fn name<'t>(
        &'t self,
        grammar: impl Fn(&'t str) -> Result<&'t str, Refused>,
    ) -> Result<&'t str, Refused> {
        self.place.checked()?;
        grammar(&self.left.name)
    }

    /// The same for things that lie in a Region.
    fn regional<'t>(
        &'t self,
        grammar: impl Fn(&'t str) -> Result<&'t str, Refused>,
    ) -> Result<&'t str, Refused> {
        self.place.checked_region()?;
        grammar(&self.left.name)
    }

    /// A step without a command: AWS has none that suits, or the logs hold too little.
    fn by_hand(&self, kind: &str, title: &str, why: &str, console: (Option<String>, &str)) -> Step {
        self.now(kind, title, why)
            .risk(Risk::Disruptive)
            .console(console.0, console.1)
            .doing(Ok(Doing::default()))
    }
}
