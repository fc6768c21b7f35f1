//! The description of the API is under review, and says what is so.

use std::path::Path;

use server::console::openapi_json;
use server::console::wire::{FindingBody, PlanDocument};

use super::world::World;

/// The description as it was reviewed.
const GOLDEN: &str = "golden/openapi.json";

/// Run with `UPDATE_GOLDEN=1` to write the description anew; review what changed.
#[test]
fn the_description_is_the_one_that_was_reviewed() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(GOLDEN);
    let made = openapi_json();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &made).unwrap();
    }
    let reviewed = std::fs::read_to_string(&path).unwrap();
    assert!(made == reviewed, "`{GOLDEN}` is not what the code says: UPDATE_GOLDEN=1 writes it");
}

#[test]
fn the_description_is_served_to_everybody() {
    let world = World::new();
    let answer = world.ask("GET /api/v1/openapi.json", &[], "");
    assert_eq!((answer.status, answer.body), (200, openapi_json()));
}

/// The schemas of what `report` and `respond` write have every member, and no other.
#[test]
fn schemas_of_documents_are_true() {
    let world = World::new();
    let person = world.sign_in();
    let id = person.incident();
    let incident = person.get(&format!("/incidents/{id}")).json();
    let findings = incident["findings"].as_array().unwrap();
    assert!(findings.len() > 1);
    for finding in findings {
        serde_json::from_value::<FindingBody>(finding.clone()).unwrap();
    }
    let plan = person.get(&format!("/incidents/{id}/plan")).json();
    let plan: PlanDocument = serde_json::from_value(plan["plan"].clone()).unwrap();
    assert!(plan.steps.len() > 5);
}
