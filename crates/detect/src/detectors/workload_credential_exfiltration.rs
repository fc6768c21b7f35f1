//! Credentials of a function, task or pod were used outside it.

use alloc::vec::Vec;

use crate::attack;
use crate::context::Context;
use crate::detector::{Detector, Found};
use crate::theft;

pub(crate) static DETECTOR: Detector = Detector {
    id: "workload_credential_exfiltration",
    title: "Credentials of a function, task or pod were used outside it",
    description: "The model of instance_credential_exfiltration for Lambda functions, tasks of \
        ECS and pods of EKS. Many addresses are normal for them, and few facts tell which: a \
        place counts as foreign only where an endpoint belongs to a foreign account, or where \
        most of what is called from there, and the client, is shown by no other session of the \
        role elsewhere.",
    severity: "High for an endpoint of a foreign account, and for a new client where more speaks \
        against it: an address outside AWS, a workload that is known to leave through NAT \
        gateways, first calls that look around, a client that people run on their own machines. \
        Medium for a new client alone. Raised to critical by access that was left behind from \
        there.",
    techniques: &[&attack::APPLICATION_ACCESS_TOKEN, &attack::CLOUD_ACCOUNTS],
    false_positives: &[
        "A new version of a function that calls with another library and new calls at once.",
        "A developer who runs a task's code elsewhere with its role on purpose.",
    ],
    blind_spots: &[
        "A thief who uses the same library for the same calls from AWS.",
        "Pods without a role of their own, which use the credentials of their node.",
    ],
    references: &[
        "https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html",
        "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html",
        "https://docs.aws.amazon.com/eks/latest/userguide/pod-identities.html",
    ],
    emulation: &[],
    detect,
};

fn detect(context: &Context<'_>, findings: &mut Vec<Found>) {
    for (number, workload) in context.workloads.all().iter().enumerate() {
        if !workload.is_instance() {
            findings.extend(theft::finding_of(&DETECTOR, context, number));
        }
    }
}
