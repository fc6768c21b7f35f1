//! An instance of EC2: keep its disks, take it off the network, take its role away.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use cloudtrail::Arn;
use detect::OriginKind;

use super::step;
use crate::case::Case;
use crate::command::Aws;
use crate::grammar::{self, Refused};
use crate::step::{Doing, Expect, Phase, Risk, SettingOn, Step};

const ISOLATE: &str =
    "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/changing-security-group.html";
const METADATA: &str = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html";

/// Keeps the disks of the instance that the incident began at.
pub(crate) fn preserve(case: &Case<'_>) -> Option<Step> {
    let origin = &case.incident.origin;
    (origin.kind == OriginKind::Ec2Instance).then_some(())?;
    let id = origin.instance_id.as_deref().unwrap_or_default();
    Some(snapshot(case, id, &case.home))
}

/// Keeps the disks of the instance `id`.
pub(crate) fn snapshot(case: &Case<'_>, id: &str, place: &crate::place::Place) -> Step {
    let why = "Keeps the disks as they are now, before anything on the instance changes. Memory is \
               not kept by it: take that first if you can. Do not stop or reboot the instance.";
    let tag = case.name("Evidence");
    let doing = place.checked_region().and_then(|place| {
        let id = grammar::instance_id(id)?;
        let filter = format!("Name=tag:Name,Values={tag}");
        let list = |query: &str| {
            Aws::new(place, "ec2", "describe-snapshots").opt("filters", &filter).query(query)
        };
        let create = Aws::new(place, "ec2", "create-snapshots")
            .opt("instance-specification", &format!("InstanceId={id}"))
            .opt("description", &format!("Evidence of {id}"))
            .opt(
                "tag-specifications",
                &format!("ResourceType=snapshot,Tags=[{{Key=Name,Value={tag}}}]"),
            );
        let volumes = Aws::new(place, "ec2", "describe-volumes")
            .opt("filters", &format!("Name=attachment.instance-id,Values={id}"));
        Ok(there(place, id, Doing::run(create))
            .preview(volumes.query("Volumes[].[VolumeId,Size,Encrypted]"))
            .check(list("Snapshots[].Description"), Expect::Contains(format!("Evidence of {id}")))
            .undo(
                Aws::new(place, "ec2", "delete-snapshot")
                    .opt("snapshot-id", "{{snapshot_id}}")
                    .input("{{snapshot_id}}", list("Snapshots[0].SnapshotId")),
            ))
    });
    Step::new(Phase::Preserve, &format!("snapshot/{id}"), &format!("Take snapshots of all disks of instance {id}"), why)
        .at(place)
        .needs(&["ec2:CreateSnapshots", "ec2:CreateTags", "ec2:DescribeSnapshots"])
        .console(
            place.service_page("ec2", "#CreateSnapshot:"),
            &format!("EC2 → Snapshots → Create snapshot → Instance → {id} → add the tag Name = {tag} → Create snapshot"),
        )
        .undo_note("One snapshot was made for each disk: run the undo once for each. Keep them until the case is closed.")
        .references(&["https://docs.aws.amazon.com/ebs/latest/userguide/ebs-create-snapshot.html"])
        .doing(doing)
}

/// There is something to do only for as long as the instance was not terminated.
fn there(place: &crate::place::Place, id: &str, doing: Doing) -> Doing {
    let states = "Name=instance-state-name,Values=pending,running,stopping,stopped";
    let look = Aws::new(place, "ec2", "describe-instances")
        .opt("filters", &format!("Name=instance-id,Values={id}"))
        .values([states]);
    let look = look.query("Reservations[].Instances[].InstanceId");
    doing.only_where("the instance was not terminated", look, Expect::Equals(id.into()))
}

/// Takes the instance off the network and its credentials away.
pub(super) fn isolate(case: &Case<'_>) -> Vec<Step> {
    let id = case.incident.origin.instance_id.as_deref().unwrap_or_default();
    if grammar::instance_id(id).is_err() {
        return super::unknown(case);
    }
    [
        quarantine_group(case, id),
        quarantine_egress(case),
        quarantine(case, id),
        profile(case, id),
        metadata(case, id),
    ]
    .into()
}

fn vpc_of(case: &Case<'_>, id: &str) -> (String, Option<Aws>) {
    let known = case.incident.background.as_ref().and_then(|known| known.vpc_id.as_deref());
    if let Some(vpc) = known.filter(|vpc| grammar::vpc_id(vpc).is_ok()) {
        return (vpc.into(), None);
    }
    let describe = Aws::new(&case.home, "ec2", "describe-instances").opt("instance-ids", id);
    ("{{vpc_id}}".into(), Some(describe.query("Reservations[0].Instances[0].VpcId")))
}

/// The lookup of the quarantine group's id, or of another of its members.
fn group(case: &Case<'_>, query: &str) -> Aws {
    let filter = format!("Name=group-name,Values={}", case.name("Quarantine"));
    Aws::new(&case.home, "ec2", "describe-security-groups").opt("filters", &filter).query(query)
}

fn quarantine_group(case: &Case<'_>, id: &str) -> Step {
    let name = case.name("Quarantine");
    let doing = case.home.checked_region().map(|place| {
        let (vpc, lookup) = vpc_of(case, id);
        let create = Aws::new(place, "ec2", "create-security-group")
            .opt("group-name", &name)
            .opt("description", "No traffic: evidence of an incident")
            .opt("vpc-id", &vpc);
        let create = match lookup {
            Some(lookup) => create.input("{{vpc_id}}", lookup),
            None => create,
        };
        there(place, id, Doing::run(create))
            .preview(
                Aws::new(place, "ec2", "describe-instances")
                    .opt("instance-ids", id)
                    .query("Reservations[0].Instances[0].[VpcId,SecurityGroups[].GroupId]"),
            )
            .check(group(case, "SecurityGroups[].GroupName"), Expect::Equals(name.clone()))
            .undo(
                Aws::new(place, "ec2", "delete-security-group")
                    .opt("group-id", "{{group_id}}")
                    .input("{{group_id}}", group(case, "SecurityGroups[0].GroupId")),
            )
    });
    let why = "A security group that lets nothing in, for the steps after. AWS gives a new group a \
               rule that lets everything out, which the next step takes away.";
    step("quarantine_group", "Create an empty security group for quarantine", why)
        .at(&case.home)
        .needs(&["ec2:CreateSecurityGroup", "ec2:DescribeSecurityGroups", "ec2:DeleteSecurityGroup"])
        .console(
            case.home.service_page("ec2", "#CreateSecurityGroup:"),
            &format!("EC2 → Security groups → Create security group → name it {name} → the instance's VPC → delete every rule → Create"),
        )
        .references(&[ISOLATE])
        .doing(doing)
}

fn quarantine_egress(case: &Case<'_>) -> Step {
    let all = "IpProtocol=-1,IpRanges=[{CidrIp=0.0.0.0/0}]";
    let rules = "length(SecurityGroups[0].IpPermissionsEgress)";
    let doing = case.home.checked_region().map(|place| {
        let change = |operation: &str| {
            Aws::new(place, "ec2", operation)
                .opt("group-id", "{{group_id}}")
                .opt("ip-permissions", all)
                .input("{{group_id}}", group(case, "SecurityGroups[0].GroupId"))
        };
        Doing::run(change("revoke-security-group-egress"))
            .only_where(
                "the security group was made",
                group(case, "SecurityGroups[].GroupName"),
                Expect::Equals(case.name("Quarantine")),
            )
            .preview(group(case, "SecurityGroups[0].IpPermissionsEgress"))
            .check(group(case, rules), Expect::Equals("0".into()))
            .undo(change("authorize-security-group-egress"))
    });
    let why = "Without it, whatever runs on the instance goes on talking to the outside. Nothing \
               else uses the group.";
    step("quarantine_egress", "Let nothing out of the quarantine", why)
        .at(&case.home)
        .needs(&[
            "ec2:RevokeSecurityGroupEgress",
            "ec2:AuthorizeSecurityGroupEgress",
            "ec2:DescribeSecurityGroups",
        ])
        .console(
            case.home.service_page("ec2", "#SecurityGroups:"),
            &format!(
                "EC2 → Security groups → {} → Outbound rules → Edit → Delete → Save",
                case.name("Quarantine")
            ),
        )
        .references(&[ISOLATE])
        .doing(doing)
}

fn quarantine(case: &Case<'_>, id: &str) -> Step {
    let known = case.incident.background.as_ref().map(|known| known.security_group_ids.as_slice());
    let groups: Vec<&str> = known
        .unwrap_or_default()
        .iter()
        .map(|group| &**group)
        .filter(|group| grammar::security_group_id(group).is_ok())
        .collect();
    let doing = case.home.checked_region().map(|place| {
        let modify = || Aws::new(place, "ec2", "modify-instance-attribute").opt("instance-id", id);
        let undo = match groups.split_first() {
            Some((first, rest)) => modify().opt("groups", first).values(rest.iter().copied()),
            None => modify().opt("groups", "{{group_id}}").asked(
                "{{group_id}}",
                "SECURITY_GROUP_IDS",
                "the instance's security groups before, as the preview lists them: \
                 [\"sg-…\",\"sg-…\"]",
            ),
        };
        let names = "Reservations[0].Instances[0].SecurityGroups[].GroupName";
        let look = |query: &str| {
            Aws::new(place, "ec2", "describe-instances").opt("instance-ids", id).query(query)
        };
        Doing::run(
            modify()
                .opt("groups", "{{group_id}}")
                .input("{{group_id}}", group(case, "SecurityGroups[0].GroupId")),
        )
        .only_where(
            "the security group was made",
            group(case, "SecurityGroups[].GroupName"),
            Expect::Equals(case.name("Quarantine")),
        )
        .preview(
            Aws::new(place, "ec2", "describe-instances")
                .opt("instance-ids", id)
                .opt("query", "Reservations[0].Instances[0].SecurityGroups[].GroupId")
                .opt("output", "json"),
        )
        .check(look(names), Expect::Equals(case.name("Quarantine")))
        .undo(undo)
    });
    let why = "Takes the instance off the network, so that nobody gets at its metadata or new \
               credentials through it. Whatever it serves stops. Connections that are tracked \
               live on until they are idle: a network ACL ends them, too.";
    step("quarantine", &format!("Put instance {id} into quarantine"), why)
        .at(&case.home)
        .risk(Risk::Disruptive)
        .needs(&["ec2:ModifyInstanceAttribute", "ec2:DescribeInstances", "ec2:DescribeSecurityGroups"])
        .console(
            page(case, id),
            &format!("EC2 → Instances → {id} → Actions → Security → Change security groups → remove all → add {} → Save", case.name("Quarantine")),
        )
        .undo_note("Keep the list that the preview shows: it is what going back sets again. A new instance is better: see the end of Recover.")
        .references(&[ISOLATE])
        .doing(doing)
}

fn page(case: &Case<'_>, id: &str) -> Option<String> {
    case.home.service_page("ec2", &format!("#InstanceDetails:instanceId={id}"))
}

/// The instance's profile as the CLI names it, where the logs hold it.
fn profile_of(case: &Case<'_>) -> Option<String> {
    let known = case.incident.background.as_ref()?.instance_profile.as_deref()?;
    if let Some(parts) = Arn::parse(known) {
        let is_profile =
            grammar::arn(known).is_ok() && parts.resource.starts_with("instance-profile/");
        let is_plain = known.bytes().all(|byte| !matches!(byte, b',' | b'='));
        return (is_profile && is_plain).then(|| format!("Arn={known}"));
    }
    Some(format!("Name={}", grammar::plain_name(known).ok()?))
}

fn profile(case: &Case<'_>, id: &str) -> Step {
    let doing =
        case.home.checked_region().and_then(|place| disassociate(place, id, profile_of(case)));
    let why = "Takes the instance's role away: the metadata service hands out no credentials any \
               more. Those that it handed out before live on until the role is revoked. Programs on \
               the instance that call AWS fail.";
    let role = case.extent.roles.iter().find(|role| role.hop == 0);
    let own =
        role.map(|role| crate::affected::affected(&role.others, role.others_left_out, "session"));
    let step = step("instance_profile", &format!("Take the role of instance {id} away"), why)
        .at(&case.home)
        .risk(Risk::Disruptive)
        .needs(&[
            "ec2:DescribeIamInstanceProfileAssociations",
            "ec2:DisassociateIamInstanceProfile",
            "ec2:AssociateIamInstanceProfile",
            "iam:PassRole",
        ])
        .console(page(case, id), &format!("EC2 → Instances → {id} → Actions → Security → Modify IAM role → No IAM role → Update"))
        .references(&["https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-roles-for-amazon-ec2.html"])
        .doing(doing);
    // Other instances keep the role: only this one loses it.
    if own.is_some_and(|(others, _)| !others.is_empty()) {
        return step.undo_note("Only this instance loses the role; the others that use it are not affected by this step.");
    }
    step
}

/// Takes the profile of the instance `id` away; `before` is what it had.
pub(crate) fn disassociate(
    place: &crate::place::Place,
    id: &str,
    before: Option<String>,
) -> Result<Doing, Refused> {
    let id = grammar::instance_id(id)?;
    let filter = format!("Name=instance-id,Values={id}");
    let list = |query: &str| {
        Aws::new(place, "ec2", "describe-iam-instance-profile-associations")
            .opt("filters", &filter)
            .query(query)
    };
    let run = Aws::new(place, "ec2", "disassociate-iam-instance-profile")
        .opt("association-id", "{{association_id}}")
        .input("{{association_id}}", list("IamInstanceProfileAssociations[0].AssociationId"));
    let associate = Aws::new(place, "ec2", "associate-iam-instance-profile").opt("instance-id", id);
    let undo = match before {
        Some(before) => associate.opt("iam-instance-profile", &before),
        None => associate.opt("iam-instance-profile", "Arn={{profile_arn}}").asked(
            "{{profile_arn}}",
            "INSTANCE_PROFILE_ARN",
            "the ARN of the profile before, from the preview",
        ),
    };
    let associated = |operator: &str| {
        let number = "length(IamInstanceProfileAssociations[?State=='associated'])";
        list(&format!("{number} {operator} `0`"))
    };
    Ok(Doing::run(run)
        .preview(list(
            "IamInstanceProfileAssociations[].[AssociationId,State,IamInstanceProfile.Arn]",
        ))
        .only_where("the instance has a profile", associated(">"), Expect::Equals("True".into()))
        .check(associated("=="), Expect::Equals("True".into()))
        .undo(undo)
        .sets(SettingOn::InstanceProfile, place, id, ""))
}

fn metadata(case: &Case<'_>, id: &str) -> Step {
    let known = case.incident.background.as_ref();
    let tokens = known.and_then(|known| known.http_tokens.as_deref());
    let tokens = tokens.filter(|tokens| ["optional", "required"].contains(tokens));
    let hops = known
        .and_then(|known| known.http_put_response_hop_limit)
        .filter(|hops| (1..=64).contains(hops))
        .map(|hops| format!("{hops}"));
    let doing = case.home.checked_region().map(|place| {
        let modify = |tokens: &str, hops: &str| {
            Aws::new(place, "ec2", "modify-instance-metadata-options")
                .opt("instance-id", id)
                .opt("http-tokens", tokens)
                .opt("http-put-response-hop-limit", hops)
        };
        let look = |query: &str| {
            Aws::new(place, "ec2", "describe-instances").opt("instance-ids", id).query(query)
        };
        let options = "Reservations[0].Instances[0].MetadataOptions";
        // What the logs do not tell, the preview does.
        let mut undo =
            modify(tokens.unwrap_or("{{http_tokens}}"), hops.as_deref().unwrap_or("{{hop_limit}}"));
        if tokens.is_none() {
            let what = "optional or required, as the preview shows it";
            undo = undo.asked("{{http_tokens}}", "HTTP_TOKENS", what);
        }
        if hops.is_none() {
            undo = undo.asked("{{hop_limit}}", "HOP_LIMIT", "the number that the preview shows");
        }
        there(place, id, Doing::run(modify("required", "1")))
            .preview(look(&format!("{options}.[HttpTokens,HttpPutResponseHopLimit]")))
            .check(look(&format!("{options}.HttpTokens")), Expect::Equals("required".into()))
            .undo(undo)
    });
    let why = "Version 1 of the metadata service gives credentials to whoever can make the instance \
               send one request, which is how they are stolen most often. Version 2 asks for a token \
               first; with one hop, containers on the instance do not reach it. Programs with old \
               SDKs fail.";
    step("metadata", &format!("Ask instance {id} for version 2 of the metadata service"), why)
        .at(&case.home)
        .risk(Risk::Disruptive)
        .needs(&["ec2:ModifyInstanceMetadataOptions", "ec2:DescribeInstances"])
        .console(page(case, id), &format!("EC2 → Instances → {id} → Actions → Instance settings → Modify instance metadata options → IMDSv2 Required, hop limit 1 → Save"))
        .undo_note("The preview shows what was set before: keep its output.")
        .references(&[METADATA])
        .doing(doing)
}
