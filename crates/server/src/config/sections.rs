//! The sections of the configuration that stand once.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use bytesize::ByteSize;
use detect::Severity;

use super::choice::choice;
use super::section::section;
use super::values::{EgressRange, LinkBase};

section! {
    /// Where what was learned is kept, and for how long.
    Store {
        /// Folder of the store; it is made where it is missing.
        path: PathBuf = "rolecall-store",
        /// Months that lineages are kept after the last event of each: who handed out what.
        lineage_months: u32 = 13,
        /// Months that artifacts are kept: keys, users and policies that a chain left behind.
        artifact_months: u32 = 13,
        /// Days that details of use are kept: which calls a credential made, from where.
        usage_days: u32 = 90,
        /// Memory that the store may take for its cache.
        memory: ByteSize = "512MiB",
    }
}

section! {
    /// What is known beyond the logs, and when to analyze.
    Analysis {
        /// What AWS's own tools list, such as the output of `aws ec2 describe-instances`.
        inventory: Vec<PathBuf> = [],
        /// Ranges that one's own traffic leaves from, such as a VPN's.
        egress: Vec<EgressRange> = [],
        /// AWS's address ranges; those of `rolecall update-ip-ranges` unless given, `none` for
        /// neither.
        ip_ranges: Option<PathBuf> => "ip-ranges.json",
        /// Databases of countries or networks (`.mmdb`).
        geo: Vec<PathBuf> = [],
        /// How long to wait for more objects before what has arrived is analyzed.
        settle: Duration = "1s",
    }
}

section! {
    /// Addresses to listen on.
    Listen {
        /// Metrics, health and readiness, for machines; no user signs in here.
        metrics: SocketAddr = "127.0.0.1:9464",
    }
}

section! {
    /// What holds for every sink that does not say otherwise.
    Alerts {
        /// Incidents below it are not told.
        min_severity: Severity = "medium",
        /// How long nothing more is told about an incident after a message about it; that it has
        /// become critical is told at once.
        quiet_period: Duration = "15m",
        /// Where people open the console; links in messages begin with it.
        base_url: Option<LinkBase> => "https://rolecall.example.com",
    }
}

section! {
    /// Proof that logs are as CloudTrail delivered them.
    Verify {
        /// Follows the chain of digests of every source of kind `s3` as it grows.
        continuous: bool = true,
    }
}

section! {
    /// What the program says of itself, on standard error.
    Log {
        /// Written form.
        format: LogFormat = "text",
        /// What is said: this and everything graver.
        level: LogLevel = "info",
    }
}

choice! {
    /// Written form of the log of the program.
    LogFormat {
        /// One JSON object a line.
        Json = "json",
        /// For people.
        Text = "text",
    }
}

choice! {
    /// How much the program says of itself.
    LogLevel {
        /// What failed.
        Error = "error",
        /// What somebody should look at.
        Warn = "warn",
        /// What happens.
        Info = "info",
        /// How it happens.
        Debug = "debug",
        /// Everything.
        Trace = "trace",
    }
}
