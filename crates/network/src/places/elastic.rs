//! Elastic addresses among the places.

use alloc::vec::Vec;
use core::net::{IpAddr, Ipv4Addr};

use crate::index::Place;
use crate::places::{Kind, Moment, Owner, Places};

const ADDRESS_MIN: IpAddr = IpAddr::V4(Ipv4Addr::UNSPECIFIED);

/// An elastic address.
pub(super) struct Elastic<'e> {
    allocation_id: &'e str,
    association_id: &'e str,
    place: Option<Place<'e>>,
    private_address: Option<IpAddr>,
    pub(super) since: Moment<'e>,
}

/// What an association tells beside the address.
pub(crate) struct Destination<'e> {
    pub(crate) place: Place<'e>,
    pub(crate) allocation_id: &'e str,
    pub(crate) association_id: &'e str,
    pub(crate) private_address: Option<IpAddr>,
}

impl<'e> Elastic<'e> {
    /// What holds it, unless its interface tells that.
    pub(super) fn owner(&self) -> Option<Owner<'e>> {
        match self.place {
            None => Some(Owner::Nobody(self.allocation_id)),
            Some(Place::Instance(id)) => Some(Owner::Instance(id)),
            Some(Place::Interface(_)) => None,
            Some(Place::NatGateway(id)) => Some(Owner::NatGateway(id)),
        }
    }
}

impl<'e> Places<'e> {
    /// Frees the elastic addresses of an instance or a NAT gateway that is gone.
    pub(crate) fn vacate(&mut self, place: Place<'e>, now: Moment<'e>) {
        let at = self.elastic_at.range((place, None, ADDRESS_MIN)..);
        let at = at.take_while(|(of, ..)| *of == place);
        let addresses: Vec<IpAddr> = at.map(|(.., address)| *address).collect();
        for address in addresses {
            self.disassociate(address, "", now);
        }
    }

    /// Makes an elastic address one's own.
    pub(crate) fn allocate(&mut self, address: IpAddr, allocation_id: &'e str, now: Moment<'e>) {
        if let Some(known) = self.elastic.get_mut(&address)
            && (known.allocation_id.is_empty() || known.allocation_id == allocation_id)
        {
            known.allocation_id = allocation_id;
            return;
        }
        self.release(address, "", now);
        self.own(address, allocation_id, now);
    }

    /// Leads an elastic address to `place`.
    pub(crate) fn associate(&mut self, address: IpAddr, to: &Destination<'e>, now: Moment<'e>) {
        let is_known = self.elastic.contains_key(&address);
        if !is_known {
            self.own(address, to.allocation_id, now);
        }
        if let Some(elastic) = self.elastic.get_mut(&address)
            && elastic.place == Some(to.place)
        {
            if elastic.association_id.is_empty() {
                elastic.association_id = to.association_id;
            }
            return;
        }
        // An elastic address takes the place of the one that led there before.
        if let Some(displaced) = self.displaced_by(to) {
            self.disassociate(displaced, "", now);
        }
        self.lift(address, now);
        self.elastic_at.insert((to.place, to.private_address, address));
        if let Some(elastic) = self.elastic.get_mut(&address) {
            elastic.place = Some(to.place);
            elastic.private_address = to.private_address;
            elastic.association_id = to.association_id;
            elastic.since = now;
        }
        if let Place::Interface(id) = to.place {
            self.put(id, address, Kind::Elastic, now);
        }
    }

    /// Ends where an elastic address leads, and returns the instance that it led to.
    ///
    /// An association that is not the present one ended before.
    pub(crate) fn disassociate(
        &mut self,
        address: IpAddr,
        association_id: &str,
        now: Moment<'e>,
    ) -> Option<&'e str> {
        let elastic = self.elastic.get(&address)?;
        if differ(elastic.association_id, association_id) {
            return None;
        }
        let instance = self.instance_at(elastic.place?);
        self.lift(address, now);
        self.forget_place(address, now);
        instance
    }

    /// Gives an elastic address back.
    pub(crate) fn release(&mut self, address: IpAddr, allocation_id: &str, now: Moment<'e>) {
        let Some(elastic) = self.elastic.get(&address) else {
            return;
        };
        if !differ(elastic.allocation_id, allocation_id) {
            self.lift(address, now);
            self.forget_place(address, now);
            self.elastic.remove(&address);
        }
    }

    fn own(&mut self, address: IpAddr, allocation_id: &'e str, now: Moment<'e>) {
        let elastic = Elastic {
            allocation_id,
            association_id: "",
            place: None,
            private_address: None,
            since: now,
        };
        self.elastic.insert(address, elastic);
    }

    /// Ends the interval of an elastic address where it is.
    fn lift(&mut self, address: IpAddr, now: Moment<'e>) {
        let Some(elastic) = self.elastic.get(&address) else {
            return;
        };
        let (place, since, owner) = (elastic.place, elastic.since, elastic.owner());
        if let Some(owner) = owner {
            self.end(address, owner, since, now);
        }
        if let Some(Place::Interface(id)) = place {
            self.take(id, address, Kind::Elastic, now);
        }
        self.unlink(address);
    }

    fn unlink(&mut self, address: IpAddr) {
        let elastic = self.elastic.get(&address);
        if let Some((place, elastic)) = elastic.and_then(|e| Some((e.place?, e))) {
            self.elastic_at.remove(&(place, elastic.private_address, address));
        }
    }

    /// The elastic address that an association ends. NAT gateways have several.
    fn displaced_by(&self, to: &Destination<'e>) -> Option<IpAddr> {
        let from = (to.place, to.private_address, ADDRESS_MIN);
        let (place, private_address, address) = self.elastic_at.range(from..).next()?;
        let is_same = (*place, *private_address) == (to.place, to.private_address);
        let is_shared = matches!(place, Place::NatGateway(_));
        (is_same && !is_shared).then_some(*address)
    }

    /// Begins the interval in which an elastic address leads nowhere.
    pub(super) fn forget_place(&mut self, address: IpAddr, now: Moment<'e>) {
        self.unlink(address);
        if let Some(elastic) = self.elastic.get_mut(&address) {
            elastic.place = None;
            elastic.association_id = "";
            elastic.since = now;
        }
    }
}

/// Whether both ids are known and not the same.
fn differ(known: &str, told: &str) -> bool {
    !known.is_empty() && !told.is_empty() && known != told
}
