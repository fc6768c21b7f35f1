//! A disk that is full: nothing of a commit is kept, and the same one succeeds once there is room.

use std::env;
use std::path::Path;
use std::process::Command;

use store::{Error, Store};

use crate::made::{Batch, told, told_below};

/// Names the store to the process whose files may not grow.
const STORE: &str = "ROLECALL_TEST_FULL_STORE";

/// What that process ends with where it was refused as it should be.
const REFUSED: i32 = 77;

/// The system refuses to let any file of a process grow beyond a limit, as a full disk does.
#[cfg(unix)]
#[test]
fn a_disk_that_refuses_takes_nothing_of_a_commit() {
    if let Some(folder) = env::var_os(STORE) {
        commit_until_refused(Path::new(&folder));
    }
    let folder = tempfile::tempdir().unwrap();
    let test = "full::a_disk_that_refuses_takes_nothing_of_a_commit";
    let mut last = 0;
    // In units of 512 or of 1,024 bytes, as the shell has it.
    for limit in [600, 1_200, 2_400] {
        // The signal would end the process before it is told what happened.
        let script = format!("trap '' XFSZ; ulimit -f {limit}; exec \"$0\" {test} --exact");
        let ended = Command::new("sh")
            .arg("-c")
            .arg(script)
            .arg(env::current_exe().unwrap())
            .env(STORE, folder.path())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&ended.stderr).into_owned();
        assert_eq!(ended.status.code(), Some(REFUSED), "{limit}: {said}");
        let mut store = Store::open(folder.path()).unwrap();
        let end = n_done(&store);
        assert!(end > last, "{end} commits at {limit}");
        assert_eq!(told(&store.evidence().unwrap()), told_below(end));
        store.commit(&Batch::of(end).commit()).unwrap();
        assert_eq!(told(&store.evidence().unwrap()), told_below(end + 1));
        assert_eq!(store.check().unwrap().faults, [""; 0]);
        last = end;
    }
}

#[expect(clippy::exit, reason = "the parent process reads the code")]
fn commit_until_refused(folder: &Path) -> ! {
    let mut store = Store::open(folder).unwrap();
    for number in n_done(&store).. {
        let Err(error) = store.commit(&Batch::of(number).commit()) else {
            continue;
        };
        assert!(error.is_passing(), "{error:?}");
        assert!(matches!(error, Error::Full(_) | Error::Database(_)), "{error:?}");
        // It goes on answering, and still refuses.
        assert_eq!(n_done(&store), number);
        assert_eq!(told(&store.evidence().unwrap()), told_below(number));
        let again = store.commit(&Batch::of(number).commit()).unwrap_err();
        assert!(again.is_passing(), "{again:?}");
        std::process::exit(REFUSED);
    }
    panic!("nobody refused anything");
}

fn n_done(store: &Store) -> u64 {
    store.objects_by_source().unwrap().values().sum()
}
