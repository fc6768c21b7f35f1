//! Instances, their profiles, keys and scripts.

use alloc::format;

use super::{Steps, Thing};
use crate::command::Aws;
use crate::grammar::{self, Refused};
use crate::origin;
use crate::step::{Doing, Expect, Phase, Risk};

pub(super) fn instance(thing: &Thing<'_>) -> Steps {
    let id = &*thing.left.name;
    let mut snapshot = origin::snapshot(thing.case, id, &thing.place);
    snapshot.phase = Phase::RemovePersistence;
    let on = |operation: &str, id: &str| {
        Aws::new(&thing.place, "ec2", operation).opt("instance-ids", id)
    };
    let state =
        |id: &str| on("describe-instances", id).query("Reservations[0].Instances[0].State.Name");
    let doing = thing.regional(grammar::instance_id).map(|id| {
        Doing::run(on("stop-instances", id))
            .preview(state(id))
            .check(state(id), Expect::Contains("stop".into()))
            .undo(on("start-instances", id))
    });
    let page = || thing.page("ec2", "#Instances:");
    let why = "The attacker started it with a role, which gives them its credentials for as long as it runs.";
    let stop = thing
        .now("stop_instance", &format!("Stop instance {id}"), why)
        .needs(&["ec2:StopInstances", "ec2:DescribeInstances", "ec2:StartInstances"])
        .console(page(), &format!("EC2 → Instances → {id} → Instance state → Stop instance"))
        .doing(doing);
    let doing = thing.regional(grammar::instance_id).map(|id| {
        Doing::run(on("terminate-instances", id))
            .preview(state(id))
            .check(state(id), Expect::Contains("terminated".into()))
    });
    let terminate = thing
        .later(
            "terminate_instance",
            &format!("Terminate instance {id}"),
            "The attacker's instance costs and serves nobody.",
        )
        .needs(&["ec2:TerminateInstances"])
        .console(page(), &format!("EC2 → Instances → {id} → Instance state → Terminate instance"))
        .undo_note("A terminated instance does not come back; its snapshots do.")
        .doing(doing);
    Steps::now(snapshot).and_now(stop).and_later(terminate)
}

pub(super) fn instance_profile(thing: &Thing<'_>) -> Steps {
    let name = &*thing.left.name;
    let title = format!("Take the role of {name} away");
    let why = "Whatever runs with the profile gets credentials of its role.";
    let doing = match &*thing.left.event_name {
        "AssociateIamInstanceProfile" => thing
            .regional(grammar::instance_id)
            .and_then(|id| origin::disassociate(&thing.place, id, None)),
        "ReplaceIamInstanceProfileAssociation" => replaced(thing),
        _ => profile(thing),
    };
    let step = thing
        .now("instance_profile", &title, why)
        .risk(Risk::Disruptive)
        .needs(&[
            "iam:GetInstanceProfile",
            "iam:RemoveRoleFromInstanceProfile",
            "ec2:DisassociateIamInstanceProfile",
        ])
        .console(
            thing.page("ec2", "#Instances:"),
            "EC2 → Instances → the instance → Actions → Security → Modify IAM role",
        )
        .doing(doing);
    Steps::now(step)
}

fn replaced(thing: &Thing<'_>) -> Result<Doing, Refused> {
    let id = thing.regional(grammar::association_id)?;
    let on = |operation| Aws::new(&thing.place, "ec2", operation);
    let describe = || on("describe-iam-instance-profile-associations").opt("association-ids", id);
    Ok(Doing::run(on("disassociate-iam-instance-profile").opt("association-id", id))
        .preview(describe())
        .check(
            describe().query("length(IamInstanceProfileAssociations[?State=='associated'])"),
            Expect::Equals("0".into()),
        )
        .undo(
            on("associate-iam-instance-profile")
                .opt("instance-id", "{{instance_id}}")
                .opt("iam-instance-profile", "Arn={{profile_arn}}")
                .asked("{{instance_id}}", "INSTANCE_ID", "the instance, from the preview")
                .asked(
                    "{{profile_arn}}",
                    "INSTANCE_PROFILE_ARN",
                    "the profile before, from the preview",
                ),
        ))
}

fn profile(thing: &Thing<'_>) -> Result<Doing, Refused> {
    let name = thing.name(grammar::policy_name)?;
    let on =
        |operation| Aws::new(&thing.place, "iam", operation).opt("instance-profile-name", name);
    let role = || on("get-instance-profile").query("InstanceProfile.Roles[0].RoleName");
    Ok(Doing::run(
        on("remove-role-from-instance-profile")
            .opt("role-name", "{{role_name}}")
            .input("{{role_name}}", role()),
    )
    .preview(role())
    .check(
        on("get-instance-profile").query("length(InstanceProfile.Roles)"),
        Expect::Equals("0".into()),
    )
    .undo(on("add-role-to-instance-profile").opt("role-name", "{{role_name}}").asked(
        "{{role_name}}",
        "ROLE_NAME",
        "the role, from the preview",
    )))
}

pub(super) fn instance_connect(thing: &Thing<'_>) -> Steps {
    let name = &*thing.left.name;
    if thing.is("EnableSerialConsoleAccess") {
        let on = |operation| Aws::new(&thing.place, "ec2", operation);
        let status = || on("get-serial-console-access-status").query("SerialConsoleAccessEnabled");
        let doing = thing.place.checked_region().map(|_| {
            Doing::run(on("disable-serial-console-access"))
                .preview(status())
                .check(status(), Expect::Equals("False".into()))
                .undo(on("enable-serial-console-access"))
        });
        let step = thing
            .now(
                "serial_console",
                "Disable the serial console of the account's instances",
                "It reaches instances past every security group.",
            )
            .needs(&[
                "ec2:DisableSerialConsoleAccess",
                "ec2:GetSerialConsoleAccessStatus",
                "ec2:EnableSerialConsoleAccess",
            ])
            .console(
                thing.page("ec2", "#Settings:"),
                "EC2 → Settings → EC2 Serial Console → Manage → clear Allow",
            )
            .doing(doing);
        return Steps::now(step);
    }
    let why = "The key that was sent works for a minute, but a connection that it opened lives on, \
               and whoever was on the instance had its role. Treat the instance as the origin of \
               another incident: keep its disks and isolate it.";
    let console =
        (thing.page("ec2", "#Instances:"), "EC2 → Instances → the instance → Monitoring, Security");
    Steps::now(thing.by_hand(
        "instance_connect",
        &format!("Look at who was on instance {name}"),
        why,
        console,
    ))
}

pub(super) fn key_pair(thing: &Thing<'_>) -> Steps {
    let name = &*thing.left.name;
    let doing = thing.regional(grammar::policy_name).map(|name| {
        let on = |operation: &str, option: &str| {
            Aws::new(&thing.place, "ec2", operation).opt(option, name)
        };
        Doing::run(on("delete-key-pair", "key-name"))
            .preview(on("describe-key-pairs", "key-names"))
            .check(
                on("describe-key-pairs", "key-names"),
                Expect::Fails("InvalidKeyPair.NotFound".into()),
            )
    });
    let why = "Instances that were started with it keep the public key in their files: look at \
               those, too.";
    let step = thing
        .now("key_pair", &format!("Delete key pair {name}"), why)
        .risk(Risk::Destructive)
        .needs(&["ec2:DeleteKeyPair", "ec2:DescribeKeyPairs"])
        .console(
            thing.page("ec2", "#KeyPairs:"),
            &format!("EC2 → Key pairs → {name} → Actions → Delete"),
        )
        .undo_note("AWS keeps the public half only: the pair comes back by importing it again.")
        .doing(doing);
    Steps::now(step)
}

pub(super) fn user_data(thing: &Thing<'_>) -> Steps {
    let name = &*thing.left.name;
    let why = "The script runs with the instance's role when the instance starts. Read it, set the \
               one of your templates, and make the launch template's earlier version the default.";
    let console = (
        thing.page("ec2", "#Instances:"),
        "EC2 → Instances → the instance → Actions → Instance settings → Edit user data; Launch templates → Actions → Set default version",
    );
    let mut step =
        thing.by_hand("user_data", &format!("Set the start script of {name} back"), why, console);
    if grammar::instance_id(name).is_ok() {
        let doing = thing.place.checked_region().map(|place| {
            let look =
                Aws::new(place, "ec2", "describe-instance-attribute").opt("instance-id", name);
            Doing::look(look.opt("attribute", "userData").query("UserData.Value"))
        });
        step = step
            .needs(&["ec2:DescribeInstanceAttribute", "ec2:ModifyInstanceAttribute"])
            .doing(doing);
    } else if grammar::launch_template_id(name).is_ok() {
        let doing = thing.place.checked_region().map(|place| {
            let on = |operation| Aws::new(place, "ec2", operation).opt("launch-template-id", name);
            let set = |marker: &str, variable: &str, what: &str| {
                on("modify-launch-template")
                    .opt("default-version", marker)
                    .asked(marker, variable, what)
            };
            Doing::run(set("{{version}}", "VERSION", "the version before, from the preview"))
                .preview(
                    on("describe-launch-template-versions")
                        .query("LaunchTemplateVersions[].[VersionNumber,DefaultVersion,CreatedBy]"),
                )
                .check(
                    on("describe-launch-template-versions")
                        .query("LaunchTemplateVersions[?DefaultVersion].VersionNumber"),
                    Expect::Lacks("None".into()),
                )
                .undo(set(
                    "{{bad_version}}",
                    "BAD_VERSION",
                    "the version that was the default, from the preview",
                ))
        });
        step = step
            .needs(&["ec2:DescribeLaunchTemplateVersions", "ec2:ModifyLaunchTemplate"])
            .doing(doing);
    }
    Steps::now(step)
}
