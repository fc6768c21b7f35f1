//! What is done to companies of many small programs.

use super::super::Move::{
    Denied, Function, Hop, Identity, Key, Look, Objects, Rest, Secrets, Trust, User,
};
use super::{Plan, plan};
use crate::organization::{PROD, SHARED, STAGING};

pub(super) const PLANS: [Plan; 8] = [
    plan(
        "task_key_elsewhere",
        "credential_elsewhere",
        "orders-task-0",
        "task",
        &[Identity, Look(2), Rest, Secrets(3), Rest, Objects(12)],
    ),
    plan(
        "pod_key_elsewhere",
        "credential_elsewhere",
        "catalog-pod-2",
        "pod",
        &[Identity, Look(2), Denied(2), Rest, Secrets(2), Rest, Objects(10)],
    ),
    plan(
        "function_key_elsewhere",
        "credential_elsewhere",
        "ledger-function-4",
        "function",
        &[Identity, Rest, Secrets(3), Rest, Objects(10)],
    ),
    plan(
        "pod_key_chain",
        "chain",
        "orders-pod-0",
        "botocore",
        &[
            Identity,
            Look(1),
            Rest,
            Hop(SHARED, "artifact-reader"),
            Look(1),
            Rest,
            Hop(SHARED, "registry-admin"),
            Look(1),
            Rest,
            Hop(PROD, "cluster-admin"),
            Key("registry-sync"),
        ],
    ),
    plan(
        "path_of_another",
        "chain",
        "search-pod-3",
        "export",
        &[
            Identity,
            Rest,
            Hop(SHARED, "export-hub"),
            Rest,
            Hop(STAGING, "export-target"),
            Look(2),
            Rest,
            Objects(12),
        ],
    ),
    plan(
        "node_key_chain",
        "chain",
        "node-1",
        "node",
        &[
            Identity,
            Look(3),
            Denied(3),
            Rest,
            Hop(PROD, "cluster-admin"),
            Look(2),
            Rest,
            Hop(SHARED, "github-actions"),
            Rest,
            Function,
            Trust("cluster-admin"),
        ],
    ),
    plan(
        "secrets_taken",
        "collection",
        "invoices-task-1",
        "task",
        &[Identity, Rest, Secrets(10), Rest, Secrets(14)],
    ),
    plan(
        "person_into_the_cluster",
        "chain",
        "ben.ito DeveloperAccess 444455556666",
        "ben.ito",
        &[
            Identity,
            Look(2),
            Rest,
            Hop(PROD, "cluster-admin"),
            Look(2),
            Rest,
            Secrets(5),
            User("cluster-probe"),
        ],
    ),
];
