//! Every check by its id: how grave it is where something is wrong, and what is not seen then.

use detect::Severity;
use report::{Check, CheckState};

/// One check.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Kind {
    /// Its id.
    pub id: &'static str,
    /// How grave it is that something is wrong.
    pub severity: Severity,
    /// What is not seen then.
    pub unseen: &'static str,
}

macro_rules! kinds {
    ($($name:ident = $id:literal, $severity:ident, $unseen:literal;)+) => {
        $(pub(super) const $name: Kind =
            Kind { id: $id, severity: Severity::$severity, unseen: $unseen };)+

        /// All of them, in the order of reports.
        pub const ALL: &[Kind] = &[$($name),+];
    };
}

kinds! {
    CONFIGURATION = "configuration", High,
        "everything: `serve` does not start with it";
    CREDENTIALS = "credentials", High,
        "everything that lies in AWS: nothing there can be asked";
    CLOCK = "clock", Medium,
        "how late logs are, and when somebody was told: ages and times of alerts are wrong";
    STORE_FOLDER = "store_folder", High,
        "everything: nothing can be kept";
    STORE_PERMISSIONS = "store_permissions", Medium,
        "who else reads or changes what is kept";
    DISK_SPACE = "disk_space", High,
        "what comes once the disk is full";
    STORE_HISTORY = "store_history", Medium,
        "what is unusual, where it takes more than a few days of history to tell";
    SOURCE_LIST = "source_list", High,
        "every log of this source";
    SOURCE_GET = "source_get", High,
        "every log of this source: they are listed, and cannot be read";
    SOURCE_DECRYPT = "source_decrypt", High,
        "every log that is encrypted with this key";
    SOURCE_DELIVERY = "source_delivery", Medium,
        "what happened since: logs come late or not at all";
    EVENT_HISTORY = "event_history", Low,
        "data events, other accounts, and what is older than 90 days";
    QUEUE_ACCESS = "queue_access", High,
        "every log that is told of through this queue";
    QUEUE_DELETE = "queue_delete", High,
        "when a message was dealt with: each comes again, and ends among the dead letters";
    QUEUE_STATE = "queue_state", Low,
        "whether messages pile up";
    QUEUE_DEAD_LETTER = "queue_dead_letter", Medium,
        "messages that cannot be dealt with: they come again until they are too old, and are gone";
    QUEUE_VISIBILITY = "queue_visibility", Low,
        "which of two readers has an object: a message comes again while it is dealt with";
    QUEUE_RETENTION = "queue_retention", Medium,
        "logs that come while the program stands still for longer";
    QUEUE_BACKLOG = "queue_backlog", Medium,
        "what happened lately: it waits behind what came before";
    DEAD_LETTERS = "dead_letters", Medium,
        "the logs that these messages name";
    NOTIFICATION = "notification", High,
        "every new log of the bucket: nobody tells the queue of it";
    TRAIL = "trail", High,
        "how the logs come about, and what they leave out";
    TRAIL_LOGGING = "trail_logging", Critical,
        "everything: the trail records nothing";
    TRAIL_REGIONS = "trail_regions", High,
        "calls in these Regions";
    TRAIL_GLOBAL_SERVICES = "trail_global_services", High,
        "IAM, sign-ins, and roles that are assumed at the global endpoint of STS: hops are missing \
         from chains";
    TRAIL_MANAGEMENT_EVENTS = "trail_management_events", High,
        "calls of this kind: who assumed which role, what was looked at, what was changed";
    TRAIL_EXCLUDED_SOURCES = "trail_excluded_sources", Low,
        "calls of these services";
    TRAIL_DATA_EVENTS = "trail_data_events", Medium,
        "what was read from and written to buckets, tables and functions, also with stolen \
         credentials of an instance";
    TRAIL_ORGANIZATION = "trail_organization", Medium,
        "calls in the other accounts of the organization: chains end at their door";
    TRAIL_LOG_FILE_VALIDATION = "trail_log_file_validation", Medium,
        "whether log files were changed or removed";
    TRAIL_ENCRYPTION = "trail_encryption", Informational,
        "nothing";
    TRAIL_DELIVERY = "trail_delivery", High,
        "what CloudTrail recorded and could not deliver";
    TRAIL_DIGEST_DELIVERY = "trail_digest_delivery", Medium,
        "whether log files were changed or removed since";
    TRAIL_DELIVERY_LAG = "trail_delivery_lag", Medium,
        "what happened since: nothing was delivered";
    SINK = "sink", High,
        "nothing, but nobody is told through this sink";
}

impl Kind {
    /// It is as it should be.
    pub(super) fn ok(&self, subject: &str, found: impl Into<String>) -> Check {
        Check {
            check: self.id,
            subject: subject.to_owned(),
            state: CheckState::Ok,
            severity: None,
            found: found.into(),
            unseen: String::new(),
            remedy: String::new(),
            commands: Vec::new(),
        }
    }

    /// It is not as it should be.
    pub(super) fn problem(&self, subject: &str, found: impl Into<String>, remedy: &str) -> Check {
        Check {
            state: CheckState::Problem,
            severity: Some(self.severity),
            unseen: self.unseen.to_owned(),
            remedy: remedy.to_owned(),
            ..self.ok(subject, found)
        }
    }

    /// It could not be told.
    pub(super) fn unknown(&self, subject: &str, found: impl Into<String>, remedy: &str) -> Check {
        Check { state: CheckState::Unknown, ..self.problem(subject, found, remedy) }
    }

    /// Why a call failed that `serve` makes, too: it is wrong where trying again cannot help.
    pub(super) fn failed(&self, subject: &str, error: &aws::Error) -> Check {
        let found = format!("{error}: {}", error.reason());
        if error.is_transient() {
            return self.unknown(subject, found, "Try again later.");
        }
        self.problem(subject, found, remedy(error))
    }

    /// Why a call failed that only `doctor` makes.
    pub(super) fn untold(&self, subject: &str, error: &aws::Error) -> Check {
        self.unknown(subject, format!("{error}: {}", error.reason()), remedy(error))
    }
}

/// What to do about a call that failed.
fn remedy(error: &aws::Error) -> &'static str {
    match error.kind() {
        aws::Kind::Denied => "Allow it; `deploy/` has the policies.",
        aws::Kind::Credentials => "Set AWS_PROFILE, or sign in.",
        aws::Kind::NotFound | aws::Kind::Configuration => "Correct the configuration.",
        aws::Kind::Throttled | aws::Kind::Unreachable => "Try again later.",
        aws::Kind::Other => "",
    }
}

/// `check` with a command to run, as a list of arguments.
pub(super) fn run(mut check: Check, command: &[&str]) -> Check {
    check.commands.push(command.iter().map(|word| (*word).to_owned()).collect());
    check
}
