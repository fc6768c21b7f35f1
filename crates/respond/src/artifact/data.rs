//! Data that was opened: buckets, keys, secrets, queues, images.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use evidence::Remark;

use super::{Steps, Thing};
use crate::command::Aws;
use crate::grammar::{self, Refused};
use crate::policy;
use crate::step::{Doing, Expect, Risk};

/// Characters of a bucket's policy (S3 quotas), and of a key's (KMS quotas, 32 KiB).
const DOCUMENT_MAX: usize = 20_480;

impl Thing<'_> {
    /// The policy before, where the logs hold it.
    fn document_before(&self) -> Option<String> {
        let earlier = self.left.earlier.as_ref()?;
        policy::of_logs(&earlier.document, DOCUMENT_MAX).ok()
    }

    /// The policy that the attacker wrote.
    fn document_made(&self) -> Option<String> {
        policy::of_logs(&self.left.document, DOCUMENT_MAX).ok()
    }
}

/// Goes back to the attacker's policy, or asks for it.
fn undo(doing: Doing, thing: &Thing<'_>, set: impl Fn(&str) -> Aws) -> Doing {
    match thing.document_made() {
        Some(made) => doing.undo(set(&made)),
        None => doing.undo(set("{{policy}}").asked(
            "{{policy}}",
            "POLICY",
            "the policy before, from the preview",
        )),
    }
}

pub(super) fn bucket(thing: &Thing<'_>) -> Steps {
    let name = &*thing.left.name;
    let (title, doing) = if thing.is("PutBucketAcl") {
        (format!("Make the access list of bucket {name} private"), acl(thing))
    } else if thing.is("PutBucketReplication") {
        (format!("Stop the replication of bucket {name}"), replication(thing))
    } else {
        (format!("Set the policy of bucket {name} back"), bucket_policy(thing))
    };
    let why = format!(
        "Data goes out by it without any credential of the chain. {}",
        thing.before_words()
    );
    let step = thing
        .now("bucket", &title, &why)
        .risk(Risk::Disruptive)
        .console(thing.place.console("s3/home"), &format!("S3 → Buckets → {name} → Permissions → Bucket policy, Access control list; Management → Replication rules"))
        .undo_note("Keep the output of the preview: it is what the undo sets again.")
        .doing(doing);
    Steps::now(step)
}

fn bucket_policy(thing: &Thing<'_>) -> Result<Doing, Refused> {
    let name = thing.regional(grammar::bucket_name)?;
    let on = |operation| Aws::new(&thing.place, "s3api", operation).opt("bucket", name);
    let get = || on("get-bucket-policy").query("Policy");
    let set = |document: &str| on("put-bucket-policy").opt("policy", document);
    let doing = match thing.document_before() {
        Some(before) => Doing::run(set(&before)).check(get(), Expect::Contains("Statement".into())),
        None => Doing::run(on("delete-bucket-policy"))
            .check(get(), Expect::Fails("NoSuchBucketPolicy".into())),
    };
    Ok(undo(doing.preview(get()), thing, set))
}

fn acl(thing: &Thing<'_>) -> Result<Doing, Refused> {
    let name = thing.regional(grammar::bucket_name)?;
    let on = |operation| Aws::new(&thing.place, "s3api", operation).opt("bucket", name);
    let get = || on("get-bucket-acl");
    Ok(Doing::run(on("put-bucket-acl").opt("acl", "private"))
        .preview(get())
        .check(get().query("Grants[].Grantee.URI"), Expect::Lacks("groups/global".into()))
        .undo(on("put-bucket-acl").opt("access-control-policy", "{{acl}}").asked(
            "{{acl}}",
            "ACL",
            "the list before, from the preview",
        )))
}

fn replication(thing: &Thing<'_>) -> Result<Doing, Refused> {
    let name = thing.regional(grammar::bucket_name)?;
    let on = |operation| Aws::new(&thing.place, "s3api", operation).opt("bucket", name);
    Ok(Doing::run(on("delete-bucket-replication"))
        .preview(on("get-bucket-replication").opt("query", "ReplicationConfiguration"))
        .check(
            on("get-bucket-replication"),
            Expect::Fails("ReplicationConfigurationNotFoundError".into()),
        )
        .undo(
            on("put-bucket-replication").opt("replication-configuration", "{{replication}}").asked(
                "{{replication}}",
                "REPLICATION",
                "the configuration before, from the preview",
            ),
        ))
}

pub(super) fn kms_key(thing: &Thing<'_>) -> Steps {
    let name = &*thing.left.name;
    let is_grant = thing.is("CreateGrant");
    let doing = thing.regional(grammar::kms_key_id).map(|key| {
        let on = |operation| Aws::new(&thing.place, "kms", operation).opt("key-id", key);
        if is_grant {
            let list =
                || on("list-grants").query("Grants[].[GrantId,GranteePrincipal,CreationDate]");
            let revoke = on("revoke-grant").opt("grant-id", "{{grant_id}}");
            return Doing::run(revoke.asked(
                "{{grant_id}}",
                "GRANT_ID",
                "the grant, from the preview",
            ))
            .preview(list());
        }
        let get = || on("get-key-policy").opt("policy-name", "default").query("Policy");
        let set = |document: &str| {
            on("put-key-policy").opt("policy-name", "default").opt("policy", document)
        };
        let Some(before) = thing.document_before() else {
            return Doing::look(get());
        };
        undo(
            Doing::run(set(&before))
                .preview(get())
                .check(get(), Expect::Contains("Statement".into())),
            thing,
            set,
        )
    });
    let what =
        if is_grant { "Revoke the attacker's grant on key" } else { "Set the policy of key back:" };
    let why = format!(
        "Whoever it names can decrypt with the key. A policy that does not name your \
         administrators locks everybody out: read it before it is set. {}",
        thing.before_words()
    );
    let step = thing
        .now("kms_key", &format!("{what} {name}"), &why)
        .risk(if is_grant { Risk::Destructive } else { Risk::Disruptive })
        .console(
            thing.page("kms", "#/kms/keys"),
            "KMS → Customer managed keys → the key → Key policy → Edit",
        )
        .undo_note("A grant is made again with the members that the preview shows.")
        .doing(doing);
    Steps::now(step)
}

pub(super) fn resource_policy(thing: &Thing<'_>) -> Steps {
    let name = &*thing.left.name;
    let (doing, page) = match &*thing.left.event_source {
        "secretsmanager.amazonaws.com" => {
            (secret(thing), thing.page("secretsmanager", "#!/listSecrets"))
        }
        "ecr.amazonaws.com" => (repository(thing), thing.page("ecr", "#/repositories")),
        "sns.amazonaws.com" => (labelled(thing, "sns", "topic-arn"), thing.page("sns", "#/topics")),
        _ => (labelled(thing, "sqs", "queue-url"), thing.page("sqs", "#/queues")),
    };
    let why = format!(
        "Whoever it names gets at it with credentials of their own. {}",
        thing.before_words()
    );
    let step = thing
        .now("resource_policy", &format!("Set the policy of {name} back"), &why)
        .risk(Risk::Disruptive)
        .console(page, &format!("{name} → Permissions or Access policy → Edit"))
        .undo_note("Keep the output of the preview: it is what the undo sets again.")
        .doing(doing);
    Steps::now(step)
}

fn secret(thing: &Thing<'_>) -> Result<Doing, Refused> {
    let name = thing.regional(grammar::path_name)?;
    let on = |operation| Aws::new(&thing.place, "secretsmanager", operation).opt("secret-id", name);
    let get = || on("get-resource-policy").query("ResourcePolicy");
    let set = |document: &str| on("put-resource-policy").opt("resource-policy", document);
    let doing = match thing.document_before() {
        Some(before) => Doing::run(set(&before)).check(get(), Expect::Contains("Statement".into())),
        None => {
            Doing::run(on("delete-resource-policy")).check(get(), Expect::Equals("None".into()))
        }
    };
    Ok(undo(doing.preview(get()), thing, set))
}

fn repository(thing: &Thing<'_>) -> Result<Doing, Refused> {
    let name = thing.regional(grammar::path_name)?;
    let on = |operation| Aws::new(&thing.place, "ecr", operation).opt("repository-name", name);
    let get = || on("get-repository-policy").query("policyText");
    let set = |document: &str| on("set-repository-policy").opt("policy-text", document);
    let doing = match thing.document_before() {
        Some(before) => Doing::run(set(&before)).check(get(), Expect::Contains("Statement".into())),
        None => Doing::run(on("delete-repository-policy"))
            .check(get(), Expect::Fails("RepositoryPolicyNotFoundException".into())),
    };
    Ok(undo(doing.preview(get()), thing, set))
}

/// A statement that was added by its label.
fn labelled(thing: &Thing<'_>, service: &str, option: &str) -> Result<Doing, Refused> {
    let name = match service {
        "sns" => thing.regional(grammar::arn)?,
        _ => thing.regional(grammar::queue_url)?,
    };
    let on = |operation: &str| Aws::new(&thing.place, service, operation).opt(option, name);
    let look = if service == "sns" {
        on("get-topic-attributes")
    } else {
        on("get-queue-attributes").opt("attribute-names", "Policy")
    };
    let label = |operation: &str| {
        let what = "the Sid of the attacker's statement, from the preview";
        on(operation).opt("label", "{{label}}").asked("{{label}}", "LABEL", what)
    };
    let (account, action) = match service {
        "sns" => ("aws-account-id", "action-name"),
        _ => ("aws-account-ids", "actions"),
    };
    let again = label("add-permission")
        .opt(account, "{{account}}")
        .opt(action, "{{action}}")
        .asked("{{account}}", "ACCOUNT", "the statement's account, from the preview")
        .asked("{{action}}", "ACTION", "the statement's action, from the preview");
    Ok(Doing::run(label("remove-permission")).preview(look.query("Attributes.Policy")).undo(again))
}

pub(super) fn shared_image(thing: &Thing<'_>) -> Steps {
    let name = &*thing.left.name;
    let accounts: Vec<&str> = thing
        .left
        .remarks
        .iter()
        .filter_map(|remark| match remark {
            Remark::TrustsAccount(account) => grammar::account_id(account).ok(),
            Remark::TrustsAnyone => Some("all"),
            Remark::GrantsAdministrator
            | Remark::GrantsIam
            | Remark::TrustsAnyoneOnCondition
            | Remark::TrustsProvider(_)
            | Remark::TrustsProviderFreely(_) => None,
        })
        .collect();
    let doing = match &*thing.left.event_name {
        "ModifySnapshotAttribute" => snapshot(thing, &accounts),
        "ModifyImageAttribute" => image(thing, &accounts),
        _ => database(thing, &accounts),
    };
    let why = "Whoever it is shared with can copy it, and keeps the copy: what was in it is to be \
               taken for lost.";
    let with = if accounts.is_empty() { "everybody".to_string() } else { accounts.join(", ") };
    let step = thing
        .now("shared_image", &format!("Stop sharing {name} with {with}"), why)
        .console(thing.page("ec2", "#Snapshots:"), &format!("EC2 → Snapshots or AMIs (RDS → Snapshots) → {name} → Actions → Modify or Edit permissions → Remove"))
        .doing(doing);
    Steps::now(step)
}

/// The first of `accounts`, which a check looks for.
fn first<'a>(accounts: &[&'a str]) -> Result<&'a str, Refused> {
    accounts.first().copied().ok_or(Refused { what: "account id", value: String::new() })
}

fn snapshot(thing: &Thing<'_>, accounts: &[&str]) -> Result<Doing, Refused> {
    let id = thing.regional(grammar::snapshot_id)?;
    let attribute = |operation: &str| {
        let call = Aws::new(&thing.place, "ec2", operation).opt("snapshot-id", id);
        call.opt("attribute", "createVolumePermission")
    };
    let with = first(accounts)?;
    let option = if with == "all" { "group-names" } else { "user-ids" };
    let rest = accounts.iter().skip(1).copied().filter(|account| *account != "all");
    let rest: Vec<&str> = rest.filter(|_| with != "all").collect();
    let modify = |verb: &str| {
        attribute("modify-snapshot-attribute")
            .opt("operation-type", verb)
            .opt(option, with)
            .values(rest.iter().copied())
    };
    let get = || attribute("describe-snapshot-attribute");
    Ok(Doing::run(modify("remove"))
        .preview(get())
        .check(get(), Expect::Lacks(with.into()))
        .undo(modify("add")))
}

fn image(thing: &Thing<'_>, accounts: &[&str]) -> Result<Doing, Refused> {
    let id = thing.regional(grammar::image_id)?;
    let with = first(accounts)?;
    let member = |account: &str| match account {
        "all" => String::from("{Group=all}"),
        account => format!("{{UserId={account}}}"),
    };
    let members: Vec<String> = accounts.iter().map(|account| member(account)).collect();
    let modify = |verb: &str| {
        let change = format!("{verb}=[{}]", members.join(","));
        Aws::new(&thing.place, "ec2", "modify-image-attribute")
            .opt("image-id", id)
            .opt("launch-permission", &change)
    };
    let get = || {
        Aws::new(&thing.place, "ec2", "describe-image-attribute")
            .opt("image-id", id)
            .opt("attribute", "launchPermission")
    };
    Ok(Doing::run(modify("Remove"))
        .preview(get())
        .check(get().query("LaunchPermissions"), Expect::Lacks(with.into()))
        .undo(modify("Add")))
}

fn database(thing: &Thing<'_>, accounts: &[&str]) -> Result<Doing, Refused> {
    let name = thing.regional(grammar::plain_name)?;
    let with = first(accounts)?;
    let rest = || accounts.iter().skip(1).copied();
    let on = |operation: &str| {
        Aws::new(&thing.place, "rds", operation).opt("db-snapshot-identifier", name)
    };
    let modify = |option: &str| {
        on("modify-db-snapshot-attribute")
            .opt("attribute-name", "restore")
            .opt(option, with)
            .values(rest())
    };
    let get = || on("describe-db-snapshot-attributes");
    Ok(Doing::run(modify("values-to-remove"))
        .preview(get())
        .check(get(), Expect::Lacks(with.into()))
        .undo(modify("values-to-add")))
}
