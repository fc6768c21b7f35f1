//! One listing, with what is no log set aside on the way.

use std::collections::VecDeque;

use cloudtrail::Timestamp;

use crate::bucket::{Bucket, Listed};
use crate::cursor::{delivered, first_key};
use crate::error::Error;
use crate::remote::RemoteOptions;
use crate::trail::Partition;

/// Objects are delivered within a day of the folder that names their day.
const DAY_SECS: i64 = 86_400;

/// What a listing came upon.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Step {
    /// A log.
    Object(Listed),
    /// A folder or an object that is no log, by its prefix or key without a `/` at the end.
    SetAside(String, &'static str),
}

/// A listing below one prefix.
#[derive(Debug)]
pub(crate) struct Sweep {
    /// Where to list; nothing where the objects are known.
    bucket: Option<Bucket>,
    prefix: String,
    from: Option<Timestamp>,
    to: Option<Timestamp>,
    /// The last key that was listed, or where listing begins.
    after: Option<String>,
    /// Keys after this one are not wanted.
    end: Option<String>,
    listed: VecDeque<Listed>,
    /// The folder that was set aside last, with a `/`.
    left_out: Option<String>,
    has_more: bool,
}

impl Sweep {
    /// Lists a partition from the first day that is wanted to the last.
    pub(crate) fn of_partition(
        bucket: &Bucket,
        partition: &Partition,
        options: &RemoteOptions,
    ) -> Self {
        let end = options.to.map(|to| Timestamp(to.0.saturating_add(DAY_SECS)));
        Self {
            after: options.from.map(|from| first_key(partition, from)),
            end: end.map(|end| first_key(partition, end)),
            ..Self::of_prefix(bucket, &partition.prefix, options)
        }
    }

    /// Lists everything below `prefix`.
    pub(crate) fn of_prefix(bucket: &Bucket, prefix: &str, options: &RemoteOptions) -> Self {
        Self {
            bucket: Some(bucket.clone()),
            prefix: prefix.to_owned(),
            from: options.from,
            to: options.to,
            after: None,
            end: None,
            listed: VecDeque::new(),
            left_out: None,
            has_more: true,
        }
    }

    /// Goes through `objects`, which lie below `prefix`.
    pub(crate) fn of_objects(objects: Vec<Listed>, prefix: &str) -> Self {
        Self {
            bucket: None,
            prefix: prefix.to_owned(),
            from: None,
            to: None,
            after: None,
            end: None,
            listed: objects.into(),
            left_out: None,
            has_more: false,
        }
    }

    /// What is listed.
    pub(crate) fn prefix(&self) -> &str {
        &self.prefix
    }

    /// The next thing that the listing comes upon.
    pub(crate) async fn next(&mut self) -> Result<Option<Step>, Error> {
        loop {
            while let Some(object) = self.listed.pop_front() {
                if self.end.as_ref().is_some_and(|end| object.key > *end) {
                    self.listed.clear();
                    self.has_more = false;
                } else if let Some(step) = self.step(object) {
                    return Ok(Some(step));
                }
            }
            match &self.bucket {
                Some(bucket) if self.has_more => {
                    let page = bucket.page(&self.prefix, self.after.as_deref()).await?;
                    self.has_more = page.has_more && !page.objects.is_empty();
                    self.listed = page.objects.into();
                    if let Some(last) = self.listed.back() {
                        self.after = Some(last.key.clone());
                    }
                }
                Some(_) | None => return Ok(None),
            }
        }
    }

    /// What `object` is, unless it is unwanted or known.
    fn step(&mut self, object: Listed) -> Option<Step> {
        let key = &object.key;
        if self.left_out.as_ref().is_some_and(|folder| key.starts_with(folder)) {
            return None;
        }
        // What consoles make for a folder is no object of anyone's.
        if key.ends_with('/') && object.bytes == 0 {
            return None;
        }
        let below = key.strip_prefix(&self.prefix).unwrap_or(key).trim_start_matches('/');
        if let Some((length, reason)) = ingest::set_aside(below) {
            let end = key.len() - below.len() + length;
            let left_out = key.get(..end).unwrap_or(key).to_owned();
            if end < key.len() {
                let folder = format!("{left_out}/");
                // A listing need not go through a folder that is left out.
                if self.after.as_ref().is_some_and(|after| after.starts_with(&folder)) {
                    self.after = Some(format!("{folder}{}", char::MAX));
                }
                self.left_out = Some(folder);
            }
            return Some(Step::SetAside(left_out, reason));
        }
        let time = delivered(key);
        let is_early = self.from.zip(time).is_some_and(|(from, time)| time < from);
        let is_late = self.to.zip(time).is_some_and(|(to, time)| time > to);
        (!is_early && !is_late).then_some(Step::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::{Step, Sweep};
    use crate::bucket::Listed;

    fn listed(key: &str, bytes: u64) -> Listed {
        Listed { key: key.to_owned(), bytes, ..Listed::default() }
    }

    #[tokio::test]
    async fn what_is_no_log_is_named_once() {
        let objects = vec![
            listed("p/", 0),
            listed("p/.hidden/a.json", 1),
            listed("p/.hidden/b.json", 1),
            listed("p/a.json.gz", 1),
            listed("p/a.txt", 1),
            listed("p/x/CloudTrail-Digest/2026/a.json.gz", 1),
            listed("p/x/CloudTrail-Digest/2027/a.json.gz", 1),
        ];
        let mut sweep = Sweep::of_objects(objects, "p/");
        let mut steps = Vec::new();
        while let Some(step) = sweep.next().await.unwrap() {
            steps.push(match step {
                Step::Object(object) => format!("+{}", object.key),
                Step::SetAside(name, _) => format!("-{name}"),
            });
        }
        assert_eq!(steps, ["-p/.hidden", "+p/a.json.gz", "-p/a.txt", "-p/x/CloudTrail-Digest"]);
    }
}
