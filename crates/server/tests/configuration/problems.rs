//! Everything that is wrong is said at once, with its place; and no secret with it.

use server::config::effective;

use crate::folder::{Folder, problems};

#[test]
fn every_problem_is_named_with_its_line() {
    let found = problems(
        "[store]\npth = \"x\"\nmemory = 5\nusage_days = 0\n\n[alert]\nmin_severity = \"high\"\n\n\
         [alerts]\nmin_severity = \"severe\"\nquiet_period = \"soon\"\n\n\
         [[sink]]\nname = \"log\"\nkind = \"stdio\"\nanything = 1\n\n\
         [[sink]]\nname = \"Log\"\nkind = \"stdout\"\nurl = 1\n\n\
         [[source]]\nname = \"trail\"\nkind = \"s3\"\nregion = \"eu-cental-1\"\n\
         accounts = [\"111122223333\", \"1111\"]\nfrom = \"yesterday\"\n",
    );
    assert_eq!(
        found,
        [
            "rolecall.toml:2: `store.pth`: is an unknown key: did you mean `path`?",
            "rolecall.toml:3: `store.memory`: expected a size of `64MiB` or more, such as \
             `512MiB` or `2GiB`, found `5`",
            "rolecall.toml:4: `store.usage_days`: expected a whole number from 1, found `0`",
            "rolecall.toml:6: `alert`: is an unknown section: did you mean `alerts`?",
            "rolecall.toml:10: `alerts.min_severity`: expected `informational`, `low`, `medium`, \
             `high` or `critical`, found `severe`",
            "rolecall.toml:11: `alerts.quiet_period`: expected a time from `1s` to `720h`, such \
             as `90s`, `15m` or `1h 30m`, found `soon`",
            "rolecall.toml:15: `sink.log.kind`: expected `eventbridge`, `pagerduty`, \
             `security_hub`, `slack`, `stdout` or `webhook`, found `stdio`",
            "rolecall.toml:19: `sink[1].name`: expected a name of small letters, digits, `-` and \
             `_`, at most 64, found `Log`",
            "rolecall.toml:21: `sink[1].url`: is an unknown key: there are `kind`, \
             `min_severity`, `name`, `quiet_period`",
            "rolecall.toml:23: `source.trail.bucket`: is missing: expected the name of a bucket, \
             without `s3://` and without a prefix",
            "rolecall.toml:26: `source.trail.region`: expected a region such as `eu-central-1`, \
             found `eu-cental-1`",
            "rolecall.toml:27: `source.trail.accounts`: expected a list, each an account of 12 \
             digits, in quotation marks, found `1111`",
            "rolecall.toml:28: `source.trail.from`: expected a day such as `2026-10-01`, found \
             `yesterday`",
        ]
    );
}

#[test]
fn names_are_used_once() {
    let sink = "[[sink]]\nname = \"log\"\nkind = \"stdout\"\n";
    assert_eq!(
        problems(&format!("{sink}{sink}")),
        ["rolecall.toml:5: `sink[1].name`: is the name of an earlier sink, too: `log`"]
    );
}

#[test]
fn what_is_no_toml_is_named_and_the_rest_is_read() {
    let found = problems("[store]\npath = \n\n[log]\nformat = \"xml\"\n");
    assert!(found[0].starts_with("rolecall.toml:2: is not TOML:"), "{found:?}");
    let format = "rolecall.toml:5: `log.format`: expected `json` or `text`, found `xml`";
    assert_eq!(found.last().unwrap(), format);
    let twice = problems("[store]\npath = \"a\"\npath = \"b\"\n");
    assert!(twice[0].starts_with("rolecall.toml:3: is not TOML: duplicate key"), "{twice:?}");
}

#[test]
fn brackets_are_explained() {
    assert_eq!(
        problems("[sink]\nname = \"log\"\n[[store]]\npath = \"x\"\n"),
        [
            "rolecall.toml:1: `sink`: expected sections `[[sink]]`, in double brackets",
            "rolecall.toml:3: `store`: expected a section `[store]`",
        ]
    );
}

#[test]
fn variables_are_looked_at_like_keys() {
    let folder = Folder::with("[[source]]\nname = \"a\"\nkind = \"folder\"\npath = \"/\"\n");
    let environment = [
        ("ROLECALL_STORE_PTH", "x"),
        ("ROLECALL_STORE_USAGE_DAYS", "many"),
        ("ROLECALL_LISTEN_METRICS", "9464"),
        ("ROLECALL_REAL_LOGS", "logs"),
        ("ROLECALL_STOREHOUSE", "x"),
    ];
    assert_eq!(
        folder.problems(&environment),
        [
            "ROLECALL_LISTEN_METRICS: `listen.metrics`: expected an address and a port such as \
             `127.0.0.1:9464`, found `9464`",
            "ROLECALL_STORE_PTH: `store.pth`: is an unknown key: did you mean `path`?",
            "ROLECALL_STORE_USAGE_DAYS: `store.usage_days`: expected a whole number from 1, \
             found `many`",
        ]
    );
}

#[test]
fn a_file_that_is_named_must_be_there() {
    let folder = Folder::with("");
    std::fs::remove_file(folder.path("rolecall.toml")).unwrap();
    let found = folder.problems(&[]);
    assert!(found.iter().any(|problem| {
        problem.starts_with("rolecall.toml:1: cannot read the file: No such file")
    }));
}

#[test]
fn what_it_refers_to_must_be_there() {
    let folder = Folder::with("");
    folder.write("empty.pem", "");
    folder.write("store", "a file");
    let path = |name: &str| folder.path(name).display().to_string();
    folder.write(
        "rolecall.toml",
        &format!(
            "[store]\npath = \"{}\"\n[analysis]\ninventory = [\"{}\"]\nip_ranges = \"none\"\n\
             geo = [\"{}\"]\n[[source]]\nname = \"a\"\nkind = \"folder\"\npath = \"{}\"\n\
             [[source]]\nname = \"glob\"\nkind = \"folder\"\npath = \"{}/*.gz\"\n\
             [[source]]\nname = \"lookup\"\nkind = \"lookup_events\"\nregions = []\n\
             [[sink]]\nname = \"hook\"\nkind = \"webhook\"\nurl = \"https://example.com/\"\n\
             ca_file = \"{}\"\n",
            path("store"),
            path("missing.json"),
            path(""),
            path("missing"),
            path("missing"),
            path("empty.pem"),
        ),
    );
    let found = folder.problems(&[]);
    let begins = [
        "rolecall.toml:2: `store.path`: is not a folder",
        "rolecall.toml:4: `analysis.inventory`: cannot open `missing.json`",
        "rolecall.toml:6: `analysis.geo`: `` is a folder",
        "rolecall.toml:10: `source.a.path`: cannot open `missing`",
        "rolecall.toml:18: `source.lookup.regions`: names no region",
        "rolecall.toml:23: `sink.hook.ca_file`: holds no certificate in PEM",
    ];
    assert_eq!(found.len(), begins.len(), "{found:#?}");
    for (problem, begin) in found.iter().zip(begins) {
        assert!(problem.starts_with(begin), "{problem}");
    }
}

const SECRET: &str = "xoxb-not-for-anyone";

#[test]
fn secrets_must_be_there_and_are_shown_to_nobody() {
    let folder = Folder::with("");
    folder.write("empty", "\n");
    folder.write("lines", "one\ntwo\n");
    let path = |name: &str| folder.path(name).display().to_string();
    folder.write(
        "rolecall.toml",
        &format!(
            "[[source]]\nname = \"a\"\nkind = \"folder\"\npath = \"/\"\n\
             [[sink]]\nname = \"none\"\nkind = \"pagerduty\"\n\
             [[sink]]\nname = \"unset\"\nkind = \"pagerduty\"\nsecret_env = \"NOT_SET\"\n\
             [[sink]]\nname = \"itself\"\nkind = \"pagerduty\"\nsecret_env = \"{SECRET}\"\n\
             [[sink]]\nname = \"in-file\"\nkind = \"pagerduty\"\nsecret = \"{SECRET}\"\n\
             [[sink]]\nname = \"empty\"\nkind = \"pagerduty\"\nsecret_file = \"{}\"\n\
             [[sink]]\nname = \"lines\"\nkind = \"pagerduty\"\nsecret_file = \"{}\"\n\
             [[sink]]\nname = \"both\"\nkind = \"slack\"\nurl_env = \"SLACK_URL\"\nurl_file = \"x\"\n\
             [[sink]]\nname = \"open\"\nkind = \"slack\"\nurl_env = \"OPEN_URL\"\n\
             [[sink]]\nname = \"nowhere\"\nkind = \"webhook\"\n\
             [[sink]]\nname = \"twice\"\nkind = \"webhook\"\nurl = \"https://a.example\"\n\
             url_env = \"SLACK_URL\"\n",
            path("empty"),
            path("lines"),
        ),
    );
    let environment = [
        ("SLACK_URL", "https://hooks.slack.com/services/T0/B0/xoxb-not-for-anyone"),
        ("OPEN_URL", "http://hooks.slack.com/xoxb-not-for-anyone"),
    ];
    let found = folder.problems(&environment);
    let begins = [
        "rolecall.toml:6: `sink.none`: needs the integration key in `secret_env` or `secret_file`",
        "rolecall.toml:11: `sink.unset.secret_env`: names an environment variable that is not set",
        "rolecall.toml:13: `sink.itself`: needs the integration key",
        "rolecall.toml:15: `sink.itself.secret_env`: expected the name of a variable such as \
         `ROLECALL_SECRET`: capital",
        "rolecall.toml:17: `sink.in-file`: needs the integration key",
        "rolecall.toml:19: `sink.in-file.secret`: is an unknown key: did you mean `secret_env`?",
        "rolecall.toml:23: `sink.empty.secret_file`: is empty",
        "rolecall.toml:27: `sink.lines.secret_file`: has more than one line",
        "rolecall.toml:32: `sink.both.url_file`: is one place too many",
        "rolecall.toml:36: `sink.open.url_env`: names something else than an address with",
        "rolecall.toml:38: `sink.nowhere`: needs the address, in `url` or in `url_env` or",
        "rolecall.toml:43: `sink.twice.url`: is one address too many",
    ];
    assert_eq!(found.len(), begins.len(), "{found:#?}");
    for (problem, begin) in found.iter().zip(begins) {
        assert!(problem.starts_with(begin), "{problem}\nshould begin with\n{begin}");
    }
    let loaded = folder.load(&environment);
    let printed = effective(loaded.config.as_ref().unwrap(), &loaded.origins);
    let said = format!("{found:?}{printed}{:?}{:?}", loaded.config, loaded.problems);
    assert!(!said.contains(SECRET), "{said}");
    assert!(!said.contains("/services/"), "{said}");
}

#[test]
fn addresses_are_encrypted_and_lead_to_no_metadata_service() {
    let is_taken = |url: &str| {
        let text = format!("[[sink]]\nname = \"a\"\nkind = \"webhook\"\nurl = \"{url}\"\n");
        problems(&text).is_empty()
    };
    for url in [
        "https://alerts.example.com/rolecall?key=1",
        "https://192.0.2.1:8443/",
        "http://127.0.0.1:8080/hook",
        "http://localhost/hook",
        "http://[::1]:8080/",
        "https://[2001:db8::1]/",
    ] {
        assert!(is_taken(url), "{url}");
    }
    for url in [
        "http://alerts.example.com/rolecall",
        "http://192.0.2.1/",
        "http://127.0.0.1.example.com/",
        "https://user:password@example.com/",
        "http://localhost@example.com/",
        "https://169.254.169.254/latest/meta-data/",
        "http://169.254.169.254/latest/meta-data/",
        "https://[fd00:ec2::254]/",
        "https://[::ffff:169.254.169.254]/",
        "https://0.0.0.0/",
        "ftp://example.com/",
        "file:///etc/passwd",
        "example.com",
        "https://",
        "https:///path",
        "https://example.com/#fragment",
        "https://exa mple.com/",
        "",
    ] {
        assert!(!is_taken(url), "{url}");
    }
}

#[test]
fn regions_are_known_by_their_grammar() {
    let is_taken = |region: &str| {
        let text = format!(
            "[[source]]\nname = \"a\"\nkind = \"s3\"\nbucket = \"example-trail\"\nregion = \"{region}\"\n"
        );
        problems(&text).is_empty()
    };
    for region in
        ["eu-central-1", "us-gov-west-1", "us-isob-east-1", "ap-southeast-15", "eusc-de-east-1"]
    {
        assert!(is_taken(region), "{region}");
    }
    for region in [
        "eu-cental-1",
        "eu-central",
        "eucentral-1",
        "EU-central-1",
        "eu-central-1a",
        "eu-central-0",
        "-central-1",
        "eu--central-1",
        "eu_central-1",
        "eu-central-123",
        "",
    ] {
        assert!(!is_taken(region), "{region}");
    }
}
