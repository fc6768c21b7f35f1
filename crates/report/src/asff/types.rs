//! `Types`: namespace, category and classifier of each detector.
//!
//! Namespaces and categories are those of
//! <https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-findings-format-type-taxonomy.html>.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

/// Namespace and category by detector.
const CATEGORIES: [(&str, &[&str]); 9] = [
    ("chain_to_persistence", &["TTPs/Persistence", "TTPs/Privilege Escalation"]),
    ("federation_token_persistence", &["TTPs/Persistence"]),
    ("forged_instance_session", &["TTPs/Defense Evasion"]),
    ("instance_credential_exfiltration", &["TTPs/Credential Access", "Unusual Behaviors/VM"]),
    ("long_term_key_persistence", &["TTPs/Persistence"]),
    ("role_chaining", &["TTPs/Lateral Movement", "TTPs/Privilege Escalation"]),
    ("role_juggling", &["TTPs/Persistence"]),
    ("unusual_use", &["Unusual Behaviors/User"]),
    (
        "workload_credential_exfiltration",
        &["TTPs/Credential Access", "Unusual Behaviors/Application"],
    ),
];

/// Where a detector belongs that the table does not list.
const OTHERS: &[&str] = &["Unusual Behaviors/User"];

/// The types of findings of these detectors, such as `TTPs/Lateral Movement/RoleChaining`.
pub(crate) fn types(detectors: &[&str]) -> Vec<String> {
    if detectors.is_empty() {
        return OTHERS.iter().map(|category| String::from(*category)).collect();
    }
    let of_detector = |id: &&str| {
        let known = CATEGORIES.iter().find(|(known, _)| known == id);
        let classifier = classifier(id);
        let categories = known.map_or(OTHERS, |(_, categories)| categories).iter();
        categories.map(|category| format!("{category}/{classifier}")).collect::<Vec<String>>()
    };
    detectors.iter().flat_map(of_detector).collect()
}

/// `role_chaining` is `RoleChaining`.
fn classifier(id: &str) -> String {
    let mut classifier = String::new();
    for word in id.split('_') {
        let mut letters = word.chars();
        classifier.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
        classifier.push_str(letters.as_str());
    }
    classifier
}

#[cfg(test)]
mod tests {
    use detect::DETECTORS;

    use super::{CATEGORIES, types};

    #[test]
    fn every_detector_has_a_type_of_its_own() {
        let listed: alloc::vec::Vec<&str> = CATEGORIES.iter().map(|(id, _)| *id).collect();
        for detector in DETECTORS {
            assert!(listed.contains(&detector.id), "{} is in no category", detector.id);
        }
        assert_eq!(types(&["role_juggling"]), ["TTPs/Persistence/RoleJuggling"]);
        assert_eq!(types(&["unusual_use"]), ["Unusual Behaviors/User/UnusualUse"]);
    }
}
