//! Workloads: instances, functions, tasks and pods, whose credentials belong where they run.

mod behavior;
mod calls;
mod foreign;
mod ground;
mod home;
mod known;
mod looks;
mod place;
mod population;
mod presence;
mod told;
mod usual;
mod verdict;

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use evidence::Evidence;
use lineage::{Lineage, Node, Origin, OriginKind, Step};
use once_cell::race::OnceBox;

pub(crate) use behavior::{NewBehavior, new_behavior};
pub(crate) use calls::{Call, Delivery, Names, Seen};
pub(crate) use foreign::Foreign;
pub(crate) use home::Home;
pub(crate) use known::{background, role_changed};
pub(crate) use place::Place;
pub(crate) use population::Population;
pub(crate) use told::elsewhere;
pub(crate) use usual::Usual;
pub(crate) use verdict::foreign;

/// Begin of the subjects that clusters vouch for with IAM roles for service accounts.
const SERVICE_ACCOUNT: &str = "system:serviceaccount:";

/// The service that hands out credentials of Pod Identity.
const POD_IDENTITY: &str = "pods.eks.amazonaws.com";

/// A workload with all its sessions and what they called.
#[derive(Debug)]
pub(crate) struct Workload {
    /// What runs.
    pub(crate) kind: OriginKind,
    /// `i-…`, for an instance.
    pub(crate) instance_id: Option<Arc<str>>,
    /// The role with the service that runs something with it: what shares behavior.
    pub(crate) habit: String,
    /// Account of the role.
    pub(crate) account_id: Arc<str>,
    /// Its sessions, by time.
    pub(crate) nodes: Vec<usize>,
    /// Its direct calls, in no order that may be relied on.
    pub(crate) calls: Vec<Call>,
}

impl Workload {
    /// Whether it runs on an instance of its own, with a network to know.
    pub(crate) fn is_instance(&self) -> bool {
        self.kind == OriginKind::Ec2Instance
    }
}

/// Every workload of the evidence.
#[derive(Debug)]
pub(crate) struct Workloads<'e> {
    all: Vec<Workload>,
    names: Names<'e>,
    /// Number of the workload that each node is a session of.
    by_node: BTreeMap<usize, usize>,
    population: OnceBox<Population>,
    homes: OnceBox<Vec<Home>>,
    /// Workloads that share a role, and what is usual for them once somebody asks.
    roles: BTreeMap<String, (Vec<usize>, OnceBox<Usual>)>,
}

impl<'e> Workloads<'e> {
    /// The workloads of `evidence`.
    pub(crate) fn of(evidence: &'e Evidence, lineage: &Lineage<'e>) -> Self {
        let mut groups: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (index, node) in lineage.nodes().iter().enumerate() {
            let origin = node.origin.as_ref().filter(|origin| is_workload(node, origin));
            if let Some(origin) = origin {
                groups.entry(&origin.identity).or_default().extend(sessions(lineage, index));
            }
        }
        let mut by_node = BTreeMap::new();
        let mut all = Vec::new();
        for mut nodes in groups.into_values() {
            nodes.sort_by_key(|index| (lineage.node(*index).and_then(Node::created), *index));
            let Some(workload) = Workload::of(lineage, nodes) else {
                continue;
            };
            by_node.extend(workload.nodes.iter().map(|index| (*index, all.len())));
            all.push(workload);
        }
        let mut roles: BTreeMap<String, (Vec<usize>, OnceBox<Usual>)> = BTreeMap::new();
        for (number, workload) in all.iter().enumerate() {
            roles.entry(workload.habit.clone()).or_default().0.push(number);
        }
        let names = calls::collect(evidence, lineage, &by_node, &mut all);
        Self { all, names, by_node, population: OnceBox::new(), homes: OnceBox::new(), roles }
    }

    /// Every workload, in an order that depends on the events alone.
    pub(crate) fn all(&self) -> &[Workload] {
        &self.all
    }

    /// The workload that the node of number `index` is a session of.
    pub(crate) fn of_node(&self, index: usize) -> Option<usize> {
        self.by_node.get(&index).copied()
    }

    /// The workload of number `number`.
    pub(crate) fn workload(&self, number: usize) -> Option<&Workload> {
        self.all.get(number)
    }

    /// The texts behind the numbers of calls.
    pub(crate) const fn names(&self) -> &Names<'e> {
        &self.names
    }

    /// Which places workloads share.
    pub(crate) fn population(&self) -> &Population {
        self.population.get_or_init(|| Box::new(Population::of(&self.all)))
    }

    /// Where each workload belongs, by its number.
    pub(crate) fn homes(&self, context: &crate::Context<'_>) -> &[Home] {
        self.homes.get_or_init(|| {
            let numbers = 0..self.all.len();
            Box::new(numbers.filter_map(|number| Home::of(context, self, number)).collect())
        })
    }

    /// What is usual for the sessions of the role of `workload`.
    pub(crate) fn usual(
        &self,
        context: &crate::Context<'_>,
        workload: &Workload,
    ) -> Option<&Usual> {
        let (numbers, usual) = self.roles.get(&workload.habit)?;
        let homes = self.homes(context);
        let of = |number: &usize| Some((self.all.get(*number)?, homes.get(*number)?));
        Some(usual.get_or_init(|| Box::new(Usual::of(numbers.iter().filter_map(of)))))
    }
}

impl Workload {
    fn of(lineage: &Lineage<'_>, nodes: Vec<usize>) -> Option<Self> {
        let node = lineage.node(*nodes.first()?)?;
        let root = lineage.node(node.root)?;
        let origin = root.origin.as_ref()?;
        Some(Self {
            kind: origin.kind,
            instance_id: origin.instance_id.clone(),
            habit: origin.habit.clone(),
            account_id: Arc::clone(&root.account_id),
            nodes,
            calls: Vec::new(),
        })
    }
}

/// Whether `node` is a session of something that runs in one place.
fn is_workload(node: &Node<'_>, origin: &Origin) -> bool {
    let subject = node.issued.as_ref().map_or("", |issued| &*issued.issuance.subject);
    match origin.kind {
        // A name proves nothing: see `forged_instance_session`.
        OriginKind::Ec2Instance => !origin.at_least,
        OriginKind::EcsTask | OriginKind::LambdaFunction => true,
        OriginKind::Oidc => subject.starts_with(SERVICE_ACCOUNT),
        OriginKind::AwsService => origin.subject.as_deref() == Some(POD_IDENTITY),
        OriginKind::Console
        | OriginKind::ExternalAccount
        | OriginKind::FederationToken
        | OriginKind::IamUserAccessKey
        | OriginKind::IdentityCenter
        | OriginKind::Root
        | OriginKind::Saml
        | OriginKind::Unknown => false,
    }
}

/// `root` and what the same principal went on with, such as a console session.
fn sessions(lineage: &Lineage<'_>, root: usize) -> Vec<usize> {
    let mut sessions = Vec::new();
    let mut waiting = alloc::vec![root];
    let principal = |index: usize| lineage.node(index).map(Node::principal_id);
    while let Some(at) = waiting.pop() {
        sessions.push(at);
        let children = lineage.node(at).map(|node| node.children.as_slice()).unwrap_or_default();
        let goes_on = |child: &usize| {
            let continues = lineage.node(*child).is_some_and(|node| node.step == Step::Continues);
            continues && principal(*child) == principal(root)
        };
        waiting.extend(children.iter().copied().filter(goes_on));
    }
    sessions
}
