//! Functions, tasks, pods and services of AWS.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::step;
use crate::case::Case;
use crate::command::Aws;
use crate::grammar::{self, Refused};
use crate::place::Place;
use crate::step::{Doing, Expect, Phase, Risk, Step};

fn subject<'c>(case: &Case<'c>) -> &'c str {
    case.incident.origin.subject.as_deref().unwrap_or_default()
}

pub(super) fn function(case: &Case<'_>) -> Vec<Step> {
    let name = subject(case);
    let name = name.rsplit(":function:").next().unwrap_or(name);
    [stop_function(&case.home, Phase::CutOrigin, name)].into()
}

/// Lets the function `name` run no more.
pub(crate) fn stop_function(place: &Place, phase: Phase, name: &str) -> Step {
    let why = "With no executions reserved for it the function does not run, whoever calls it; its \
               code and configuration stay as evidence. Everything that relies on it stops. \
               Credentials that it got before live on until its role is revoked.";
    let page = grammar::function_name(name).ok();
    let page = page.and_then(|name| place.service_page("lambda", &format!("#/functions/{name}")));
    Step::new(
        phase,
        &format!("stop_function/{}/{name}", place.account_id),
        &format!("Stop function {name}"),
        why,
    )
    .at(place)
    .risk(Risk::Disruptive)
    .needs(&[
        "lambda:PutFunctionConcurrency",
        "lambda:GetFunctionConcurrency",
        "lambda:DeleteFunctionConcurrency",
    ])
    .console(page, &format!("Lambda → Functions → {name} → Throttle"))
    .undo_note(
        "If the preview shows a number, the undo is to set that number again and not to delete it.",
    )
    .references(&["https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html"])
    .doing(function_doing(place, name))
}

fn function_doing(place: &Place, name: &str) -> Result<Doing, Refused> {
    place.checked_region()?;
    let name = grammar::function_name(name)?;
    let on = |operation| Aws::new(place, "lambda", operation).opt("function-name", name);
    let number = "ReservedConcurrentExecutions";
    Ok(Doing::run(on("put-function-concurrency").opt("reserved-concurrent-executions", "0"))
        .preview(on("get-function-concurrency"))
        .check(on("get-function-concurrency").query(number), Expect::Equals("0".into()))
        .undo(on("delete-function-concurrency")))
}

pub(super) fn task(case: &Case<'_>) -> Vec<Step> {
    let id = subject(case);
    let doing = case.home.checked_region().and_then(|place| {
        let id = grammar::plain_name(id)?;
        let on = |operation: &str, name: &str| {
            Aws::new(place, "ecs", operation).opt("cluster", "{{cluster}}").opt(name, id).asked(
                "{{cluster}}",
                "ECS_CLUSTER",
                "the cluster that the task runs in",
            )
        };
        Ok(Doing::run(on("stop-task", "task").opt("reason", "Incident"))
            .preview(on("describe-tasks", "tasks"))
            .check(
                on("describe-tasks", "tasks").query("tasks[0].desiredStatus"),
                Expect::Equals("STOPPED".into()),
            ))
    });
    let why = "Ends the task. Its service starts another one, which is as open to attack as this \
               one: set the service's desired count to 0 until the image is mended. Logs of a \
               stopped task are shown for an hour only; export them first.";
    [step("task", &format!("Stop task {id}"), why)
        .at(&case.home)
        .risk(Risk::Destructive)
        .needs(&["ecs:StopTask", "ecs:DescribeTasks"])
        .console(
            case.home.service_page("ecs", "#/clusters"),
            &format!("ECS → Clusters → the cluster → Tasks → {id} → Stop"),
        )
        .undo_note("A stopped task does not come back; its service starts a new one by itself.")
        .references(&[
            "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html",
        ])
        .doing(doing)]
    .into()
}

pub(super) fn pod(case: &Case<'_>) -> Vec<Step> {
    let subject = subject(case);
    let arn = case.incident.origin.principal_arn.as_deref().unwrap_or_default();
    let session = arn.rsplit('/').next().unwrap_or_default();
    let who = if subject.starts_with("system:") { subject } else { session };
    let why = "Isolate the pod with a network policy that lets nothing in or out, copy its logs and \
               files, then delete it; do not let its deployment start the same image again. Take \
               the role from its service account: a pod gets new credentials for as long as the \
               association stands.";
    let doing = case.home.checked_region().map(|place| {
        Doing::look(
            Aws::new(place, "eks", "list-pod-identity-associations")
                .opt("cluster-name", "{{cluster}}")
                .query("associations[].[namespace,serviceAccount,associationId]")
                .asked("{{cluster}}", "EKS_CLUSTER", "the cluster that the pod runs in"),
        )
    });
    [step("pod", &format!("Isolate the pod behind {who}"), why)
        .at(&case.home)
        .risk(Risk::Disruptive)
        .needs(&["eks:ListPodIdentityAssociations", "eks:DeletePodIdentityAssociation", "access to the cluster"])
        .console(case.home.service_page("eks", "#/clusters"), "EKS → Clusters → the cluster → Access → Pod Identity associations → the service account → Delete")
        .references(&["https://docs.aws.amazon.com/eks/latest/userguide/pod-identities.html"])
        .doing(doing)]
    .into()
}

pub(super) fn service(case: &Case<'_>) -> Vec<Step> {
    let service = subject(case);
    let role = case.extent.roles.first();
    let role_name: String =
        role.map(|role| format!(" with role {}", role.name)).unwrap_or_default();
    let why = "A service of AWS got the first credential on behalf of something that runs in the \
               account. Find that and stop it; the revocation of its role, below, holds until the \
               service gets new credentials.";
    [step("service", &format!("Stop what {service} runs{role_name}"), why)
        .at(&case.home)
        .risk(Risk::Disruptive)
        .console(
            case.home.console("iam/home#/roles"),
            "IAM → Roles → the role → Last Accessed shows what it is used for",
        )]
    .into()
}
