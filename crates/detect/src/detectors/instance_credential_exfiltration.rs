//! Credentials of an instance were used outside it.

use alloc::vec::Vec;

use crate::attack;
use crate::context::Context;
use crate::detector::{Detector, Found};
use crate::theft;

pub(crate) static DETECTOR: Detector = Detector {
    id: "instance_credential_exfiltration",
    title: "Credentials of an instance were used outside it",
    description: "Learns where the calls of each instance come from: its own addresses and NAT \
        gateways by their events and by inventories, ways out that the user declares or many \
        workloads share, endpoints of one's own accounts, and where none of these tells, the \
        place that most of its sessions call from. All keys of an instance are one thing. Asks of \
        calls from elsewhere, in this order: through an endpoint of a foreign account, from \
        another instance, from outside AWS, from AWS but not from one's own addresses, while the \
        instance called from home, with the key of version 1 of the metadata service while the \
        instance used that of version 2, after the termination of the instance, to sign in to the \
        console. Calls that services make on an instance's behalf do not count.",
    severity: "High where a fact about the network speaks against the place, where the keys were \
        in two places at once with a client or first calls that this role never shows, or where \
        no place is needed (foreign endpoint, termination, sign-in, version 1 key). Medium where \
        only the client or the first calls are new, low where little speaks against it. Raised to \
        critical by access that was left behind from there. What a role's sessions do all the \
        time shows that the instance itself has moved, and gives nothing.",
    techniques: &[
        &attack::CLOUD_INSTANCE_METADATA_API,
        &attack::APPLICATION_ACCESS_TOKEN,
        &attack::CLOUD_ACCOUNTS,
    ],
    false_positives: &[
        "A proxy that one instance alone uses, with other programs than its fellows: declare its \
         address with --egress.",
        "An endpoint of a partner's account that is used on purpose.",
        "A network that was built before the logs begin: give an inventory of it.",
    ],
    blind_spots: &[
        "Calls from the instance itself, such as through a server-side request forgery that does \
         not carry the keys away: see role_chaining.",
        "Calls through any NAT gateway or endpoint of one's own, also of another VPC.",
        "Sessions of roles that the instance assumed, used elsewhere than where they were assumed.",
        "Presigned URLs: whoever was given one may call from anywhere.",
        "A thief who came first: where nothing else tells, most sessions decide what is home.",
        "Services that do not write to CloudTrail, and data events that are not recorded.",
    ],
    references: &[
        "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-security-credentials.html",
        "https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_finding-types-iam.html",
        "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html",
    ],
    emulation: &["aws.credential-access.ec2-steal-instance-credentials"],
    detect,
};

fn detect(context: &Context<'_>, findings: &mut Vec<Found>) {
    for (number, workload) in context.workloads.all().iter().enumerate() {
        if workload.is_instance() {
            findings.extend(theft::finding_of(&DETECTOR, context, number));
        }
    }
}
