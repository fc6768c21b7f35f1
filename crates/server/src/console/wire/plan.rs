//! Response plans as `respond` writes them, and the ticks of people.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Tick;

/// A plan with its ticks.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct PlanBody {
    /// The plan, as `rolecall respond --format json`; absent where there is nothing to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<PlanDocument>)]
    pub plan: Option<serde_json::Value>,
    /// Steps that were done.
    pub ticks: Vec<Tick>,
}

/// What to do about an incident, in order.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanDocument {
    /// Number of the form.
    pub schema: String,
    /// The incident.
    pub incident_id: String,
    /// What happened, in one line.
    pub title: String,
    /// Time of the last event of the chain.
    pub t0: String,
    /// Credentials that were issued before this time are revoked.
    pub cut_off: String,
    /// When the last credential of the chain has expired.
    pub watch_until: String,
    /// The accounts of the chain.
    pub accounts: Vec<String>,
    /// What to know before the first step.
    pub warnings: Vec<String>,
    /// The credentials of the chain.
    pub credentials: Vec<CredentialStanding>,
    /// Credentials that are not listed.
    pub credentials_left_out: u64,
    /// What to do, in order.
    pub steps: Vec<StepBody>,
}

/// A credential that must not work any more.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CredentialStanding {
    /// Hops to it.
    pub hop: u32,
    /// ARN of its principal.
    pub principal_arn: Option<String>,
    /// `principalId`.
    pub principal_id: String,
    /// Account.
    pub account_id: String,
    /// Its keys.
    pub access_key_ids: Vec<String>,
    /// Whether it is a long-term key.
    pub is_long_term: bool,
    /// When it was issued.
    pub created: Option<String>,
    /// When it expires.
    pub expires: Option<String>,
    /// When it was last used.
    pub last_used: Option<String>,
}

/// A step.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StepBody {
    /// Its name, the same when the plan grows.
    pub id: String,
    /// `preserve`, `contain`, `cut_origin`, `remove_persistence`, `close_way_back`, `recover` or
    /// `verify`.
    pub phase: String,
    /// What to do.
    pub title: String,
    /// What it does and why.
    pub why: String,
    /// What it may break: `safe`, `disruptive` or `destructive`.
    pub risk: String,
    /// When to do it, if not always.
    pub condition: Option<String>,
    /// What has to be so for there to be anything to do.
    pub precondition: Option<PreconditionBody>,
    /// Whether the command is run again for as long as the precondition holds.
    #[serde(default)]
    #[schema(required = false)]
    pub repeats: bool,
    /// Account to do it in.
    pub account_id: Option<String>,
    /// Region to do it in.
    pub region: Option<String>,
    /// Permissions that it takes.
    pub needs: Vec<String>,
    /// Where in AWS's console.
    pub console: ConsoleBody,
    /// Why there is no command, where a value of the logs may not enter one.
    pub refused: Option<String>,
    /// What to look at before.
    pub preview: Option<CommandBody>,
    /// What to run.
    pub command: Option<CommandBody>,
    /// How to see that it is done.
    pub check: Option<CheckBody>,
    /// How to go back.
    pub undo: Vec<CommandBody>,
    /// What there is to know about going back.
    pub undo_note: Option<String>,
    /// Who else is affected.
    pub affects: Vec<AffectedBody>,
    /// Others who are affected and not listed.
    pub affects_left_out: u64,
    /// What it sets, which somebody might undo.
    #[schema(value_type = Vec<Object>)]
    pub sets: Vec<serde_json::Value>,
    /// Where the facts come from.
    pub references: Vec<String>,
}

/// Where in AWS's console to do it.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConsoleBody {
    /// The page, where every part of its address could be checked.
    pub url: Option<String>,
    /// What to press there, in words.
    pub path: String,
}

/// A command: a program and its arguments.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CommandBody {
    /// Program and arguments, without any quoting.
    pub argv: Vec<String>,
    /// What takes the place of markers in the arguments.
    #[serde(default)]
    #[schema(required = false)]
    pub inputs: Vec<InputBody>,
    /// The same as one line for a POSIX shell: what a copy button copies.
    pub shell: String,
}

/// A value that is read, or asked for, when a command is run.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InputBody {
    /// What stands in the arguments for it.
    pub marker: String,
    /// The command whose output it is; none where a person says it.
    #[serde(default)]
    #[schema(required = false)]
    pub argv: Vec<String>,
    /// The variable of the shell that holds it, where a person says it.
    pub variable: Option<String>,
    /// What to say, where a person says it.
    pub what: Option<String>,
}

/// What a check has to give.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExpectBody {
    /// How it is compared, such as `equals`.
    pub kind: String,
    /// With what.
    #[schema(value_type = Option<Object>)]
    pub value: Option<serde_json::Value>,
}

/// A read command, and what it has to give.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckBody {
    /// The command.
    pub command: CommandBody,
    /// What it has to give.
    pub expect: ExpectBody,
}

/// What has to be so for a step to have anything to do.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PreconditionBody {
    /// In words.
    pub what: String,
    /// How to see it.
    pub command: CommandBody,
    /// What that has to give.
    pub expect: ExpectBody,
}

/// Somebody who is affected by a step, beside whom it is meant for.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AffectedBody {
    /// Who, in words.
    pub who: String,
    /// What they do.
    pub what: String,
    /// When they did it last.
    pub last: String,
    /// When they come next, by their rhythm.
    pub next: Option<String>,
}
