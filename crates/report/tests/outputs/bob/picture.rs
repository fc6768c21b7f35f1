//! The picture of the scenario.

use detect::{Color, Confidence, Edge, EdgeKind, Graph, Node, NodeKind};

use super::{ADDRESS, BOB_KEY, KEY, at, color, event_id, roles};

fn node(rank: u32, kind: NodeKind, label: &str, subtitle: &str) -> Node {
    Node {
        id: format!("{label}-{rank}"),
        kind,
        label: label.into(),
        subtitle: subtitle.into(),
        details: vec![("name", label.to_owned())],
        color: Color::None,
        hop: 0,
        badge: None,
        rank,
        first_seen: Some(at(i64::from(rank) * 60)),
    }
}

pub(crate) fn graph() -> Graph {
    let mut nodes = vec![node(0, NodeKind::AccessKey, KEY, "build-legacy · 111122223333")];
    for (rank, hop) in (1..).zip(roles().iter().take(3)) {
        let role = hop.role_arn.rsplit('/').next().unwrap().to_owned();
        nodes.push(Node {
            color: hop.color,
            hop: hop.hop,
            ..node(rank, NodeKind::RoleSession, &role, "session · ASIA…DEPLO · 10:02Z")
        });
    }
    nodes.push(node(1, NodeKind::Address, ADDRESS, "not seen before"));
    nodes.push(Node {
        color: Color::Orange,
        hop: 2,
        ..node(2, NodeKind::RoleSession, "audit-read", "look-around · 10:04Z")
    });
    for (rank, label, subtitle) in
        [(4, "Bob", "IAM user · CreateUser"), (5, BOB_KEY, "access key · CreateAccessKey")]
    {
        nodes.push(Node {
            color: Color::Red,
            hop: 3,
            badge: Some("NEW".into()),
            ..node(rank, NodeKind::Artifact, label, subtitle)
        });
    }
    nodes.push(Node {
        color: Color::Red,
        hop: 4,
        ..node(6, NodeKind::RoleSession, "data-export", "session-4 · 10:08Z")
    });
    Graph { edges: edges(), nodes, folded: 3 }
}

fn edges() -> Vec<Edge> {
    let edge = |from: &str, to: &str, kind, label: &str, hop| Edge {
        from: from.into(),
        to: to.into(),
        kind,
        label: label.into(),
        hop,
        color: color(hop),
        event_id: Some(event_id(hop)),
        event_time: Some(at(i64::from(hop) * 120)),
        confidence: Confidence::High,
    };
    let (key, bob, bob_key) = (format!("{KEY}-0"), "Bob-4", format!("{BOB_KEY}-5"));
    vec![
        edge(&key, "ci-deploy-1", EdgeKind::AssumedRole, "1 · AssumeRole", 1),
        edge(&key, &format!("{ADDRESS}-1"), EdgeKind::UsedFrom, "used from", 0),
        edge("ci-deploy-1", "org-admin-2", EdgeKind::AssumedRole, "2 · AssumeRole", 2),
        Edge {
            confidence: Confidence::Medium,
            ..edge("ci-deploy-1", "audit-read-2", EdgeKind::AssumedRole, "2 · AssumeRole", 2)
        },
        edge("org-admin-2", "break-glass-3", EdgeKind::AssumedRole, "3 · AssumeRole", 3),
        edge("break-glass-3", bob, EdgeKind::Created, "creates", 3),
        edge(bob, &bob_key, EdgeKind::Created, "owns", 3),
        edge(&bob_key, "data-export-6", EdgeKind::AssumedRole, "4 · AssumeRole", 4),
    ]
}
