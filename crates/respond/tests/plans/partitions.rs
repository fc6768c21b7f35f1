//! Plans of every partition name its ARNs, its Regions and its consoles alone.

use respond::{Plan, Step};

use crate::logs::{commands, firing, plans};

/// A partition, its console, and Regions in the place of those of the logs, the first of which
/// serves what has no Region.
struct Partition {
    name: &'static str,
    console: &'static str,
    region_begin: &'static str,
    regions: [(&'static str, &'static str); 3],
}

const PARTITIONS: [Partition; 2] = [
    Partition {
        name: "aws-cn",
        console: "https://console.amazonaws.cn/",
        region_begin: "cn-",
        regions: [
            ("us-east-1", "cn-north-1"),
            ("us-west-2", "cn-northwest-1"),
            ("eu-west-1", "cn-northwest-1"),
        ],
    },
    Partition {
        name: "aws-us-gov",
        console: "https://console.amazonaws-us-gov.com/",
        region_begin: "us-gov-",
        regions: [
            ("us-east-1", "us-gov-west-1"),
            ("us-west-2", "us-gov-east-1"),
            ("eu-west-1", "us-gov-east-1"),
        ],
    },
];

/// Services whose endpoints have no Region, so that the CLI has to be told one of the partition.
const GLOBAL: [&str; 3] = ["iam", "organizations", "sts"];

impl Partition {
    fn moved(&self, log: &str) -> String {
        let log = log.replace("arn:aws:", &format!("arn:{}:", self.name));
        self.regions.iter().fold(log, |log, (from, to)| log.replace(from, to))
    }

    fn holds_for(&self, name: &str, step: &Step) -> usize {
        if let Some(url) = &step.console.url {
            assert!(url.starts_with(self.console), "{name}: {}: {url}", step.id);
            let region = url.split("region=").nth(1);
            assert!(
                region.is_none_or(|region| region.starts_with(self.region_begin)),
                "{name}: {url}"
            );
        }
        let region = step.region.as_deref().filter(|region| !region.is_empty());
        assert!(region.is_none_or(|one| one.starts_with(self.region_begin)), "{name}: {region:?}");
        for text in [&step.title, &step.why, &step.console.path] {
            assert!(!text.contains("arn:aws:"), "{name}: {}: {text}", step.id);
        }
        let mut n_told = 0;
        for command in commands(step) {
            let inputs = command.inputs.iter().map(|input| &input.argv);
            for argv in inputs.chain([&command.argv]).filter(|argv| !argv.is_empty()) {
                n_told += usize::from(self.holds_for_arguments(name, argv));
            }
        }
        n_told
    }

    /// Whether the command names a Region.
    fn holds_for_arguments(&self, name: &str, argv: &[String]) -> bool {
        let text = argv.join(" ");
        assert!(!text.contains("arn:aws:"), "{name}: {text}");
        let region = argv.windows(2).find(|two| two[0] == "--region").map(|two| two[1].as_str());
        assert!(region.is_none_or(|one| one.starts_with(self.region_begin)), "{name}: {text}");
        if argv[0] == "aws" && GLOBAL.contains(&argv[1].as_str()) {
            assert_eq!(region, Some(self.regions[0].1), "{name}: {text}");
        }
        region.is_some()
    }
}

#[test]
fn nothing_of_a_plan_leads_to_another_partition() {
    for partition in PARTITIONS {
        let mut n_told = 0;
        for path in firing() {
            let log = partition.moved(&std::fs::read_to_string(&path).unwrap());
            let name = format!("{} {}", partition.name, path.display());
            for plan in plans(&log) {
                let steps = plan.steps.iter().map(|step| partition.holds_for(&name, step));
                n_told += steps.sum::<usize>();
            }
        }
        assert!(n_told > 3_000, "{n_told} commands of {}", partition.name);
    }
}

#[test]
fn plans_of_other_partitions_have_the_same_steps() {
    let ids = |plan: &Plan| -> Vec<String> {
        // The ids of incidents are hashes of ARNs, and end the names of what a plan makes.
        let tag = plan.incident_id.get(..8).unwrap();
        plan.steps.iter().map(|step| step.id.replace(tag, "TAG")).collect()
    };
    for partition in PARTITIONS {
        for path in firing() {
            let log = std::fs::read_to_string(&path).unwrap();
            let (here, there) = (plans(&log), plans(&partition.moved(&log)));
            let arn = format!("arn:{}:", partition.name);
            let mut here: Vec<Vec<String>> = here.iter().map(ids).collect();
            let there = there.iter().map(ids);
            let mut there: Vec<Vec<String>> = there
                .map(|ids| ids.into_iter().map(|id| id.replace(&arn, "arn:aws:")).collect())
                .collect();
            // Of equally grave incidents the order is that of their ids.
            here.sort();
            there.sort();
            assert_eq!(here, there, "{} {}", partition.name, path.display());
        }
    }
}
