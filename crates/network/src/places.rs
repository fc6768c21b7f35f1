//! Where addresses are at one moment, and the intervals that end as they move.

mod elastic;

use alloc::collections::btree_map::Entry;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;
use core::net::IpAddr;

use cloudtrail::Timestamp;
use evidence::FactProof;

use crate::index::Place;
use crate::places::elastic::Elastic;

pub(crate) use elastic::Destination;

/// Most addresses that an interface is taken to have at a time. EC2 admits 50 of IPv4 and 50 of
/// IPv6 ("Maximum IP addresses per network interface"), and an elastic one for each of IPv4.
pub(crate) const ADDRESSES_PER_INTERFACE_MAX: usize = 256;

/// Most interfaces that an instance is taken to have at a time. No type of instance has half as
/// many ("Maximum IP addresses per network interface").
pub(crate) const INTERFACES_PER_INSTANCE_MAX: usize = 128;

/// Most intervals that the moves of one interface begin, over all its addresses. An interface with
/// a hundred addresses may move forty times; whoever moves one more often wants a large report.
pub(crate) const MOVED_PER_INTERFACE_MAX: usize = 4096;

/// A moment at which something changes, and what the change rests on.
#[derive(Clone, Copy)]
pub(crate) struct Moment<'e> {
    /// Nothing before anything is known.
    pub(crate) at: Option<Timestamp>,
    /// The proof.
    pub(crate) proof: &'e FactProof,
}

/// What holds an address.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Owner<'e> {
    /// `i-…`.
    Instance(&'e str),
    /// `eni-…`, attached to nothing.
    Interface(&'e str),
    /// `nat-…`.
    NatGateway(&'e str),
    /// Nothing; with its `eipalloc-…`.
    Nobody(&'e str),
}

/// An interval in which something held an address.
pub(crate) struct Holding<'e> {
    pub(crate) address: IpAddr,
    pub(crate) owner: Owner<'e>,
    pub(crate) since: Moment<'e>,
    pub(crate) until: Option<Timestamp>,
}

#[derive(Clone, Copy, Eq, PartialEq)]
enum Kind {
    Elastic,
    Lent,
    Own,
}

#[derive(Default)]
struct Interface<'e> {
    instance: Option<&'e str>,
    is_kept: bool,
    n_lent: usize,
    n_moved: usize,
    addresses: BTreeMap<IpAddr, (Kind, Moment<'e>)>,
}

/// Where everything is.
#[derive(Default)]
pub(crate) struct Places<'e> {
    interfaces: BTreeMap<&'e str, Interface<'e>>,
    interfaces_of: BTreeMap<&'e str, BTreeSet<&'e str>>,
    elastic: BTreeMap<IpAddr, Elastic<'e>>,
    /// Elastic addresses by where they lead.
    elastic_at: BTreeSet<(Place<'e>, Option<IpAddr>, IpAddr)>,
    lent: BTreeMap<IpAddr, &'e str>,
    /// Intervals that ended.
    pub(crate) holdings: Vec<Holding<'e>>,
    /// Addresses and interfaces that were left out because there were too many.
    pub(crate) n_left_out: u64,
}

impl<'e> Places<'e> {
    /// Attaches an interface.
    pub(crate) fn attach(
        &mut self,
        id: &'e str,
        instance: &'e str,
        is_kept: bool,
        now: Moment<'e>,
    ) {
        let interface = self.interfaces.entry(id).or_default();
        let before = interface.instance;
        // A copy that says that it goes with the instance does not undo one that says it stays.
        interface.is_kept = is_kept || (interface.is_kept && before == Some(instance));
        if before == Some(instance) {
            return;
        }
        self.leave(id);
        let interfaces = self.interfaces_of.entry(instance).or_default();
        if interfaces.len() >= INTERFACES_PER_INSTANCE_MAX {
            self.n_left_out += 1;
            self.move_interface(id, None, now);
            return;
        }
        interfaces.insert(id);
        self.move_interface(id, Some(instance), now);
    }

    /// Detaches an interface, and returns what it was attached to.
    pub(crate) fn detach(&mut self, id: &'e str, now: Moment<'e>) -> Option<&'e str> {
        let instance = self.leave(id)?;
        self.move_interface(id, None, now);
        Some(instance)
    }

    /// Deletes an interface.
    pub(crate) fn delete(&mut self, id: &'e str, now: Moment<'e>) {
        self.leave(id);
        let Some(interface) = self.interfaces.remove(id) else {
            return;
        };
        let owner = owner(id, &interface);
        for (address, (kind, since)) in interface.addresses {
            self.end(address, owner, since, now);
            if kind == Kind::Elastic {
                self.forget_place(address, now);
            }
        }
    }

    /// Gives an interface an address of its subnet.
    pub(crate) fn assign(&mut self, id: &'e str, address: IpAddr, now: Moment<'e>) {
        self.put(id, address, Kind::Own, now);
    }

    /// Takes an address of its subnet from an interface.
    pub(crate) fn unassign(&mut self, id: &'e str, address: IpAddr, now: Moment<'e>) {
        self.take(id, address, Kind::Own, now);
    }

    /// Lends an interface a public address.
    pub(crate) fn lend(&mut self, id: &'e str, address: IpAddr, now: Moment<'e>) {
        if let Some(before) = self.lent.insert(address, id)
            && before != id
        {
            self.take(before, address, Kind::Lent, now);
        }
        self.put(id, address, Kind::Lent, now);
    }

    /// Stops an instance, which takes the lent addresses from its interfaces.
    pub(crate) fn stop(&mut self, instance: &str, now: Moment<'e>) {
        for id in self.interfaces_of.get(instance).cloned().unwrap_or_default() {
            let interface = self.interfaces.get(id).filter(|interface| interface.n_lent > 0);
            let addresses = interface.into_iter().flat_map(|interface| &interface.addresses);
            let lent = addresses.filter(|(_, (kind, _))| *kind == Kind::Lent);
            let lent: Vec<IpAddr> = lent.map(|(address, _)| *address).collect();
            for address in lent {
                self.take(id, address, Kind::Lent, now);
            }
        }
    }

    /// Terminates an instance, with the interfaces that do not outlive it.
    pub(crate) fn terminate(&mut self, instance: &'e str, now: Moment<'e>) {
        self.stop(instance, now);
        for id in self.interfaces_of.get(instance).cloned().unwrap_or_default() {
            if self.interfaces.get(id).is_some_and(|interface| interface.is_kept) {
                self.detach(id, now);
            } else {
                self.delete(id, now);
            }
        }
        self.vacate(Place::Instance(instance), now);
    }

    /// The instance that `place` is, or is attached to.
    pub(crate) fn instance_at(&self, place: Place<'e>) -> Option<&'e str> {
        match place {
            Place::Instance(id) => Some(id),
            Place::Interface(id) => self.interfaces.get(id)?.instance,
            Place::NatGateway(_) => None,
        }
    }

    /// Ends nothing more: what still holds has no end.
    pub(crate) fn finish(mut self) -> (Vec<Holding<'e>>, u64) {
        let mut holdings = core::mem::take(&mut self.holdings);
        for (id, interface) in &self.interfaces {
            let owner = owner(id, interface);
            let addresses = interface.addresses.iter();
            holdings.extend(addresses.map(|(address, (_, since))| Holding {
                address: *address,
                owner,
                since: *since,
                until: None,
            }));
        }
        for (address, elastic) in &self.elastic {
            let (address, since) = (*address, elastic.since);
            let open = |owner| Holding { address, owner, since, until: None };
            holdings.extend(elastic.owner().map(open));
        }
        (holdings, self.n_left_out)
    }

    fn put(&mut self, id: &'e str, address: IpAddr, kind: Kind, now: Moment<'e>) {
        let interface = self.interfaces.entry(id).or_default();
        let is_full = interface.addresses.len() >= ADDRESSES_PER_INTERFACE_MAX;
        if is_full && !interface.addresses.contains_key(&address) {
            self.n_left_out += 1;
            return;
        }
        if let Entry::Vacant(place) = interface.addresses.entry(address) {
            place.insert((kind, now));
            interface.n_lent += usize::from(kind == Kind::Lent);
        }
    }

    fn take(&mut self, id: &'e str, address: IpAddr, kind: Kind, now: Moment<'e>) {
        let Some(interface) = self.interfaces.get_mut(id) else {
            return;
        };
        if interface.addresses.get(&address).is_none_or(|(known, _)| *known != kind) {
            return;
        }
        let owner = owner(id, interface);
        interface.n_lent -= usize::from(kind == Kind::Lent);
        if let Some((_, since)) = interface.addresses.remove(&address) {
            self.end(address, owner, since, now);
        }
    }

    fn leave(&mut self, id: &str) -> Option<&'e str> {
        let instance = self.interfaces.get(id)?.instance?;
        if let Some(interfaces) = self.interfaces_of.get_mut(instance) {
            interfaces.remove(id);
            if interfaces.is_empty() {
                self.interfaces_of.remove(instance);
            }
        }
        Some(instance)
    }

    /// Moves an interface with its addresses.
    fn move_interface(&mut self, id: &'e str, instance: Option<&'e str>, now: Moment<'e>) {
        let Some(interface) = self.interfaces.get_mut(id) else {
            return;
        };
        let before = owner(id, interface);
        interface.instance = instance;
        interface.n_moved += interface.addresses.len();
        for (address, (_, since)) in &mut interface.addresses {
            let ended = core::mem::replace(since, now);
            let (address, until) = (*address, now.at);
            if ended.at != until {
                self.holdings.push(Holding { address, owner: before, since: ended, until });
            }
        }
        if interface.n_moved > MOVED_PER_INTERFACE_MAX {
            self.n_left_out += interface.addresses.len() as u64;
            interface.addresses.clear();
            interface.n_lent = 0;
        }
    }

    /// Ends an interval, unless it has no length.
    fn end(&mut self, address: IpAddr, owner: Owner<'e>, since: Moment<'e>, now: Moment<'e>) {
        if since.at != now.at {
            self.holdings.push(Holding { address, owner, since, until: now.at });
        }
    }
}

fn owner<'e>(id: &'e str, interface: &Interface<'e>) -> Owner<'e> {
    interface.instance.map_or(Owner::Interface(id), Owner::Instance)
}
