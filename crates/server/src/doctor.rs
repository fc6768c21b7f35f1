//! `rolecall doctor`: what the trail, the permissions and the configuration cannot see.
//!
//! Everything is only looked at: nothing in AWS is changed, no alert is sent, and nothing stays in
//! the store's folder.

mod catalogue;
mod notification;
mod queue;
mod sinks;
mod sources;
mod store;
mod trail;
mod trails;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use ::aws::{Bucket, Connection, TrailSettings};
use report::{Check, CheckState};

pub use catalogue::{ALL, Kind};

use crate::clients::in_region;
use crate::clock::{Clock, WallTime};
use crate::config::{Config, Environment, Problem, Region, SourceSettings};
use catalogue::{CLOCK, CONFIGURATION, CREDENTIALS, TRAIL};
use notification::Told;
use trail::TrailFacts;
use trails::Trails;

/// How far two clocks may be apart. AWS refuses signatures that are five minutes off.
const CLOCK_MAX: Duration = Duration::from_secs(60);

/// Where AWS is asked when no Region is set; any will do.
const REGION_OF_LAST_RESORT: &str = "us-east-1";

/// What is needed to look.
#[derive(Clone, Copy)]
pub struct Outside<'o> {
    /// The environment, for secrets.
    pub environment: &'o Environment,
    /// AWS, where a source or a sink needs it.
    pub connection: Option<&'o Connection>,
    /// Tells the time of the machine.
    pub clock: &'o dyn Clock,
}

/// What is wrong with the configuration itself.
pub fn of_problems(problems: &[Problem]) -> Vec<Check> {
    let remedy = "Correct it; `rolecall config example` shows what there is to set.";
    let check =
        |problem: &Problem| CONFIGURATION.problem(&problem.key, problem.to_string(), remedy);
    problems.iter().map(check).collect()
}

/// Looks at everything that `config` names, one after the other.
pub async fn examine(config: &Config, outside: Outside<'_>) -> Vec<Check> {
    let mut checks = store::look(&config.store);
    let connection = match outside.connection {
        Some(connection) => {
            let (found, connection) = credentials(connection).await;
            checks.push(found);
            connection
        }
        None => None,
    };
    if let Some(connection) = &connection {
        checks.push(clock(connection, outside.clock.now()).await);
    }
    let now = outside.clock.now();
    let mut looking = Looking { now, checks, ..Looking::default() };
    looking.sources(config, connection.as_ref()).await;
    if !config.sources.iter().any(is_in_aws) {
        let found = "no source lies in AWS: a folder does not tell of its trail";
        let remedy = "Run it where the trail's bucket or queue is a source.";
        looking.checks.push(TRAIL.unknown("folders", found, remedy));
    } else if let Some(connection) = &connection {
        looking.trails(connection).await;
    }
    for sink in &config.sinks {
        let check = sinks::look(sink, outside.environment, connection.as_ref()).await;
        looking.checks.push(check);
    }
    looking.checks
}

fn is_in_aws(source: &crate::config::Source) -> bool {
    !matches!(source.settings, SourceSettings::Folder(_))
}

/// Whether AWS knows who asks, and a connection that has a Region.
async fn credentials(connection: &Connection) -> (Check, Option<Connection>) {
    let connection = match connection.region() {
        Some(_) => connection.clone(),
        None => connection.in_region(REGION_OF_LAST_RESORT),
    };
    match connection.caller().await {
        Ok(caller) => {
            let check =
                CREDENTIALS.ok(&caller.account, format!("AWS is asked as `{}`", caller.arn));
            (check, Some(connection))
        }
        Err(error) => (CREDENTIALS.failed("AWS", &error), None),
    }
}

async fn clock(connection: &Connection, before: WallTime) -> Check {
    let date = match connection.date().await {
        Ok(Some(date)) => date,
        Ok(None) => return CLOCK.unknown("this machine", "AWS does not tell the time", ""),
        Err(error) => return CLOCK.untold("this machine", &error),
    };
    let seconds = before.seconds().abs_diff(date.0);
    if seconds > CLOCK_MAX.as_secs() {
        let found = format!("the clock is {seconds} seconds off AWS's");
        return CLOCK.problem("this machine", found, "Let the clock be set by NTP.");
    }
    CLOCK.ok("this machine", "the clock agrees with AWS's")
}

/// What was seen so far.
#[derive(Default)]
struct Looking {
    now: WallTime,
    checks: Vec<Check>,
    /// Queues of sources: names and ARNs, and where they are.
    queues: Vec<(String, String, Connection)>,
    /// Whether there is a queue: which buckets it is told of, it does not tell.
    has_queue: bool,
    /// Buckets of sources, with the name of each source.
    buckets: BTreeMap<String, String>,
    /// Regions that sources name.
    regions: BTreeSet<String>,
}

impl Looking {
    async fn sources(&mut self, config: &Config, connection: Option<&Connection>) {
        let at =
            |region: Option<&Region>| connection.map(|connection| in_region(connection, region));
        for source in &config.sources {
            let name = source.name.as_str();
            self.regions.extend(regions(&source.settings).map(|region| region.as_str().to_owned()));
            match &source.settings {
                SourceSettings::Folder(folder) => self.checks.push(sources::folder(name, folder)),
                SourceSettings::LookupEvents(history) => {
                    if let Some(connection) = connection {
                        self.checks.extend(sources::history(name, connection, history).await);
                    }
                    let is_history = |source: &crate::config::Source| {
                        matches!(source.settings, SourceSettings::LookupEvents(_))
                    };
                    if config.sources.iter().all(is_history) {
                        self.checks.push(sources::only_history(name));
                    }
                }
                SourceSettings::S3(bucket) => {
                    if let Some(connection) = at(bucket.region.as_ref()) {
                        let asked = (bucket, self.now);
                        self.checks.extend(sources::bucket(name, &connection, asked).await);
                        let bucket = bucket.bucket.as_str().to_owned();
                        self.buckets.insert(bucket, name.to_owned());
                    }
                }
                SourceSettings::Sqs(queue) => {
                    self.has_queue = true;
                    if let Some(connection) = at(queue.region.as_ref()) {
                        let asked = (queue.queue_url.as_str(), queue.no_ack);
                        let (checks, arn) = queue::look(name, &connection, asked).await;
                        self.checks.extend(checks);
                        self.queues.extend(arn.map(|arn| (name.to_owned(), arn, connection)));
                    }
                }
            }
        }
    }

    /// Looks at the trails that write to the buckets of sources, or at all of them where a queue
    /// does not tell its buckets.
    async fn trails(&mut self, connection: &Connection) {
        let enabled = connection.enabled_regions().await;
        let regions = self.asked(connection, enabled.as_deref().unwrap_or_default());
        let Trails { trails, untold } = Trails::list(connection, &regions).await;
        if let Some((_, error)) = untold.first() {
            let all = untold.len() == regions.len();
            let names: Vec<&str> = untold.iter().map(|(region, _)| region.as_str()).collect();
            let subject =
                if all { "trails".to_owned() } else { format!("trails of {}", names.join(", ")) };
            self.checks.push(TRAIL.untold(&subject, error));
            if all {
                return;
            }
        }
        let is_told = |region: &&String| !untold.iter().any(|(other, _)| other == *region);
        let told: Vec<&str> = regions.iter().filter(is_told).map(String::as_str).collect();
        let is_all = enabled.is_ok() && untold.is_empty();
        let only = if is_all { String::new() } else { format!("; only {} told", told.join(", ")) };
        for (bucket, source) in &self.buckets {
            if !trails.iter().any(|trail| trail.s3_bucket_name == *bucket) {
                let found = format!("no trail of this account writes to `{bucket}`{only}");
                let remedy = "Ask with credentials of the account that has the trail.";
                self.checks.push(TRAIL.unknown(source, found, remedy));
            }
        }
        if trails.is_empty() && self.buckets.is_empty() {
            self.checks.push(no_trail(is_all, &only));
        }
        self.notifications(connection, &trails).await;
        let wanted: Vec<&TrailSettings> =
            trails.iter().filter(|trail| self.is_wanted(trail)).collect();
        let facts = facts(connection, &wanted).await;
        self.judge(connection, &facts, enabled.as_deref().unwrap_or_default()).await;
    }

    /// The Regions whose trails are asked for: those that are `enabled`, or those that are known
    /// where the account does not tell.
    fn asked(&self, connection: &Connection, enabled: &[String]) -> BTreeSet<String> {
        if enabled.is_empty() {
            let set = connection.region().map(str::to_owned);
            return self.regions.iter().cloned().chain(set).collect();
        }
        enabled.iter().cloned().collect()
    }

    fn is_wanted(&self, trail: &TrailSettings) -> bool {
        let is_known = self.buckets.contains_key(&trail.s3_bucket_name);
        is_known || self.has_queue || self.buckets.is_empty()
    }

    /// Judges trails, each for itself and those of each bucket together.
    async fn judge(&mut self, connection: &Connection, facts: &[TrailFacts], enabled: &[String]) {
        let is_in_organization = connection.is_in_organization().await.ok();
        for trail in facts {
            self.checks.extend(trail::judge(trail, is_in_organization, self.now));
        }
        let buckets: BTreeSet<&str> =
            facts.iter().map(|trail| trail.settings.s3_bucket_name.as_str()).collect();
        for bucket in buckets {
            let of_bucket = facts.iter().filter(|one| one.settings.s3_bucket_name == bucket);
            let of_bucket: Vec<&TrailFacts> = of_bucket.collect();
            self.checks.push(trail::regions(bucket, &of_bucket, enabled));
        }
    }

    /// Looks whether the queues of sources are told of the buckets of `trails`.
    async fn notifications(&mut self, connection: &Connection, trails: &[TrailSettings]) {
        if self.queues.is_empty() {
            return;
        }
        let mut told = Vec::new();
        for trail in trails {
            let notifications = match Bucket::open(connection, &trail.s3_bucket_name).await {
                Ok(bucket) => bucket.notifications().await,
                Err(error) => Err(error),
            };
            let prefix = trail.s3_key_prefix.as_deref().filter(|prefix| !prefix.is_empty());
            told.push(Told {
                bucket: trail.s3_bucket_name.clone(),
                root: prefix.map_or("AWSLogs/".to_owned(), |prefix| format!("{prefix}/AWSLogs/")),
                notifications,
                has_topic: trail.sns_topic_arn.is_some(),
            });
        }
        for (source, arn, connection) in &self.queues {
            let rules = connection.rules_to(arn).await;
            self.checks.push(notification::judge((source, arn), &told, &rules));
        }
    }
}

/// That no Region that was asked has a trail; where not all told, one of the others may have.
fn no_trail(is_all: bool, only: &str) -> Check {
    let remedy = "Make a trail of every Region, or ask where it is.";
    if is_all {
        TRAIL.problem("trails", "the account has no trail", remedy)
    } else {
        TRAIL.unknown("trails", format!("no trail is known{only}"), remedy)
    }
}

/// The Regions that a source names.
fn regions(source: &SourceSettings) -> impl Iterator<Item = &Region> {
    let (one, several): (Option<&Region>, &[Region]) = match source {
        SourceSettings::Folder(_) => (None, &[]),
        SourceSettings::LookupEvents(history) => (None, &history.regions),
        SourceSettings::S3(bucket) => (bucket.region.as_ref(), &[]),
        SourceSettings::Sqs(queue) => (queue.region.as_ref(), &[]),
    };
    one.into_iter().chain(several)
}

async fn facts(connection: &Connection, trails: &[&TrailSettings]) -> Vec<TrailFacts> {
    let mut facts = Vec::new();
    for trail in trails {
        let home = connection.in_region(&trail.home_region);
        facts.push(TrailFacts {
            settings: (*trail).clone(),
            status: home.trail_status(&trail.arn).await,
            selectors: home.event_selectors(&trail.arn).await,
        });
    }
    facts
}

/// The gravest of what is wrong.
pub fn gravest(checks: &[Check]) -> Option<detect::Severity> {
    let problems = checks.iter().filter(|check| check.state == CheckState::Problem);
    problems.filter_map(|check| check.severity).max()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use aws::TrailSettings;
    use report::CheckState;

    use super::{ALL, Looking, no_trail};

    #[test]
    fn that_there_is_no_trail_is_said_only_where_every_region_told() {
        let all = no_trail(true, "");
        assert_eq!((all.state, &*all.found), (CheckState::Problem, "the account has no trail"));
        let part = no_trail(false, "; only eu-west-1 told");
        let found = "no trail is known; only eu-west-1 told";
        assert_eq!((part.state, &*part.found), (CheckState::Unknown, found));
    }

    #[test]
    fn the_trails_of_a_queue_are_looked_at_beside_those_of_buckets() {
        let trail = |bucket: &str| TrailSettings {
            s3_bucket_name: bucket.to_owned(),
            ..TrailSettings::default()
        };
        let mut looking = Looking::default();
        assert!(looking.is_wanted(&trail("any")));
        looking.buckets.insert("named".to_owned(), "source".to_owned());
        assert!(looking.is_wanted(&trail("named")) && !looking.is_wanted(&trail("any")));
        looking.has_queue = true;
        assert!(looking.is_wanted(&trail("named")) && looking.is_wanted(&trail("any")));
    }

    #[test]
    fn the_page_about_doctor_names_every_check() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
        let page = std::fs::read_to_string(folder.join("../../docs/doctor.md")).unwrap();
        let rows = page.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
        let ids = ALL.iter().map(|kind| kind.id);
        assert_eq!(rows.collect::<Vec<_>>(), ids.collect::<Vec<_>>());
    }
}
