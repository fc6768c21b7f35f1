//! The sections of the configuration that stand once.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use bytesize::ByteSize;
use detect::Severity;

use super::access::{ApiToken, ClaimRole, ProviderWord};
use super::choice::choice;
use super::section::section;
use super::values::{EgressRange, LinkBase, VariableName};

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
        /// Memory that evidence may take. What is beyond is left out: lineages that lead to nothing
        /// recent rest on the disk, and details of use are dropped earlier than `usage_days` says.
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
        /// What people accepted, and what `rolecall tune` found.
        decisions: Option<PathBuf> => "decisions.toml",
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
    /// The console: where people look at incidents and decide about them.
    Console {
        /// Whether `serve` serves it.
        enabled: bool = true,
        /// Address to listen on. Elsewhere than on this machine it needs `tokens` or
        /// `oidc_issuer`, and a `public_url` with `https://`: something before it ends TLS.
        address: SocketAddr = "127.0.0.1:9463",
        /// Where people reach it. Requests that name another host are refused.
        public_url: Option<LinkBase> => "https://rolecall.example.com",
        /// How long a session lasts.
        session: Duration = "12h",
        /// Tokens of other programs, as `rolecall console --new-token NAME=ROLE` prints them:
        /// their SHA-256, never themselves.
        tokens: Vec<ApiToken> = [],
        /// Issuer of the identity provider (OpenID Connect) that people sign in with.
        oidc_issuer: Option<LinkBase> => "https://id.example.com",
        /// What the provider knows the console as.
        oidc_client_id: Option<ProviderWord> => "rolecall",
        /// Environment variable with the secret of that client; none for a public one.
        oidc_client_secret_env: Option<VariableName> => "ROLECALL_OIDC_SECRET",
        /// Scopes that are asked for beside `openid`.
        oidc_scopes: Vec<ProviderWord> = ["profile", "email"],
        /// Claim of the ID token that says what somebody may do: a text or a list of texts.
        oidc_claim: ProviderWord = "groups",
        /// Roles by values of that claim; of several the highest. Without one, nobody gets in.
        oidc_roles: Vec<ClaimRole> = [],
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
        /// Verifies each new digest of every source of kind `s3`, and of folders where there are
        /// files of keys.
        continuous: bool = true,
        /// Outputs of `aws cloudtrail list-public-keys`; AWS is asked for the keys of buckets where
        /// there is none.
        public_keys: Vec<PathBuf> = [],
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
