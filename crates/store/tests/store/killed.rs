//! A process that is killed: whatever it was doing, every commit is whole or not there at all.

use std::env;
use std::hint::black_box;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

use store::Store;

use crate::chance::Chance;
use crate::made::{
    Batch, INCIDENTS, SINK, SOURCE, finding_of, id_of, incident_of, told, told_below,
};

/// Names the store to the process that is going to be killed.
const STORE: &str = "ROLECALL_TEST_STORE";

/// How often the process is killed.
const KILLS: u64 = 40;

/// Times that it is waited after the last word of the process, at most.
const SPINS: usize = 400_000;

#[test]
fn a_process_that_is_killed_leaves_whole_commits() {
    if let Some(folder) = env::var_os(STORE) {
        commit_until_killed(Path::new(&folder));
    }
    let folder = tempfile::tempdir().unwrap();
    let mut chance = Chance(1);
    let mut n_committed = 0;
    for kill in 0..KILLS {
        run_and_kill(folder.path(), &mut chance);
        let before = n_committed;
        n_committed = check(folder.path());
        assert!(n_committed >= before, "kill {kill}: {n_committed} of {before} commits are left");
    }
    assert!(n_committed > KILLS, "{n_committed} commits");
}

/// Commits one batch after the other, merging on the way, and says each before it begins.
fn commit_until_killed(folder: &Path) -> ! {
    let mut store = Store::open(folder).unwrap();
    for number in n_done(&store).. {
        writeln!(std::io::stdout(), "\ncommit {number}").unwrap();
        store.commit(&Batch::of(number).commit()).unwrap();
        if number % 4 == 3 {
            store.merge_segments().unwrap();
        }
        if number % 32 == 31 {
            store.compact().unwrap();
        }
    }
    panic!("nobody killed this process");
}

/// Starts the process and kills it a moment after it began its next few commits.
fn run_and_kill(folder: &Path, chance: &mut Chance) {
    let mut child = Command::new(env::current_exe().unwrap())
        .args(["killed::a_process_that_is_killed_leaves_whole_commits", "--exact", "--nocapture"])
        .env(STORE, folder)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    // It is open until the end, so that nothing else ends the process.
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let n_commits = 1 + chance.below(12);
    let begins = lines.by_ref().filter(|line| line.starts_with("commit "));
    let begun = begins.take(n_commits).count();
    assert_eq!(begun, n_commits, "the process has ended by itself");
    for spin in 0..chance.below(SPINS) {
        black_box(spin);
    }
    child.kill().unwrap();
    assert_eq!(child.wait().unwrap().code(), None, "it has ended by itself");
}

/// Batches that are done, which are the first ones.
fn n_done(store: &Store) -> u64 {
    store.objects_by_source().unwrap().values().sum()
}

/// Everything in the store is of the same batches; gives how many they are.
fn check(folder: &Path) -> u64 {
    let store = Store::open(folder).unwrap();
    let end = n_done(&store);
    assert!((0..end).all(|number| store.is_done(&id_of(number)).unwrap()));
    assert_eq!(told(&store.evidence().unwrap()), told_below(end));
    let cursor = store.cursor(SOURCE).unwrap();
    assert_eq!(cursor, end.checked_sub(1).map(|last| last.to_string()));
    assert_eq!(store.coverage().unwrap().records, end);
    assert!(!store.is_analysis_due().unwrap());
    for number in 0..INCIDENTS {
        let n_batches = (0..end).filter(|batch| batch % INCIDENTS == number).count();
        let incident = incident_of(number);
        assert_eq!(store.history_of(&incident).unwrap().len(), n_batches);
        assert_eq!(store.alerts_of(&incident).unwrap().len(), n_batches);
        let finding = store.finding(&finding_of(number)).unwrap();
        assert_eq!(finding.map_or(0, |finding| finding.revision), n_batches as i64);
    }
    assert_eq!(store.waiting(SINK).unwrap().len() as u64, end.min(INCIDENTS));
    assert_eq!(store.check().unwrap().faults, [""; 0]);
    end
}
