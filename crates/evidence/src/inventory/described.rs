//! What the AWS CLI writes for `describe-…` and `list-accounts`.

use serde_json::Value;

use super::kinds::KINDS;
use super::{Place, Reading};
use crate::network::{self, Statement, items, member, region_of_zone, text};

/// States in which something is gone, or going. The tools list it for about an hour.
const GONE: [&str; 5] = ["deleted", "deleting", "failed", "shutting-down", "terminated"];

/// Reads the lists of `document`, and returns whether it has any.
pub(super) fn read(document: &Value, reading: &mut Reading<'_>) -> bool {
    let mut is_known = false;
    for kind in &KINDS {
        let list = kind.list.and_then(|list| document.get(list)).and_then(Value::as_array);
        let Some(list) = list else {
            continue;
        };
        is_known = true;
        for described in list {
            *(kind.count)(&mut reading.count) += 1;
            if !is_gone(described) {
                reading.keep(&place(described), |out| (kind.read)(described, out));
            }
        }
    }
    if let Some(reservations) = document.get("Reservations").and_then(Value::as_array) {
        is_known = true;
        for reservation in reservations {
            instances(reservation, reading);
        }
    }
    if let Some(accounts) = document.get("Accounts").and_then(Value::as_array) {
        is_known = true;
        for id in accounts.iter().filter_map(|account| text(member(account, "Id"))) {
            reading.count.accounts += 1;
            let place = Place { account_id: id, ..Place::default() };
            reading.keep(&place, |out| {
                let account_id = out.share(id);
                out.state(Statement::AccountOwned { account_id });
            });
        }
    }
    is_known
}

fn instances(reservation: &Value, reading: &mut Reading<'_>) {
    let account_id = text(member(reservation, "OwnerId")).unwrap_or_default();
    for described in items(member(reservation, "Instances")) {
        reading.count.instances += 1;
        if !is_gone(described) {
            let place = Place { account_id, ..place(described) };
            reading.keep(&place, |out| network::instance(described, out));
        }
    }
}

/// Whether the state of something is one in which it says nothing about the present.
pub(super) fn is_gone(described: &Value) -> bool {
    let state = member(described, "State");
    let name = text(member(state, "Name")).or_else(|| text(state)).unwrap_or_default();
    GONE.iter().any(|gone| name.eq_ignore_ascii_case(gone))
}

/// Where something lies. Nothing names the Region itself: the zone begins with it, and so does
/// the border group of an address.
fn place(described: &Value) -> Place<'_> {
    let zone = text(member(described, "AvailabilityZone"))
        .or_else(|| text(member(member(described, "Placement"), "AvailabilityZone")))
        .or_else(|| text(member(described, "NetworkBorderGroup")));
    let owner = text(member(described, "OwnerId"))
        .or_else(|| text(member(described, "NetworkInterfaceOwnerId")));
    Place {
        account_id: owner.unwrap_or_default(),
        region: region_of_zone(zone.unwrap_or_default()),
        at: None,
    }
}
