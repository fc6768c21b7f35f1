//! What can be unusual about a session.

/// A kind of thing that sessions are compared by.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(crate) enum Category {
    /// The role that was taken, by the origin that took it.
    Access,
    /// The account whose trail recorded a call.
    Account,
    /// A call that was let through.
    Call,
    /// How many distinct calls in ten minutes.
    Calls,
    /// The family of the client.
    Client,
    /// A call that was denied.
    Denied,
    /// How many distinct calls were denied in ten minutes.
    Denials,
    /// Three hours of a working day or of a weekend.
    Hours,
    /// The network, by its owner or its range.
    Network,
    /// The actor that a first credential was handed to.
    Origin,
    /// How many programs one credential was used by.
    Programs,
    /// The Region.
    Region,
    /// How many Regions in ten minutes.
    Regions,
    /// How many roles were taken in ten minutes.
    Roles,
    /// A store of secrets that was read.
    Secret,
    /// How many secrets were read in ten minutes.
    Secrets,
    /// The service.
    Service,
    /// How many services in ten minutes.
    Services,
    /// A client that makes little but calls that nobody made before.
    Stranger,
}

/// Categories that one cause may make rare together, so that they count as one.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Group {
    /// Credentials changed to access that the origin never had.
    Path,
    /// Secrets were read, which are credentials of others.
    Secrets,
    /// Who acts: from where, with what, when.
    Who,
    /// What is done, and where.
    What,
    /// How much at once.
    Burst,
}

impl Group {
    /// Every group, weightiest first.
    pub(crate) const ALL: [Self; 5] =
        [Self::Path, Self::Secrets, Self::Who, Self::What, Self::Burst];
}

impl Category {
    /// How many there are.
    pub(crate) const COUNT: usize = 19;

    /// Every category, in order.
    pub(crate) const ALL: [Self; Self::COUNT] = [
        Self::Access,
        Self::Account,
        Self::Call,
        Self::Calls,
        Self::Client,
        Self::Denied,
        Self::Denials,
        Self::Hours,
        Self::Network,
        Self::Origin,
        Self::Programs,
        Self::Region,
        Self::Regions,
        Self::Roles,
        Self::Secret,
        Self::Secrets,
        Self::Service,
        Self::Services,
        Self::Stranger,
    ];

    /// The group that it belongs to.
    pub(crate) const fn group(self) -> Group {
        match self {
            Self::Access => Group::Path,
            Self::Secret | Self::Secrets => Group::Secrets,
            Self::Client
            | Self::Hours
            | Self::Network
            | Self::Origin
            | Self::Programs
            | Self::Stranger => Group::Who,
            Self::Account | Self::Call | Self::Denied | Self::Region | Self::Service => Group::What,
            Self::Calls | Self::Denials | Self::Regions | Self::Roles | Self::Services => {
                Group::Burst
            }
        }
    }

    /// Whether it says the same of everybody, so that others can stand in for a past: nobody is
    /// expected to try what is denied.
    pub(crate) const fn is_universal(self) -> bool {
        matches!(self, Self::Denied | Self::Denials)
    }

    /// Of how many sessions one is expected to bring something new of the kind, before anything is
    /// known, where a population keeps to few things of it: a nightly job makes the same calls
    /// with the same client from the same network for weeks, and hardly anybody ever tries many
    /// things that are denied, or reads secrets by the handful.
    pub(crate) const fn rarity(self) -> u32 {
        match self {
            Self::Denials | Self::Denied | Self::Secret | Self::Secrets => 64,
            Self::Call
            | Self::Client
            | Self::Network
            | Self::Programs
            | Self::Service
            | Self::Stranger => 32,
            Self::Access
            | Self::Account
            | Self::Calls
            | Self::Hours
            | Self::Origin
            | Self::Region
            | Self::Regions
            | Self::Roles
            | Self::Services => 2,
        }
    }

    /// Whether it can be one of the independent things that coincide: a new machine brings a new
    /// client, and so does a new version of a program that makes new calls.
    pub(crate) const fn stands_alone(self) -> bool {
        !matches!(self, Self::Client | Self::Hours)
    }

    /// How many of a kind in ten minutes are worth a thought; smaller numbers are never unusual.
    pub(crate) const fn burst_min(self) -> usize {
        match self {
            Self::Calls => 16,
            Self::Services => 8,
            Self::Denials | Self::Regions | Self::Secrets => 4,
            Self::Roles => 3,
            Self::Access
            | Self::Account
            | Self::Call
            | Self::Client
            | Self::Denied
            | Self::Hours
            | Self::Network
            | Self::Origin
            | Self::Programs
            | Self::Region
            | Self::Secret
            | Self::Service
            | Self::Stranger => usize::MAX,
        }
    }
}

/// One thing about a session: equal values mean the same thing.
///
/// Values are numbers of texts in the order of arrival, which must not show.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(crate) struct Feature {
    pub(crate) category: Category,
    pub(crate) value: u32,
}
