//! How a trail lays its objects out, and which parts of that a bucket has.
//!
//! `[prefix/]AWSLogs/[o-ORGANIZATION/]ACCOUNT/CloudTrail/REGION/YYYY/MM/DD/…` (`CloudTrail` user
//! guide, "Finding your CloudTrail log files"). Within a Region the order of keys is the order of
//! time, so that each Region of each account is listed for itself.

use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::address::is_region;
use crate::bucket::{Bucket, Level, Listed};
use crate::error::Error;

/// Most Regions of accounts that are listed.
pub const PARTITIONS_MAX: usize = 100_000;
/// Requests that are made at once while the layout is explored.
const REQUESTS_MAX: usize = 16;
/// The folder that every trail makes below its prefix.
const ROOT: &str = "AWSLogs";
/// Most folders of a bucket that are searched for [`ROOT`].
const PREFIXES_MAX: usize = 100;

const FOREIGN: &str = "no folder of CloudTrail";
const NOT_READ: &str = "CloudTrail digest files";

/// What is wanted of a trail.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Wanted {
    /// Records of calls.
    Events,
    /// Records of calls and the digest files that prove them.
    EventsAndDigests,
}

/// What lies below a prefix.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Layout {
    /// One object, which was named by its whole key.
    Object(Listed),
    /// Folders of trails.
    Trail(Trail),
    /// Anything else, which is listed as it comes, below this prefix.
    Other(String),
}

/// The parts of trails.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Trail {
    /// Each Region of each account, sorted.
    pub partitions: Vec<Partition>,
    /// Objects that lie between the folders, sorted by key.
    pub loose: Vec<Listed>,
    /// Folders that are not listed, with the reason, sorted.
    pub set_aside: Vec<(String, &'static str)>,
}

impl Trail {
    /// Whether nothing was found at all.
    pub fn is_empty(&self) -> bool {
        self.partitions.is_empty() && self.loose.is_empty() && self.set_aside.is_empty()
    }
}

/// One Region of one account.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Partition {
    /// What the keys of the Region begin with: `…/ACCOUNT/CloudTrail/REGION/`. Names the
    /// partition in a [`Cursor`](crate::Cursor).
    pub base: String,
    /// What is listed: `base`, or a part of it that the user has named.
    pub prefix: String,
    /// The account.
    pub account: String,
    /// The Region.
    pub region: String,
    /// What the objects hold.
    pub holds: PartitionHolds,
}

/// What the objects of a partition hold.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum PartitionHolds {
    /// Digest files.
    Digests,
    /// Records of calls.
    Events,
    /// Records of calls through VPC endpoints.
    NetworkActivity,
}

impl PartitionHolds {
    /// The name of the folder.
    pub const fn folder(self) -> &'static str {
        match self {
            Self::Digests => "CloudTrail-Digest",
            Self::Events => "CloudTrail",
            Self::NetworkActivity => "CloudTrail-NetworkActivity",
        }
    }

    fn of(folder: &str) -> Option<Self> {
        let all = [Self::Digests, Self::Events, Self::NetworkActivity];
        all.into_iter().find(|holds| holds.folder() == folder)
    }
}

/// Explores what lies below `prefix`, as a user writes it: a folder, or the key of one object.
///
/// Accounts and Regions are found by the folders that are there, so that new ones appear when
/// this is asked again. Takes a request for each account and each of its folders.
///
/// # Errors
///
/// As [`Bucket::level`]; needs `s3:ListBucket`.
pub async fn layout(bucket: &Bucket, prefix: &str, wanted: Wanted) -> Result<Layout, Error> {
    explored(bucket, prefix, (wanted, &[])).await
}

/// The Regions of `accounts` below `prefix` that have records of calls, sorted; of every account
/// where there are none. Takes requests for these accounts alone.
///
/// # Errors
///
/// As [`layout`].
pub async fn partitions_of(
    bucket: &Bucket,
    prefix: &str,
    accounts: &[String],
) -> Result<Vec<Partition>, Error> {
    match explored(bucket, prefix, (Wanted::Events, accounts)).await? {
        Layout::Trail(trail) => Ok(trail.partitions),
        Layout::Object(_) | Layout::Other(_) => Ok(Vec::new()),
    }
}

/// As [`layout`], without the accounts that are not among those that are wanted, unless all are.
async fn explored(
    bucket: &Bucket,
    prefix: &str,
    (wanted, accounts): (Wanted, &[String]),
) -> Result<Layout, Error> {
    let folder = if prefix.is_empty() || prefix.ends_with('/') {
        prefix.to_owned()
    } else {
        let first = bucket.page(prefix, None).await?.objects.into_iter().next();
        if let Some(object) = first.filter(|object| object.key == prefix) {
            return Ok(Layout::Object(object));
        }
        format!("{prefix}/")
    };
    let mut trail = Trail::default();
    let places = match Place::of(&folder) {
        Some(place) => vec![(folder.clone(), place)],
        None => roots(bucket, &folder, &mut trail).await?,
    };
    if places.is_empty() {
        return Ok(Layout::Other(folder));
    }
    explore(bucket, places, (wanted, accounts), &mut trail).await?;
    trail.partitions.sort_unstable();
    trail.loose.sort_unstable();
    trail.set_aside.sort_unstable();
    Ok(Layout::Trail(trail))
}

/// Where in the layout a folder stands.
#[derive(Clone, Debug, Eq, PartialEq)]
enum Place {
    /// Above the accounts.
    Root,
    /// The folder of an account.
    Account(String),
    /// A folder of Regions.
    Kind(String, PartitionHolds),
    /// A Region, or part of one.
    Region(Partition),
    /// Something else.
    Foreign(&'static str),
}

impl Place {
    /// Where `folder`, which ends in `/` or is empty, stands; `None` above [`ROOT`].
    fn of(folder: &str) -> Option<Self> {
        let mut place: Option<Self> = None;
        let mut base = String::new();
        for name in folder.split_inclusive('/') {
            base.push_str(name);
            let name = name.trim_end_matches('/');
            place = match place {
                None => (name == ROOT).then_some(Self::Root),
                Some(place) => Some(place.enter(name, &base)),
            };
        }
        if let Some(Self::Region(partition)) = &mut place {
            folder.clone_into(&mut partition.prefix);
        }
        place
    }

    /// Whether anything of one of `accounts`, or of any where there are none, may lie in it.
    fn is_of(&self, accounts: &[String]) -> bool {
        match self {
            Self::Account(account)
            | Self::Kind(account, _)
            | Self::Region(Partition { account, .. }) => {
                accounts.is_empty() || accounts.contains(account)
            }
            Self::Root | Self::Foreign(_) => true,
        }
    }

    /// Where the folder `name`, whose prefix is `base`, stands in this one.
    fn enter(self, name: &str, base: &str) -> Self {
        match self {
            Self::Root if name.starts_with("o-") => Self::Root,
            Self::Root if is_account(name) => Self::Account(name.to_owned()),
            Self::Account(account) => {
                if let Some(holds) = PartitionHolds::of(name) {
                    return Self::Kind(account, holds);
                }
                let folder = format!("{name}/");
                Self::Foreign(ingest::set_aside(&folder).map_or(FOREIGN, |(_, reason)| reason))
            }
            Self::Kind(account, holds) if is_region(name) => Self::Region(Partition {
                base: base.to_owned(),
                prefix: base.to_owned(),
                account,
                region: name.to_owned(),
                holds,
            }),
            Self::Region(partition) => Self::Region(partition),
            Self::Root | Self::Kind(..) | Self::Foreign(_) => Self::Foreign(FOREIGN),
        }
    }
}

/// The roots of trails in `folder` and in the folders directly below it; whatever else lies there
/// is told where there is a root at all.
async fn roots(
    bucket: &Bucket,
    folder: &str,
    trail: &mut Trail,
) -> Result<Vec<(String, Place)>, Error> {
    let is_root = |folder: &String| {
        let folder = folder.trim_end_matches('/');
        folder.rsplit('/').next() == Some(ROOT)
    };
    let level = bucket.level(folder).await?;
    trail.loose.extend(level.objects);
    let (mut roots, others): (Vec<_>, Vec<_>) = level.folders.into_iter().partition(is_root);
    let searched = others.iter().take(PREFIXES_MAX).cloned();
    let mut foreign = others.clone();
    for (other, below) in levels(bucket, searched).await? {
        let (found, rest): (Vec<_>, Vec<_>) = below.folders.into_iter().partition(is_root);
        if !found.is_empty() {
            foreign.retain(|folder| *folder != other);
            foreign.extend(rest);
            trail.loose.extend(below.objects);
            roots.extend(found);
        }
    }
    trail.set_aside.extend(foreign.into_iter().map(|folder| (folder, FOREIGN)));
    Ok(roots.into_iter().map(|root| (root, Place::Root)).collect())
}

/// Descends from `places` to the Regions, one level of all at a time.
async fn explore(
    bucket: &Bucket,
    mut places: Vec<(String, Place)>,
    (wanted, accounts): (Wanted, &[String]),
    trail: &mut Trail,
) -> Result<(), Error> {
    while !places.is_empty() {
        places.retain(|(_, place)| place.is_of(accounts));
        let mut open = Vec::new();
        for (folder, place) in places {
            match place {
                Place::Region(partition) => trail.partitions.push(partition),
                Place::Foreign(reason) => trail.set_aside.push((folder, reason)),
                Place::Kind(_, PartitionHolds::Digests) if wanted == Wanted::Events => {
                    trail.set_aside.push((folder, NOT_READ));
                }
                Place::Root | Place::Account(_) | Place::Kind(..) => open.push((folder, place)),
            }
        }
        if trail.partitions.len() > PARTITIONS_MAX {
            return Err(Error::Answer {
                doing: format!("list `{}`", bucket.url("")),
                what: format!("more than {PARTITIONS_MAX} Regions of accounts"),
            });
        }
        let folders = open.iter().map(|(folder, _)| folder.clone());
        let levels = levels(bucket, folders).await?;
        places = Vec::new();
        for ((_, place), (folder, level)) in open.into_iter().zip(levels) {
            trail.loose.extend(level.objects);
            for below in level.folders {
                let name = below.strip_prefix(&folder).unwrap_or(&below).trim_end_matches('/');
                let place = place.clone().enter(name, &below);
                places.push((below, place));
            }
        }
    }
    Ok(())
}

/// What lies directly in each of `folders`, in their order.
async fn levels(
    bucket: &Bucket,
    folders: impl Iterator<Item = String>,
) -> Result<Vec<(String, Level)>, Error> {
    let permits = Arc::new(Semaphore::new(REQUESTS_MAX));
    let mut requests = JoinSet::new();
    for (index, folder) in folders.enumerate() {
        let (bucket, permits) = (bucket.clone(), Arc::clone(&permits));
        requests.spawn(async move {
            let _permit = permits.acquire().await;
            let level = bucket.level(&folder).await;
            (index, folder, level)
        });
    }
    let mut levels = Vec::new();
    for (index, folder, level) in requests.join_all().await {
        levels.push((index, folder, level?));
    }
    levels.sort_unstable_by_key(|(index, ..)| *index);
    Ok(levels.into_iter().map(|(_, folder, level)| (folder, level)).collect())
}

fn is_account(name: &str) -> bool {
    name.len() == 12 && name.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::{FOREIGN, Partition, PartitionHolds, Place};

    fn region(base: &str, prefix: &str) -> Place {
        Place::Region(Partition {
            base: base.to_owned(),
            prefix: prefix.to_owned(),
            account: "111122223333".to_owned(),
            region: "eu-central-1".to_owned(),
            holds: PartitionHolds::Events,
        })
    }

    #[test]
    fn a_prefix_tells_where_it_stands() {
        let account = Place::Account("111122223333".to_owned());
        let kind = Place::Kind("111122223333".to_owned(), PartitionHolds::Digests);
        assert_eq!(Place::of(""), None);
        assert_eq!(Place::of("logs/"), None);
        assert_eq!(Place::of("logs/AWSLogs/"), Some(Place::Root));
        assert_eq!(Place::of("AWSLogs/o-abcdefghij/"), Some(Place::Root));
        assert_eq!(Place::of("AWSLogs/o-abcdefghij/111122223333/"), Some(account));
        assert_eq!(Place::of("AWSLogs/111122223333/CloudTrail-Digest/"), Some(kind));
        assert_eq!(Place::of("AWSLogs/111122223333/Config/"), Some(Place::Foreign(FOREIGN)));
        assert_eq!(Place::of("AWSLogs/elsewhere/"), Some(Place::Foreign(FOREIGN)));
    }

    #[test]
    fn a_place_is_of_its_account() {
        let wanted = ["111122223333".to_owned()];
        for (folder, is_of) in [
            ("AWSLogs/o-abcdefghij/", true),
            ("AWSLogs/111122223333/", true),
            ("AWSLogs/444455556666/", false),
            ("AWSLogs/444455556666/CloudTrail/", false),
            ("AWSLogs/444455556666/CloudTrail/eu-central-1/2026/", false),
        ] {
            let place = Place::of(folder).unwrap();
            assert_eq!((place.is_of(&wanted), place.is_of(&[])), (is_of, true), "{folder}");
        }
    }

    #[test]
    fn a_part_of_a_region_belongs_to_the_region() {
        let base = "a/AWSLogs/111122223333/CloudTrail/eu-central-1/";
        assert_eq!(Place::of(base), Some(region(base, base)));
        let day = format!("{base}2026/10/18/");
        assert_eq!(Place::of(&day), Some(region(base, &day)));
    }
}
