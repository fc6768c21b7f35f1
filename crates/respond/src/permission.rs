//! The permissions that commands of the AWS CLI take.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::command::Command;
use crate::step::Step;

/// The option of a command whose credentials come from elsewhere, with permissions of their own.
const PROFILE: &str = "--profile";

/// Services of the CLI whose permissions bear another name.
const SERVICES: [(&str, &str); 2] = [("s3api", "s3"), ("sso-admin", "sso")];

/// Operations whose permission bears another name (service authorization reference).
const OPERATIONS: [(&str, &str); 3] = [
    ("delete-bucket-replication", "PutReplicationConfiguration"),
    ("get-bucket-replication", "GetReplicationConfiguration"),
    ("put-bucket-replication", "PutReplicationConfiguration"),
];

/// Parts of names that AWS writes in capitals.
const CAPITALS: [(&str, &str); 5] = [
    ("open-id-connect", "OpenIDConnect"),
    ("db", "DB"),
    ("mfa", "MFA"),
    ("saml", "SAML"),
    ("ssh", "SSH"),
];

/// Adds what the commands of `step` take to the permissions that it says.
pub(crate) fn complete(step: &mut Step) {
    let checked = step.check.iter().map(|check| &check.command);
    let needed = step.precondition.iter().map(|precondition| &precondition.command);
    let commands = step.preview.iter().chain(&step.command).chain(checked).chain(&step.undo);
    for command in commands.chain(needed) {
        add(&mut step.needs, command);
    }
}

/// Adds what `command` takes to `needs`, and whatever it reads before.
fn add(needs: &mut Vec<String>, command: &Command) {
    let inputs = command.inputs.iter().map(|input| &input.argv);
    for argv in core::iter::once(&command.argv).chain(inputs) {
        let needed = of(argv);
        needs.extend(needed.filter(|one| !needs.contains(one)));
    }
}

/// The permission that a command takes, such as `iam:ListSSHPublicKeys`.
fn of(argv: &[String]) -> Option<String> {
    let [program, service, operation, rest @ ..] = argv else {
        return None;
    };
    let is_free = service == "configure" || operation == "get-caller-identity";
    if program != "aws" || is_free || rest.iter().any(|word| word == PROFILE) {
        return None;
    }
    let known = |names: &[(&str, &'static str)], name: &str| {
        names.iter().find(|(own, _)| *own == name).map(|(_, other)| *other)
    };
    let service = known(&SERVICES, service).unwrap_or(service);
    let operation = known(&OPERATIONS, operation).map_or_else(|| name(operation), String::from);
    Some(format!("{service}:{operation}"))
}

/// An operation of the CLI as AWS names it.
fn name(operation: &str) -> String {
    let operation = operation.replace("open-id-connect", "openidconnect");
    let word = |word: &str| {
        let mut capitals = CAPITALS.iter().filter(|(own, _)| own.replace('-', "") == word);
        if let Some((_, name)) = capitals.next() {
            return (*name).to_string();
        }
        let mut letters = word.chars();
        let first = letters.next().map(|first| first.to_ascii_uppercase());
        first.into_iter().chain(letters).collect()
    };
    operation.split('-').map(word).collect()
}

#[cfg(test)]
mod tests {
    use alloc::string::{String, ToString};
    use alloc::vec::Vec;

    use super::of;

    fn needed(command: &str) -> Option<String> {
        let argv: Vec<String> = command.split(' ').map(ToString::to_string).collect();
        of(&argv)
    }

    #[test]
    fn permissions_bear_the_names_of_aws() {
        for (command, permission) in [
            ("aws iam list-ssh-public-keys --user-name a", "iam:ListSSHPublicKeys"),
            ("aws iam deactivate-mfa-device", "iam:DeactivateMFADevice"),
            ("aws iam get-open-id-connect-provider", "iam:GetOpenIDConnectProvider"),
            ("aws iam delete-saml-provider", "iam:DeleteSAMLProvider"),
            ("aws identitystore get-user-id", "identitystore:GetUserId"),
            ("aws rds modify-db-snapshot-attribute", "rds:ModifyDBSnapshotAttribute"),
            ("aws sso-admin list-instances", "sso:ListInstances"),
            ("aws s3api delete-bucket-replication", "s3:PutReplicationConfiguration"),
            ("aws lambda delete-function-url-config", "lambda:DeleteFunctionUrlConfig"),
        ] {
            assert_eq!(needed(command).as_deref(), Some(permission));
        }
        for command in [
            "aws sts get-caller-identity",
            "aws configure set credential_process x",
            "aws iam list-access-keys --profile other",
            "rolecall scan x",
        ] {
            assert_eq!(needed(command), None, "{command}");
        }
    }
}
