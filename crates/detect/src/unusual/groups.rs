//! Which populations a session belongs to.

use alloc::borrow::Cow;
use alloc::format;
use alloc::vec::Vec;

use foldhash::fast::RandomState;
use indexmap::IndexSet;
use lineage::{Node, Origin, OriginKind, Step, is_instance_id};

use crate::context::Context;

/// Begin of the names of roles that Identity Center makes.
const IDENTITY_CENTER_ROLE: &str = "AWSReservedSSO_";

/// Kinds of names that sessions bear.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
enum Shape {
    Instance,
    Mail,
    Number,
    Uuid,
    Word,
    WordAndNumber,
}

/// What makes a population.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
enum Name<'a> {
    /// All sessions of one account, one kind of origin and one depth.
    Everyone(&'a str, OriginKind, bool),
    /// Sessions of one account and one kind of origin, of one depth, whose names have one shape.
    Kind(&'a str, OriginKind, bool, Shape),
    /// What one origin takes: the hops that it makes.
    Hops(&'a str),
    /// One path: an origin and the roles on the way.
    Path(usize),
    /// One permission set, in whichever account.
    PermissionSet(&'a str),
    /// One role.
    Role(&'a str, &'a str),
    /// One user.
    User(&'a str, &'a str),
}

/// The populations of one node, by number.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Member {
    /// Sessions by the same path.
    pub(crate) own: u32,
    /// Sessions of the same role, or of the same user.
    pub(crate) role: u32,
    /// Sessions of the same permission set, or of the same kind of origin and session name in the
    /// same account.
    pub(crate) peers: u32,
    /// Sessions of the same kind of origin in the same account.
    pub(crate) everyone: u32,
    /// What the origin takes.
    pub(crate) hops: u32,
    /// Number of the actor that begins the lineage.
    pub(crate) actor: u32,
    /// Number of what the actor is one of many of: its permission set, its user, or itself.
    pub(crate) base: u32,
    /// What kind of origin it is.
    pub(crate) kind: OriginKind,
}

/// The populations of all nodes.
#[derive(Debug)]
pub(crate) struct Groups {
    len: usize,
    members: Vec<Member>,
}

impl Groups {
    pub(crate) fn of(context: &Context<'_>) -> Self {
        let mut numbers = Numbers::default();
        let mut members = Vec::with_capacity(context.lineage.nodes().len());
        for (index, node) in context.lineage.nodes().iter().enumerate() {
            // The path of a lineage's first node has the same number wherever it goes on to.
            let root = members.get(node.root).filter(|_| node.root < index).copied();
            members.push(numbers.member(context, (index, node), root));
        }
        Self { len: numbers.names.len(), members }
    }

    /// How many populations there are.
    pub(crate) const fn len(&self) -> usize {
        self.len
    }

    /// The populations of the node of number `index`.
    pub(crate) fn member(&self, index: usize) -> Member {
        self.members.get(index).copied().unwrap_or_default()
    }
}

/// Names as they are numbered.
#[derive(Default)]
struct Numbers<'a> {
    names: IndexSet<Name<'a>, RandomState>,
    actors: IndexSet<Cow<'a, str>, RandomState>,
}

impl<'a> Numbers<'a> {
    fn member(
        &mut self,
        context: &'a Context<'_>,
        (index, node): (usize, &'a Node<'_>),
        root: Option<Member>,
    ) -> Member {
        let origin = context.origin_of(index);
        let kind = origin.map(|(_, origin)| origin.kind).unwrap_or_default();
        let habit = origin.map(|(_, origin)| origin.habit.as_str()).unwrap_or_default();
        let (actor, base) = if let Some(root) = root {
            (root.actor, root.base)
        } else {
            let base = origin.map(|(root, origin)| base_of(root, origin)).unwrap_or_default();
            let mut number = |text| self.actors.insert_full(text).0 as u32;
            (number(Cow::Borrowed(habit)), number(base))
        };
        let mut number = |name: Name<'a>| self.names.insert_full(name).0 as u32;
        let role = match node.role() {
            Some((account, role)) => Name::Role(account, role),
            None => Name::User(&node.account_id, node.principal_id()),
        };
        let set = node.role().and_then(|(_, role)| permission_set(role));
        let shape = node.role_session_name().map_or(Shape::Word, shape_of);
        let of_kind = Name::Kind(&node.account_id, kind, node.hop > 0, shape);
        let peers = set.map_or(of_kind, Name::PermissionSet);
        Member {
            own: number(Name::Path(context.habits.path_of(index))),
            role: number(role),
            peers: number(peers),
            everyone: number(Name::Everyone(&node.account_id, kind, node.hop > 0)),
            hops: number(Name::Hops(habit)),
            actor,
            base,
            kind,
        }
    }
}

/// What an actor is one of many of, where peers may do what one of them does.
fn base_of<'a>(root: &Node<'_>, origin: &'a Origin) -> Cow<'a, str> {
    match origin.kind {
        OriginKind::IdentityCenter | OriginKind::Saml => {
            let name = root.role().map(|(account, role)| format!("{account}/{role}"));
            name.unwrap_or_default().into()
        }
        // A user's keys change, and so does its way in.
        OriginKind::Console | OriginKind::FederationToken | OriginKind::IamUserAccessKey => {
            let user = root.principal_id().split(':').next().unwrap_or_default();
            format!("user {user}").into()
        }
        OriginKind::AwsService
        | OriginKind::Ec2Instance
        | OriginKind::EcsTask
        | OriginKind::ExternalAccount
        | OriginKind::LambdaFunction
        | OriginKind::Oidc
        | OriginKind::Root
        | OriginKind::Unknown => Cow::Borrowed(&origin.habit),
    }
}

/// `Developer` of `AWSReservedSSO_Developer_0123456789abcdef`.
fn permission_set(role: &str) -> Option<&str> {
    Some(role.strip_prefix(IDENTITY_CENTER_ROLE)?.rsplit_once('_')?.0)
}

/// Whether a role was taken by a credential to get to `node`.
pub(crate) fn is_access(node: &Node<'_>) -> bool {
    node.step == Step::Hop && !node.is_refresh
}

fn shape_of(name: &str) -> Shape {
    let is_digit = |c: char| c.is_ascii_digit();
    let is_hex = |c: char| c.is_ascii_hexdigit() || c == '-';
    if is_instance_id(name) {
        Shape::Instance
    } else if name.contains('@') {
        Shape::Mail
    } else if !name.is_empty() && name.chars().all(is_digit) {
        Shape::Number
    } else if name.len() >= 16 && name.chars().all(is_hex) {
        Shape::Uuid
    } else if name.contains(is_digit) {
        Shape::WordAndNumber
    } else {
        Shape::Word
    }
}

#[cfg(test)]
mod tests {
    use super::{Shape, permission_set, shape_of};

    #[test]
    fn names_of_sessions_have_kinds() {
        let cases = [
            ("i-0a1b2c3d4e5f60718", Shape::Instance),
            ("ada@example.com", Shape::Mail),
            ("1700000000000", Shape::Number),
            ("0b9d7c1e-aaaa-4bbb-8ccc-0123456789ab", Shape::Uuid),
            ("deploy", Shape::Word),
            ("run-4711", Shape::WordAndNumber),
            ("", Shape::Word),
        ];
        for (name, shape) in cases {
            assert_eq!(shape_of(name), shape, "{name}");
        }
    }

    #[test]
    fn a_permission_set_is_one_in_every_account() {
        assert_eq!(permission_set("AWSReservedSSO_Read_Only_0123456789abcdef"), Some("Read_Only"));
        assert_eq!(permission_set("deployer"), None);
    }
}
