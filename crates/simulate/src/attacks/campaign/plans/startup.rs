//! What is done to young companies.

use super::super::Move::{
    Denied, Federate, Function, Hop, Identity, Key, Look, Objects, Rest, Secrets, Share, User,
};
use super::{Plan, plan};
use crate::organization::PROD;

pub(super) const PLANS: [Plan; 8] = [
    plan(
        "leaked_key_chain",
        "chain",
        "ada.koch",
        "ada",
        &[
            Identity,
            Look(3),
            Denied(2),
            Rest,
            Hop(PROD, "prod-support"),
            Look(2),
            Rest,
            Hop(PROD, "deploy"),
            Look(1),
            Rest,
            Hop(PROD, "break-glass"),
            User("svc-metrics"),
        ],
    ),
    plan(
        "instance_key_chain",
        "chain",
        "app-1",
        "app",
        &[
            Identity,
            Look(2),
            Rest,
            Hop(PROD, "deploy"),
            Look(2),
            Rest,
            Hop(PROD, "break-glass"),
            Rest,
            Key("backup"),
            Function,
        ],
    ),
    plan(
        "instance_key_elsewhere",
        "credential_elsewhere",
        "app-2",
        "app",
        &[Identity, Look(2), Denied(1), Rest, Secrets(2), Rest, Objects(14)],
    ),
    plan(
        "user_makes_administrator",
        "persistence",
        "deployer",
        "deploy",
        &[Identity, Look(2), Rest, User("ci-runner")],
    ),
    plan(
        "permissions_tried",
        "discovery",
        "carla.diaz",
        "carla",
        &[Identity, Denied(8), Look(4), Rest, Secrets(8), Rest, Share],
    ),
    plan(
        "federation_token",
        "federation",
        "ben.ito",
        "ben",
        &[Identity, Look(2), Rest, Federate, Look(3), Secrets(3), Objects(6)],
    ),
    plan(
        "backup_key_elsewhere",
        "credential_elsewhere",
        "backup",
        "backup",
        &[Identity, Look(1), Rest, Objects(10), Rest, Objects(20)],
    ),
    plan(
        "function_key_elsewhere",
        "credential_elsewhere",
        "mailer",
        "mailer",
        &[Identity, Look(2), Rest, Secrets(3), Rest, Objects(8)],
    ),
];
