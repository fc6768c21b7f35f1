//! What is done to companies that build all day.

use super::super::Move::{
    Denied, Function, Hop, Identity, Key, Look, Objects, Rest, Secrets, Share, Trust, User,
};
use super::{Plan, plan};
use crate::organization::{DEV, PROD, SHARED};

pub(super) const PLANS: [Plan; 7] = [
    plan(
        "pipeline_into_production",
        "chain",
        "orders",
        "GitHubActions",
        &[
            Identity,
            Look(2),
            Rest,
            Hop(SHARED, "deploy-hub"),
            Rest,
            Hop(PROD, "deploy-target"),
            Look(2),
            Rest,
            Secrets(4),
            Key("release-bot"),
        ],
    ),
    plan(
        "pipeline_into_new_roles",
        "chain",
        "mobile",
        "GitHubActions",
        &[
            Identity,
            Look(2),
            Denied(2),
            Rest,
            Hop(SHARED, "artifact-admin"),
            Look(1),
            Rest,
            Hop(PROD, "database-admin"),
            Look(1),
            Rest,
            User("svc-release"),
        ],
    ),
    plan(
        "path_of_another",
        "chain",
        "ada.koch DeveloperAccess 444455556666",
        "GitHubActions",
        &[
            Identity,
            Rest,
            Hop(SHARED, "deploy-hub"),
            Rest,
            Hop(PROD, "deploy-target"),
            Look(2),
            Rest,
            Function,
            Secrets(2),
        ],
    ),
    plan(
        "builder_key_elsewhere",
        "credential_elsewhere",
        "builder-1",
        "builder",
        &[Identity, Look(2), Rest, Secrets(2), Rest, Objects(12)],
    ),
    plan(
        "builder_key_chain",
        "chain",
        "builder-2",
        "cache",
        &[
            Identity,
            Rest,
            Hop(SHARED, "cache-writer"),
            Look(1),
            Rest,
            Hop(SHARED, "deploy-hub"),
            Look(1),
            Rest,
            Hop(PROD, "deploy-target"),
            Trust("deploy-target"),
        ],
    ),
    plan(
        "preview_is_kept",
        "persistence",
        "catalog",
        "preview",
        &[Identity, Rest, Hop(DEV, "preview-maker"), Look(1), Rest, User("preview-cleanup")],
    ),
    plan(
        "person_looks_around",
        "discovery",
        "carla.diaz DeveloperAccess 555566667777",
        "carla",
        &[Identity, Denied(8), Look(5), Rest, Secrets(10), Rest, Share],
    ),
];
