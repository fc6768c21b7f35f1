//! Objects of a generated organization, in any order, with repeats, copies and damages.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write as _;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use simulate::Settings;

use crate::chance::Chance;

/// An object that is put.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct Object {
    pub(crate) bucket: String,
    pub(crate) key: String,
    pub(crate) bytes: Vec<u8>,
}

/// How much of everything.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Amounts {
    pub(crate) objects: usize,
    /// Copies of them under the prefix of another trail.
    pub(crate) copies: usize,
    /// Those that are put once more.
    pub(crate) repeats: usize,
    /// Those of the first hours, which come last.
    pub(crate) late: usize,
    /// Those that cannot be read to their end.
    pub(crate) damaged: usize,
}

/// What is put, in this order, and what is to be found of it.
pub(crate) struct Deliveries {
    pub(crate) puts: Vec<Object>,
    /// Buckets and keys of the objects that are damaged.
    pub(crate) damaged: BTreeSet<String>,
}

/// Draws what is put into `buckets`.
pub(crate) fn deliveries(amounts: Amounts, buckets: &[String], chance: &mut Chance) -> Deliveries {
    let mut all = generated(chance.below(1_000) as u64);
    assert!(all.len() >= amounts.objects, "only {} objects", all.len());
    chance.shuffle(&mut all);
    // What the attacks did comes first, so that a few objects show all of them.
    all.sort_by_key(|generated| !generated.is_of_attack);
    all.truncate(amounts.objects);
    chance.shuffle(&mut all);
    let mut objects: Vec<Object> = all
        .into_iter()
        .enumerate()
        .map(|(number, Generated { key, bytes, .. })| {
            let bucket = buckets[number % buckets.len()].clone();
            Object { bucket, key, bytes }
        })
        .collect();
    let mut damaged = BTreeSet::new();
    for (number, object) in objects.iter_mut().take(amounts.damaged).enumerate() {
        object.bytes = damage(&object.bytes, number);
        damaged.insert(format!("{}/{}", object.bucket, object.key));
    }
    let whole = &objects[amounts.damaged..];
    let copies: Vec<Object> = (0..amounts.copies)
        .map(|number| {
            let object = &whole[chance.below(whole.len())];
            let bucket = buckets[(number + 1) % buckets.len()].clone();
            let key = format!("another-trail/{}", object.key);
            Object { bucket, key, bytes: object.bytes.clone() }
        })
        .collect();
    objects.extend(copies);
    chance.shuffle(&mut objects);
    // The names of objects end with the time of their delivery and a random part.
    let mut minutes: Vec<usize> = objects.iter().map(Object::minute).collect();
    minutes.sort_unstable();
    let (early, mut puts): (Vec<Object>, Vec<Object>) =
        objects.into_iter().partition(|object| object.minute() < minutes[amounts.late]);
    for _ in 0..amounts.repeats {
        let (from, to) = (chance.below(puts.len()), chance.below(puts.len() + 1));
        let again = puts[from].clone();
        puts.insert(to, again);
    }
    puts.extend(early);
    Deliveries { puts, damaged }
}

impl Object {
    /// When `CloudTrail` delivered it, as its name tells, in minutes of the month.
    pub(crate) fn minute(&self) -> usize {
        // `…_20261018T2305Z_….json.gz`.
        let time = self.key.rsplit('_').nth(1).unwrap();
        let part =
            |place: std::ops::Range<usize>| time.get(place).unwrap().parse::<usize>().unwrap();
        (part(6..8) * 24 + part(9..11)) * 60 + part(11..13)
    }
}

/// Damage of one of four kinds.
fn damage(bytes: &[u8], kind: usize) -> Vec<u8> {
    let half = bytes.len() / 2;
    match kind % 4 {
        // Broken off.
        0 => bytes[..half].to_vec(),
        // With a hole.
        1 => {
            let hole = [0; 40];
            [&bytes[..half], &hole[..], &bytes[(half + 40).min(bytes.len())..]].concat()
        }
        // Well packed, but no document.
        2 => packed(br#"{"Records":[{"eventVersion":"1.08","eventTi"#),
        // Nothing that was ever packed.
        _ => b"\x1f\x8b\x08damaged".to_vec(),
    }
}

/// A log file of an organization.
struct Generated {
    key: String,
    bytes: Vec<u8>,
    is_of_attack: bool,
}

/// The log files of an organization.
fn generated(seed: u64) -> Vec<Generated> {
    let settings = Settings { seed, days: simulate::DAYS_MIN, ..Settings::default() };
    // What a trail delivers twice lies under one name.
    let mut bodies: BTreeMap<String, String> = BTreeMap::new();
    let truth = simulate::simulate(&settings, &mut |file| {
        if file.path.contains("/CloudTrail/") {
            bodies.insert(format!("{}.gz", file.path), file.body);
        }
    });
    let origins = truth.attacks.iter().map(|attack| attack.origin.access_key_id.as_str());
    let chains = truth.attacks.iter().flat_map(|attack| &attack.chain);
    let keys: Vec<&str> = origins
        .chain(chains.map(|hop| hop.access_key_id.as_str()))
        .filter(|key| !key.is_empty())
        .collect();
    let objects = bodies.into_iter().map(|(key, body)| Generated {
        key,
        bytes: packed(body.as_bytes()),
        is_of_attack: keys.iter().any(|key| body.contains(key)),
    });
    objects.collect()
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(bytes).unwrap();
    gzip.finish().unwrap()
}

/// Writes `objects` as files: a folder for each bucket.
pub(crate) fn as_files(objects: &[Object], folder: &Path) {
    for object in objects {
        let file = folder.join(&object.bucket).join(&object.key);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, &object.bytes).unwrap();
    }
}
