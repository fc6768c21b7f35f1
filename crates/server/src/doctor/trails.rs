//! Which trails an account has: each Region tells only of those that concern it.

use std::collections::{BTreeMap, BTreeSet};

use aws::{Connection, Error, TrailSettings};
use tokio::task::JoinSet;

/// What the Regions of an account told.
#[derive(Debug, Default)]
pub(super) struct Trails {
    /// Each trail once, by ARN.
    pub(super) trails: Vec<TrailSettings>,
    /// Regions that did not tell theirs, sorted, with why.
    pub(super) untold: Vec<(String, Error)>,
}

impl Trails {
    /// Asks each of `regions`.
    pub(super) async fn list(connection: &Connection, regions: &BTreeSet<String>) -> Self {
        let mut asked = JoinSet::new();
        for region in regions {
            let (region, connection) = (region.clone(), connection.in_region(region));
            asked.spawn(async move { (region, connection.trails().await) });
        }
        Self::of(asked.join_all().await)
    }

    fn of(told: Vec<(String, Result<Vec<TrailSettings>, Error>)>) -> Self {
        let mut trails = BTreeMap::new();
        let mut untold = Vec::new();
        for (region, told) in told {
            match told {
                Ok(told) => trails.extend(told.into_iter().map(|one| (one.arn.clone(), one))),
                Err(error) => untold.push((region, error)),
            }
        }
        untold.sort_by(|(left, _), (right, _)| left.cmp(right));
        Self { trails: trails.into_values().collect(), untold }
    }
}

#[cfg(test)]
mod tests {
    use aws::{Error, TrailSettings};

    use super::Trails;

    #[test]
    fn a_trail_that_several_regions_tell_of_is_one() {
        let trail = |arn: &str| TrailSettings { arn: arn.to_owned(), ..TrailSettings::default() };
        let trails = Trails::of(vec![
            ("us-east-1".to_owned(), Ok(vec![trail("here"), trail("everywhere")])),
            ("eu-west-1".to_owned(), Err(Error::RegionMissing)),
            ("eu-central-1".to_owned(), Ok(vec![trail("everywhere"), trail("there")])),
            ("ap-south-1".to_owned(), Err(Error::RegionMissing)),
        ]);
        let arns: Vec<&str> = trails.trails.iter().map(|trail| trail.arn.as_str()).collect();
        assert_eq!(arns, ["everywhere", "here", "there"]);
        let untold: Vec<&str> = trails.untold.iter().map(|(region, _)| region.as_str()).collect();
        assert_eq!(untold, ["ap-south-1", "eu-west-1"]);
    }
}
