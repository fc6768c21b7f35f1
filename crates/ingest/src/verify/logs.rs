//! Log files that digests name, compared with what lies in a copy, on every core.

use std::fs;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::{io, panic};

use integrity::{Fault, LogContent, LogFile, LogResult, Verdict, Verification, Visited, judge_log};

use super::files::Files;
use super::inflate::log_content;
use crate::limits::DOCUMENT_BYTES_MAX;
use crate::listing::shown;
use crate::progress::Progress;
use crate::trouble::Trouble;

/// Log files that are judged at once. They are kept in memory until then, with the text of their
/// digests: 300 bytes each.
const BATCH: usize = 16_384;

/// Judges log files as digests name them.
pub(super) struct LogChecker<'a> {
    pub(super) n_threads: usize,
    pub(super) buckets: &'a [String],
    pub(super) keeps_valid: bool,
    pub(super) progress: &'a dyn Progress,
    waiting: Vec<Task>,
}

/// A log file that a digest names.
struct Task {
    log: LogFile,
    chain: usize,
    digest: usize,
    by: Verdict,
    /// The files of its name, by their places in the list.
    files: Range<usize>,
}

/// A judgement of one file, or of none.
struct Outcome {
    source: String,
    verdict: Verdict,
    elsewhere: Option<String>,
}

impl<'a> LogChecker<'a> {
    pub(super) const fn new(
        n_threads: usize,
        buckets: &'a [String],
        keeps_valid: bool,
        progress: &'a dyn Progress,
    ) -> Self {
        Self { n_threads, buckets, keeps_valid, progress, waiting: Vec::new() }
    }

    /// Takes the log files of a digest of chain `chain`, and marks them as mentioned.
    pub(super) fn add(
        &mut self,
        visited: Visited,
        chain: usize,
        files: &mut Files<'_>,
        verification: &mut Verification,
    ) {
        let Visited { index, verdict, log_files } = visited;
        for log in log_files {
            let named = files.logs_named(log.location.name());
            for file in files.logs.get_mut(named.clone()).into_iter().flatten() {
                file.is_mentioned = true;
            }
            let by = verdict.clone();
            self.waiting.push(Task { log, chain, digest: index, by, files: named });
            if self.waiting.len() >= BATCH {
                self.finish(files, verification);
            }
        }
    }

    /// Judges what waits.
    pub(super) fn finish(&mut self, files: &Files<'_>, verification: &mut Verification) {
        let tasks = std::mem::take(&mut self.waiting);
        let outcomes = self.outcomes(&tasks, files);
        for (task, outcomes) in tasks.iter().zip(outcomes) {
            for outcome in outcomes {
                verification.count_log(task.chain, &outcome.verdict);
                if self.keeps_valid || !outcome.verdict.is_valid() {
                    verification.keep_log(LogResult {
                        source: outcome.source,
                        location: task.log.location.clone(),
                        chain: task.chain,
                        digest: task.digest,
                        verdict: outcome.verdict,
                        elsewhere: outcome.elsewhere,
                    });
                }
            }
        }
    }

    /// What each of `tasks` comes to, in their order, whatever worker judged it.
    fn outcomes(&self, tasks: &[Task], files: &Files<'_>) -> Vec<Vec<Outcome>> {
        let next = AtomicUsize::new(0);
        let worker = || {
            let mut done = Vec::new();
            loop {
                let index = next.fetch_add(1, Ordering::Relaxed);
                match tasks.get(index) {
                    Some(task) => done.push((index, self.judge(task, files))),
                    None => return done,
                }
            }
        };
        let n_threads = self.n_threads.min(tasks.len());
        let mut done: Vec<_> = thread::scope(|scope| {
            let workers: Vec<_> = (0..n_threads).map(|_| scope.spawn(worker)).collect();
            let joined = workers.into_iter().flat_map(|worker| match worker.join() {
                Ok(done) => done,
                Err(payload) => panic::resume_unwind(payload),
            });
            joined.collect()
        });
        done.sort_unstable_by_key(|(index, _)| *index);
        done.into_iter().map(|(_, outcomes)| outcomes).collect()
    }

    /// Judges every file of the name, so that no copy hides behind another one.
    fn judge(&self, task: &Task, files: &Files<'_>) -> Vec<Outcome> {
        let named = files.logs.get(task.files.clone()).unwrap_or_default();
        let is_there =
            |file: &&super::files::File| files.place(file, self.buckets).holds(&task.log.location);
        let (there, elsewhere): (Vec<_>, Vec<_>) = named.iter().partition(is_there);
        if there.is_empty() {
            return vec![Outcome {
                source: task.log.location.to_string(),
                verdict: judge_log(&task.log, &LogContent::NotFound, &task.by),
                elsewhere: elsewhere.first().map(|file| shown(&file.path)),
            }];
        }
        let outcome = |file: &super::files::File, is_there: bool| {
            let verdict = judge_log(&task.log, &read(file, files), &task.by);
            self.progress.done(1, file.bytes, 0);
            let verdict = if is_there || verdict.fault().is_some() {
                verdict
            } else {
                Verdict::Invalid(Fault::Misplaced)
            };
            Outcome { source: shown(&file.path), verdict, elsewhere: None }
        };
        let there = there.into_iter().map(|file| outcome(file, true));
        there.chain(elsewhere.into_iter().map(|file| outcome(file, false))).collect()
    }
}

fn read(file: &super::files::File, files: &Files<'_>) -> LogContent {
    if let Some((bucket, key)) = files.object(file) {
        return match bucket.get(key, DOCUMENT_BYTES_MAX) {
            Ok(Some(object)) => log_content(object.bytes.as_slice()),
            Ok(None) => LogContent::NotFound,
            Err(reason) => LogContent::Unread(reason),
        };
    }
    match fs::File::open(&file.path) {
        Ok(file) => log_content(file),
        // It was there a moment ago.
        Err(error) if error.kind() == io::ErrorKind::NotFound => LogContent::NotFound,
        Err(error) => LogContent::Unread(Trouble::Io(error.kind()).to_string()),
    }
}
