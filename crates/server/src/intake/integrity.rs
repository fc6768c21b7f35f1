//! The check of log files that goes on: each new digest of a source is verified.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use aws::{S3Address, Standing};
use cloudtrail::Timestamp;
use detect::{Finding, log_integrity_findings};
use ingest::{BucketObjects, Source, VerifyOptions};
use integrity::{Doubt, ListPublicKeys, PublicKey, PublicKeys, Verification, Window};
use tokio::sync::oneshot;
use tokio::time::timeout;

use super::{Intake, Looks};
use crate::alerts::chain;
use crate::clock::{Clock as _, SystemClock, WallTime};

/// How often it is looked for new digests: CloudTrail writes one an hour.
pub const LOG_FILES_EVERY: Duration = Duration::from_secs(30 * 60);

/// How far back a look at a bucket goes that has no digests, and the first one where nothing says
/// otherwise.
const FIRST: Duration = Duration::from_secs(86_400);

/// How far each look goes back behind the newest digest that is valid, in seconds: a digest is
/// written within the hour after the one that it is about.
const OVERLAP: i64 = 3 * 3_600;

/// For how long a look at a bucket begins at the same place, and how far back it goes after that:
/// each look reads everything again, and what is archived or too large is never verified.
const HELD: Duration = Duration::from_secs(7 * 86_400);

/// Objects of a bucket that are fetched at once.
const FETCHES: NonZeroUsize = NonZeroUsize::MIN.saturating_add(7);

/// Where digests and log files lie.
#[derive(Clone, Debug)]
pub enum Verified {
    /// In a bucket; its keys come from AWS, unless there are files of keys.
    Bucket(Box<Standing>, S3Address),
    /// In folders, for which there are files of keys.
    Folder(Source),
}

/// Asks AWS for public keys.
#[derive(Clone, Debug)]
pub struct KeysOfAws(pub Standing);

impl ListPublicKeys for KeysOfAws {
    fn list_public_keys(
        &mut self,
        region: &str,
        start: Timestamp,
        end: Timestamp,
    ) -> Result<Vec<PublicKey>, String> {
        let listed = self.0.public_keys(region, start, end).map_err(|error| error.reason())?;
        let keys = listed.into_iter().filter_map(|key| {
            PublicKey::of_base64(key.fingerprint, &key.value, key.valid_from, key.valid_to)
        });
        Ok(keys.collect())
    }
}

/// Verifies what is delivered from `from` on, until the service ends, or once.
///
/// What is found becomes findings, and what cannot be verified is told by the status of the
/// source. Where it stands is remembered one look late, so that what was found is on the disk by
/// then.
pub async fn watch_log_files(
    name: Arc<str>,
    (verified, keys, from): (Verified, Vec<PathBuf>, Option<Timestamp>),
    looks: Looks,
    intake: Intake,
) {
    let cursor_name = format!("{name}/integrity");
    let stood = intake.cursor(&cursor_name).ok().flatten();
    let stood = stood.and_then(|text| Timestamp::parse(&text)).or(from);
    let stood = stood.unwrap_or_else(|| before(SystemClock.now(), FIRST));
    let mut stand = Stand::new(stood, Instant::now());
    loop {
        let times = (SystemClock.now(), Instant::now());
        let looked = look_apart(&verified, &keys, stand.begin(verified.is_timely(), times));
        let looked = tokio::select! {
            looked = looked => looked,
            () = intake.stopped() => return,
        };
        let why = match looked {
            Ok(looked) => {
                intake.stand(&cursor_name, stand.at.to_string());
                stand.follow(&looked, Instant::now());
                intake.status.note_log_integrity(looked.findings);
                looked.doubt
            }
            Err(error) => Some(error),
        };
        if let Some(why) = &why {
            tracing::warn!(source = &*name, why, "log files cannot be verified");
        }
        intake.status.note_unverified(&name, why);
        let Looks::Every(interval) = looks else {
            return;
        };
        if timeout(interval, intake.stopped()).await.is_ok() {
            return;
        }
    }
}

impl Verified {
    /// Whether digests come when they are written: a folder is filled by somebody, at any time.
    const fn is_timely(&self) -> bool {
        matches!(self, Self::Bucket(..))
    }
}

/// Where the verification of a source stands.
#[derive(Debug)]
struct Stand {
    /// What ends before was verified.
    at: Timestamp,
    /// When it moved last.
    moved: Instant,
    /// Whether the last look found digests.
    has_digests: bool,
}

impl Stand {
    const fn new(at: Timestamp, now: Instant) -> Self {
        Self { at, moved: now, has_digests: true }
    }

    /// Where a look begins. Where digests come in time, the clock tells where none can be missed;
    /// the place itself is a time of AWS's, because a clock may be wrong.
    fn begin(&self, is_timely: bool, (now, instant): (WallTime, Instant)) -> Timestamp {
        let is_held = instant.saturating_duration_since(self.moved) >= HELD;
        let back = if self.has_digests { is_held.then_some(HELD) } else { Some(FIRST) };
        let back = back.filter(|_| is_timely);
        back.map_or(self.at, |back| self.at.max(before(now, back)))
    }

    /// Follows the newest digest that is valid, unless something may be verified another time.
    fn follow(&mut self, looked: &Looked, now: Instant) {
        self.has_digests = looked.has_digests;
        let proven = looked.proven.filter(|_| looked.doubt.is_none());
        let next = proven.map(|end| Timestamp(end.0.saturating_sub(OVERLAP)));
        if let Some(next) = next.filter(|next| *next > self.at) {
            (self.at, self.moved) = (next, now);
        }
    }
}

/// What came of a look.
#[derive(Debug)]
struct Looked {
    findings: Vec<Finding>,
    /// What kept something from being verified, in words.
    doubt: Option<String>,
    has_digests: bool,
    /// The end of the newest digest that is valid.
    proven: Option<Timestamp>,
}

impl Looked {
    fn of(verification: &Verification) -> Self {
        let digests = verification.chains.iter().flat_map(|chain| &chain.digests);
        let valid = digests.clone().filter(|digest| digest.verdict.is_valid());
        let proven = valid.filter_map(|digest| digest.hour).map(|(_, end)| end).max();
        let logs = verification.logs.iter().map(|log| (&log.source, &log.verdict));
        let mut judged = digests.map(|digest| (&digest.source, &digest.verdict)).chain(logs);
        let doubt = judged.find_map(|(source, verdict)| {
            let doubt = verdict.doubt().filter(|doubt| may_pass(doubt))?;
            Some(format!("`{source}`: {}", doubt.text()))
        });
        Self {
            findings: log_integrity_findings(verification),
            doubt,
            has_digests: !verification.chains.is_empty(),
            proven,
        }
    }
}

/// Whether what is in doubt may be verified another time, once somebody has seen to it.
const fn may_pass(doubt: &Doubt) -> bool {
    match doubt {
        Doubt::KeysNotFetched(_) | Doubt::NoPublicKeys | Doubt::Unread(_) => true,
        // A copy without metadata has no signature of its newest digest, and that is no fault.
        Doubt::DigestUnverified
        | Doubt::NoSignature
        | Doubt::TooManyLogFiles
        | Doubt::UnknownHashAlgorithm => false,
    }
}

/// Looks on a thread of its own, for which the end of the service does not wait.
async fn look_apart(
    verified: &Verified,
    keys: &[PathBuf],
    from: Timestamp,
) -> Result<Looked, String> {
    let (verified, keys) = (verified.clone(), keys.to_vec());
    let (sender, receiver) = oneshot::channel();
    let thread = thread::Builder::new().name("log-files".to_owned()).spawn(move || {
        // Where nobody waits any more, it is looked again at the next start.
        drop(sender.send(look(&verified, &keys, from)));
    });
    thread.map_err(|error| error.to_string())?;
    receiver.await.unwrap_or_else(|_| Err("the check has broken off".to_owned()))
}

fn before(now: WallTime, time: Duration) -> Timestamp {
    let seconds = i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
    Timestamp(now.seconds().saturating_sub(seconds))
}

/// Verifies what was delivered from `from` on; blocks.
fn look(verified: &Verified, keys: &[PathBuf], from: Timestamp) -> Result<Looked, String> {
    let mut options =
        VerifyOptions { window: Window { from: Some(from), to: None }, ..VerifyOptions::default() };
    let mut lister = None;
    let (mut sources, mut bucket) = (Vec::new(), None);
    match verified {
        Verified::Bucket(standing, address) => {
            options.threads = FETCHES;
            lister = keys.is_empty().then(|| KeysOfAws(Standing::clone(standing)));
            let opened = standing.bucket(address).map_err(|error| error.to_string())?;
            bucket = Some(opened.since(from));
        }
        Verified::Folder(source) => sources.push(source.clone()),
    }
    let mut known =
        lister.as_mut().map_or_else(PublicKeys::default, |lister| PublicKeys::of_lister(lister));
    for path in keys {
        let listing = ingest::read_keys(path).map_err(|error| chain(&error))?;
        listing.keys.into_iter().for_each(|key| known.add(key));
    }
    let buckets: Vec<&dyn BucketObjects> =
        bucket.iter().map(|bucket| bucket as &dyn BucketObjects).collect();
    let verification = ingest::verify_with(&sources, &buckets, &options, (&mut known, &()))
        .map_err(|error| chain(&error))?;
    Ok(Looked::of(&verification))
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use cloudtrail::Timestamp;
    use integrity::{Chain, DigestName, DigestResult, Doubt, Fault, Verdict, Verification};

    use super::{FIRST, HELD, Looked, OVERLAP, Stand, before};
    use crate::clock::WallTime;

    const HOUR: i64 = 3_600;

    /// A verification of digests: the hour in which each ends, and the judgement of it.
    fn looked(digests: &[(i64, Verdict)]) -> Looked {
        let result = |(hour, verdict): &(i64, Verdict)| {
            let (start, end) = (Timestamp((hour - 1) * HOUR), Timestamp(hour * HOUR));
            DigestResult {
                source: format!("s3://logs/{hour}"),
                location: None,
                name: DigestName { chain: integrity::ChainName::default(), end },
                hour: Some((start, end)),
                verdict: verdict.clone(),
                signature_from: None,
                is_linked: false,
                is_start: false,
                log_files: 0,
            }
        };
        let mut verification = Verification::default();
        if !digests.is_empty() {
            let digests = digests.iter().map(result).collect();
            verification.add_chain(Chain { digests, ..Chain::default() });
        }
        Looked::of(&verification)
    }

    /// Where the next look at a folder begins after one from hour 10 on.
    fn next(digests: &[(i64, Verdict)]) -> i64 {
        let now = Instant::now();
        let mut stand = Stand::new(Timestamp(10 * HOUR), now);
        stand.follow(&looked(digests), now);
        stand.begin(false, (WallTime(i64::MAX), now + HELD)).0 / HOUR
    }

    #[test]
    fn the_next_look_begins_behind_what_was_proven() {
        let unsigned = || Verdict::Unverified(Doubt::NoSignature);
        assert_eq!(next(&[(20, Verdict::Valid), (19, Verdict::Valid)]), 20 - OVERLAP / HOUR);
        // The newest digest of a copy has no signature; what is changed may lie in the future.
        assert_eq!(next(&[(20, unsigned()), (19, Verdict::Valid)]), 19 - OVERLAP / HOUR);
        let moved = Verdict::Invalid(Fault::Moved);
        assert_eq!(next(&[(90, moved), (19, Verdict::Valid)]), 19 - OVERLAP / HOUR);
        for nothing_proven in [&[][..], &[(11, Verdict::Valid)], &[(20, unsigned())]] {
            assert_eq!(next(nothing_proven), 10, "{nothing_proven:?}");
        }
    }

    #[test]
    fn it_stands_still_where_something_may_be_verified_another_time() {
        for (doubt, words) in [
            (Doubt::KeysNotFetched("denied".to_owned()), "keys could not be fetched: denied"),
            (Doubt::NoPublicKeys, "no public key"),
            (Doubt::Unread("archived".to_owned()), "archived"),
        ] {
            let digests = [(20, Verdict::Valid), (18, Verdict::Unverified(doubt))];
            let told = looked(&digests).doubt.unwrap();
            assert!(told.starts_with("`s3://logs/18`: ") && told.contains(words), "{told}");
            assert_eq!(next(&digests), 10, "{told}");
        }
        for doubt in [Doubt::NoSignature, Doubt::TooManyLogFiles] {
            assert_eq!(looked(&[(20, Verdict::Unverified(doubt))]).doubt, None);
        }
    }

    #[test]
    fn looks_at_a_bucket_do_not_grow_without_an_end() {
        let (began, now) = (Instant::now(), WallTime(100 * 86_400_000));
        let begin_of = |stand: &Stand, after| stand.begin(true, (now, began + after));
        let mut stand = Stand::new(Timestamp(0), began);
        assert_eq!(begin_of(&stand, HELD.saturating_sub(Duration::from_secs(1))), Timestamp(0));
        assert_eq!(begin_of(&stand, HELD), before(now, HELD));
        stand.follow(&looked(&[]), began);
        assert_eq!(begin_of(&stand, Duration::ZERO), before(now, FIRST));
        stand.follow(&looked(&[(20, Verdict::Valid)]), began);
        assert_eq!(begin_of(&stand, Duration::ZERO), Timestamp(20 * HOUR - OVERLAP));
    }
}
